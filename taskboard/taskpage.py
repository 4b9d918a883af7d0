"""All that the page of a task shows of the work on it, read in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.utils import timezone

from foundation.models import Attachment
from foundation.publication import PUBLISHED
from organizations.models import Department, User
from taskboard import chain, moves, progressplot
from taskboard.acting import SUPERVISE, Part, parts_in, units_of
from taskboard.models import (
    BulletinTask,
    Comment,
    Extension,
    ProgressReport,
    Signature,
    Task,
    TaskDepartment,
    TaskTransition,
    Urging,
)

Action = TaskTransition.Action
Row = TypeVar("Row", bound=Any)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of what happened."""

    at: datetime
    word: str
    who: str
    text: str = ""
    serious: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """A department that signs and reports; of a collective each of its members."""

    department: Department
    signature: Signature | None
    report: ProgressReport | None


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A duty with those who carry it."""

    duty: TaskDepartment
    members: Sequence[Member]


@dataclass(frozen=True, slots=True)
class Work:
    """The work on a task, for one reader."""

    standing: moves.Standing
    part: Part | None
    links: Sequence[chain.Link]
    entries: Sequence[Entry]
    duties: Sequence[DutyRow]
    reports: Sequence[ProgressReport]
    plot: progressplot.Plot | None
    evidence: Sequence[Attachment]
    extensions: Sequence[Extension]
    possible: tuple[str, ...]
    primary: str
    named: Sequence[BulletinTask]
    transitions: Sequence[TaskTransition]

    @property
    def bulletin(self) -> BulletinTask | None:
        """The latest bulletin in force that names the task."""
        standing = (row for row in self.named if row.bulletin.publication == PUBLISHED)
        return next(standing, None)

    @property
    def may_comment(self) -> bool:
        """Those who work on the task, and supervisors."""
        return self.part is not None or self.standing.supervises

    @property
    def pending(self) -> Extension | None:
        """The request that waits for a decision."""
        return next((e for e in self.extensions if e.state == Extension.State.PENDING), None)

    @property
    def granted(self) -> Sequence[Extension]:
        """Requests that moved the due date, the first one first."""
        return [e for e in self.extensions if e.state == Extension.State.GRANTED]


def work_on(task: Task, user: User, day: date, until: datetime | None = None) -> Work:
    """Read everything of a task whose duties are prefetched; of a past day what was done before it ended."""
    told = task.reports.select_related("actor", "department").prefetch_related("quantities__target")
    signatures = _before(until, task.signatures.select_related("user"))
    reports = _before(until, told)
    transitions = _before(until, task.transitions.select_related("actor", "department"))
    said = task.comments.select_related("author", "department").prefetch_related("mentions")
    comments = _before(until, said)
    urgings = _before(until, task.urgings.select_related("actor", "department"))
    entries = task.bulletin_entries.select_related("actor", "bulletin").order_by("-at", "-pk")
    named = _before(until, entries)
    files = Attachment.objects.of(task).select_related("uploaded_by")
    part = next(iter(parts_in(task, units_of(user))), None)
    standing = _standing(user, part, signatures)
    return Work(
        standing=standing,
        part=part,
        links=chain.chain_of(task.state, _passed(transitions)),
        entries=_entries(transitions, reports, comments, urgings, named),
        duties=_duty_rows(task, signatures, reports),
        reports=reports,
        plot=progressplot.plot_of(_lead_reports(task, reports), day, task.effective_due_on),
        evidence=_before(until, files, "uploaded_at"),
        extensions=_asked(task, until),
        possible=moves.allowed(task.state, standing),
        primary=moves.primary(task.state, standing),
        named=named,
        transitions=transitions,
    )


def _before(until: datetime | None, rows: QuerySet[Row], name: str = "at") -> list[Row]:
    return list(rows if until is None else rows.filter(**{f"{name}__lt": until}))


def _asked(task: Task, until: datetime | None) -> list[Extension]:
    """Later dates that had been asked for; what was decided afterwards still waited."""
    rows = task.extensions.select_related("asked_by", "department", "decided_by")
    found = _before(until, rows, "asked_at")
    for row in found:
        if until and row.decided_at and row.decided_at >= until:
            row.state, row.decided_at = Extension.State.PENDING, None
    return found


def _standing(user: User, part: Part | None, signatures: Iterable[Signature]) -> moves.Standing:
    return moves.Standing(
        leads=part is not None and part.leads,
        supports=part is not None and not part.leads,
        signed=part is not None and any(s.department_id == part.department.pk for s in signatures),
        supervises=user.has_perm(SUPERVISE),
    )


def _passed(transitions: Sequence[TaskTransition]) -> list[chain.Passed]:
    return [
        chain.Passed(row.action, row.at, str(row.department or row.actor or ""))
        for row in transitions
        if row.moved
    ]


def _duty_rows(
    task: Task, signatures: Sequence[Signature], reports: Sequence[ProgressReport]
) -> list[DutyRow]:
    signed = {row.department_id: row for row in signatures}
    latest = {row.department_id: row for row in reports}
    units = _members(task)
    return [
        DutyRow(
            duty,
            [Member(unit, signed.get(unit.pk), latest.get(unit.pk)) for unit in units[duty.department_id]],
        )
        for duty in (*task.leads, *task.supporters)
    ]


def _members(task: Task) -> Mapping[int, list[Department]]:
    """By duty-holding department those who carry the duty."""
    holders = [duty.department for duty in (*task.leads, *task.supporters)]
    collectives = [unit.pk for unit in holders if unit.kind == Department.Kind.COLLECTIVE]
    found: dict[int, list[Department]] = defaultdict(list)
    if collectives:
        for unit in Department.objects.active().filter(parent__in=collectives):
            found[unit.parent_id or 0].append(unit)
    return {unit.pk: found[unit.pk] or [unit] for unit in holders}


def _lead_reports(task: Task, reports: Sequence[ProgressReport]) -> list[tuple[date, int]]:
    leads = {duty.department_id for duty in task.leads}
    return [(timezone.localdate(row.at), row.percent) for row in reports if row.department_id in leads]


def _entries(
    transitions: Sequence[TaskTransition],
    reports: Sequence[ProgressReport],
    comments: Sequence[Comment],
    urgings: Sequence[Urging],
    named: Sequence[BulletinTask],
) -> list[Entry]:
    """What happened, the latest first; a report is told by its own row, with more than its step says."""
    found = [
        Entry(
            row.at,
            str(row.get_action_display()),
            _who(row.actor, row.department),
            row.reason,
            row.action == Action.RETURN,
        )
        for row in transitions
        if row.action != Action.PROGRESS
    ]
    found += [Entry(r.at, f"进展 {r.percent}%", _who(r.actor, r.department), r.text) for r in reports]
    found += [Entry(c.at, _mentioning(c), _who(c.author, c.department), c.text) for c in comments]
    found += [
        Entry(u.at, f"催办{u.department.name}", _who(u.actor, None), u.text, serious=True) for u in urgings
    ]
    found += [Entry(n.at, "列入通报", _who(n.actor, None), str(n.bulletin), serious=True) for n in named]
    return sorted(found, key=lambda entry: entry.at, reverse=True)


def _mentioning(comment: Comment) -> str:
    names = "、".join(unit.name for unit in comment.mentions.all())
    return f"留言，提到{names}" if names else "留言"


def _who(person: User | None, department: Department | None) -> str:
    names = (department.name if department else "", str(person) if person else "系统")
    return " · ".join(name for name in names if name)

"""What writing a gazette would do: the plan that a preview shows and a confirmation carries out."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q

from directives.models import Directive
from events.models import Event
from foundation.wording import first_clause
from gazette.parser.records import Gazette
from gazette.services import payloads
from gazette.services.matching import Candidate, pair
from gazette.services.payloads import Payload
from gazette.services.remembering import remembered
from taskboard.models import Task

CITED_TITLE = re.compile(r"《([^《》]+(?:《[^《》]*》[^《》]*)*)》")


@dataclass(frozen=True, slots=True)
class PlannedRecord:
    """One record of the gazette and what becomes of it.

    ``status`` is new, changed, conflict or unchanged. ``take`` are the fields
    the gazette brings, ``conflicts`` those that a person has changed as well.
    ``source`` is the place in the parsed gazette's list of its kind.
    """

    kind: str
    status: str
    label: str
    line: int
    source: int
    after: Payload
    before: Payload = field(default_factory=dict)
    object_id: int | None = None
    take: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Names the record in a person's decisions; stays while the plan stays."""
        return f"{self.kind}:{self.object_id or f'new-{self.source}'}"

    @property
    def stored_pk(self) -> int:
        """The key of the record in the portal; a new one has none."""
        if self.object_id is None:
            raise LookupError(f"{self.key} is not in the portal yet")
        return self.object_id


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """All records of one gazette, and stored ones it should have named and did not."""

    gazette: Gazette
    records: tuple[PlannedRecord, ...]
    absent: tuple[str, ...] = ()

    def of_kind(self, kind: str) -> list[PlannedRecord]:
        """Records of one kind in reading order."""
        return [record for record in self.records if record.kind == kind]

    def count(self, status: str, kind: str | None = None) -> int:
        """How many records have a status."""
        return sum(r.status == status and kind in (None, r.kind) for r in self.records)


def plan_import(gazette: Gazette) -> ImportPlan:
    """Compare a gazette with the database; reads only, a constant number of queries."""
    events, absent = _plan_events(gazette)
    return ImportPlan(gazette, (*events, *_plan_directives(gazette), *_plan_tasks(gazette)), absent)


def _judge(
    *, kind: str, label: str, line: int, source: int, after: Payload, stored: Any, before: Payload, base: Any
) -> PlannedRecord:
    if stored is None:
        return PlannedRecord(kind, "new", label, line, source, after)
    take, conflicts = payloads.compare(before, after, base)
    status = "conflict" if conflicts else "changed" if take else "unchanged"
    return PlannedRecord(
        kind, status, label, line, source, after, before, stored.pk, tuple(take), tuple(conflicts)
    )


# -- chronicle ------------------------------------------------------------------------------


def _plan_events(gazette: Gazette) -> tuple[list[PlannedRecord], tuple[str, ...]]:
    stored = _events_of_months({(e.start_date.year, e.start_date.month) for e in gazette.events})
    pairs = pair(
        [Candidate((e.start_date, e.end_date), e.position, e.text) for e in stored],
        [Candidate((e.start_date, e.end_date), e.position, e.text) for e in gazette.events],
    )
    bases = remembered(Event, [event.pk for event in stored])
    planned = []
    for n, entry in enumerate(gazette.events):
        match = stored[pairs[n]] if n in pairs else None
        planned.append(
            _judge(
                kind="event",
                label=f"{entry.start_date:%Y-%m-%d} {first_clause(entry.text)}",
                line=entry.line,
                source=n,
                after=payloads.event_in_gazette(entry, cited_titles(entry.text)),
                stored=match,
                before=payloads.event_in_portal(match) if match else {},
                base=bases.get(match.pk) if match else None,
            )
        )
    left_over = [event for n, event in enumerate(stored) if n not in pairs.values() and event.pk in bases]
    return planned, tuple(str(event) for event in left_over)


def _events_of_months(months: set[tuple[int, int]]) -> list[Event]:
    if not months:
        return []
    wanted = Q()
    for year, month in months:
        wanted |= Q(start_date__year=year, start_date__month=month)
    return list(Event.objects.filter(wanted).with_mentions())


def cited_titles(text: str) -> tuple[str, ...]:
    """Titles between 《》 in reading order, each once."""
    return tuple(dict.fromkeys(CITED_TITLE.findall(text)))


# -- documents ------------------------------------------------------------------------------


def _plan_directives(gazette: Gazette) -> list[PlannedRecord]:
    stored = list(Directive.objects.with_parts().filter(origin=Directive.Origin.GAZETTE))
    bases = remembered(Directive, [directive.pk for directive in stored])
    by_title: dict[str, list[Directive]] = defaultdict(list)
    for directive in stored:
        by_title[plain_title(directive.title)].append(directive)
    planned = []
    for n, read in enumerate(gazette.directives):
        match = _matching_directive(by_title[plain_title(read.title)], read.number, read.issued_on)
        planned.append(
            _judge(
                kind="directive",
                label=read.title,
                line=read.line,
                source=n,
                after=payloads.directive_in_gazette(read),
                stored=match,
                before=payloads.directive_in_portal(match) if match else {},
                base=bases.get(match.pk) if match else None,
            )
        )
    return planned


def plain_title(title: str) -> str:
    """A title without spaces and kinds of quotation marks, for comparing."""
    return re.sub(r"[\s“”\"'‘’《》〈〉]", "", title)


def _matching_directive(
    candidates: Sequence[Directive], number: str, issued_on: date | None
) -> Directive | None:
    """Same title; a different number or date means another document with that title."""
    for directive in candidates:
        same_number = not number or not directive.number or directive.number == number
        same_date = not issued_on or not directive.issued_on or directive.issued_on == issued_on
        if same_number and (same_date or (number and directive.number == number)):
            return directive
    return None


# -- tasks ----------------------------------------------------------------------------------


def _plan_tasks(gazette: Gazette) -> list[PlannedRecord]:
    planned = []
    for title, sources in _by_directive(gazette).items():
        stored = _stored_tasks(title)
        bases = remembered(Task, [task.pk for task in stored])
        read = [gazette.tasks[n] for n in sources]
        pairs = pair(
            [Candidate((t.part, t.subsection), t.number, t.text) for t in stored],
            [Candidate((t.part, t.subsection), t.number, t.text) for t in read],
        )
        for place, (n, task) in enumerate(zip(sources, read, strict=True)):
            match = stored[pairs[place]] if place in pairs else None
            planned.append(
                _judge(
                    kind="task",
                    label=f"{task.subsection or task.part} {task.number} {first_clause(task.text)}",
                    line=task.line,
                    source=n,
                    after=payloads.task_in_gazette(task, place + 1),
                    stored=match,
                    before=payloads.task_in_portal(match) if match else {},
                    base=bases.get(match.pk) if match else None,
                )
            )
    return planned


def _by_directive(gazette: Gazette) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = defaultdict(list)
    for n, task in enumerate(gazette.tasks):
        groups[task.directive].append(n)
    return groups


def _stored_tasks(directive_title: str) -> list[Task]:
    wanted = plain_title(directive_title)
    tasks = Task.objects.filter(task_list__directive__isnull=False).select_related("task_list__directive")
    lists: Iterable[tuple[int, str]] = tasks.values_list(
        "task_list_id", "task_list__directive__title"
    ).distinct()
    ids = [pk for pk, title in lists if plain_title(title) == wanted]
    return list(
        Task.objects.filter(task_list_id__in=ids)
        .with_departments()
        .prefetch_related("milestones")
        .order_by("order")
    )

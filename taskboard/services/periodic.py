"""Periodic reports: what departments owe opens by the calendar, and is met by a report."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Min, Q, QuerySet
from django.utils import timezone

from foundation.errors import PermissionRefused, StateConflict
from foundation.services.audit import record_change
from notifications.models import Topic
from notifications.services import Draft, cancel_messages, queue_messages
from organizations.models import Department, User
from organizations.permissions import require
from taskboard.acting import WORK, holders_of, units_of
from taskboard.models import (
    PeriodicReport,
    ReportingRule,
    ReportObligation,
    Task,
    TaskDepartment,
    TaskList,
    TaskTransition,
)
from taskboard.periodic.querysets import ReportObligationQuerySet
from taskboard.periodic.rhythm import periods
from taskboard.reminding import Tier, tier_on
from taskboard.services.moving import moment, required_text, short_text, who
from taskboard.services.recipients import Recipients, recipients_of

# Days before (negative), at and after the day on which a report is due; then weekly as for tasks.
REMINDERS = (-3, 0, 1, 3)
MORNING = time(9)
# Stands for "since ever" where a rule names no first day.
FIRST_DAY = date(2000, 1, 1)
WORKED_ON = (
    *(Task.State.ISSUED, Task.State.SIGNED, Task.State.IN_PROGRESS),
    *(Task.State.SUBMITTED, Task.State.RETURNED),
)


@dataclass(frozen=True, slots=True)
class Owing:
    """A department that leads work in a list, and the day since when."""

    list_id: int
    department_id: int
    since: date


@transaction.atomic
def open_report_obligations(*, on_day: date, at: datetime) -> int:
    """Open what departments owe for periods that have begun, with the reminders; returns how many are new.

    Runs daily and any number of times; days that were missed are made up.
    """
    started = ReportingRule.objects.filter(Q(starts_on=None) | Q(starts_on__lte=on_day))
    opened = sum(_open(rule, on_day, at) for rule in started.order_by("pk"))
    _remind(ReportObligation.objects.all(), on_day, at)
    return opened


def open_reports_of(task_list: TaskList, *, on_day: date, at: datetime) -> int:
    """The same for one list whose rhythm has just been set; returns how many are new."""
    rules = rules_of(task_list).filter(Q(starts_on=None) | Q(starts_on__lte=on_day))
    opened = sum(_open(rule, on_day, at) for rule in rules)
    _remind(ReportObligation.objects.filter(task_list=task_list), on_day, at)
    return opened


def rules_of(task_list: TaskList) -> QuerySet[ReportingRule]:
    """The rhythms of a list: its own, and those of its document for all its lists."""
    of_document = Q(directive=task_list.directive_id, task_list=None, directive__isnull=False)
    found = ReportingRule.objects.filter(of_document | Q(task_list=task_list))
    return found.order_by("starts_on", "pk")


def _open(rule: ReportingRule, on_day: date, at: datetime) -> int:
    replaced = _replaced_from(rule)
    wanted = [row for owing in _owing(rule, on_day) for row in _rows(rule, owing, replaced, on_day)]
    # By both ends: what was handed in before the rule was cut short is not owed again for the shorter time.
    ended = set(rule.obligations.values_list("task_list", "department", "period_end"))
    begun = set(rule.obligations.values_list("task_list", "department", "period_start"))
    new = [
        row
        for row in wanted
        if (row.task_list_id, row.department_id, row.period_end) not in ended
        and (row.task_list_id, row.department_id, row.period_start) not in begun
    ]
    if new:
        # Two sweeps at once: the key decides, the second is silently dropped.
        ReportObligation.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)
        after = {"opened": len(new), "day": on_day}
        record_change(actor=None, action="report_obligation.open", target=rule, at=at, after=after)
    return len(new)


def _owing(rule: ReportingRule, on_day: date) -> Iterator[Owing]:
    """Who leads a task that is still being worked on, in the rule's list or in all of its document."""
    lists = TaskList.objects.filter(state=TaskList.State.ISSUED)
    lists = (
        lists.filter(pk=rule.task_list_id) if rule.task_list_id else lists.filter(directive=rule.directive_id)
    )
    lead = TaskDepartment.objects.filter(role=TaskDepartment.Role.LEAD, task__task_list__in=lists)
    working = lead.filter(task__state__in=WORKED_ON).order_by()
    since = Min("task__transitions__at", filter=Q(task__transitions__action=TaskTransition.Action.ISSUE))
    for list_id, department, at in working.values_list("task__task_list", "department").annotate(since=since):
        yield Owing(list_id, department, timezone.localdate(at) if at else on_day)


def _replaced_from(rule: ReportingRule) -> dict[int, date]:
    """By list the day from which a rhythm of its own takes the place of the document's."""
    if rule.task_list_id:
        return {}
    own = ReportingRule.objects.filter(task_list__directive=rule.directive_id).order_by()
    since: dict[int, date] = {}
    for list_id, starts_on in own.values_list("task_list", "starts_on"):
        since[list_id] = min(starts_on or FIRST_DAY, since.get(list_id, date.max))
    return since


def _rows(
    rule: ReportingRule, owing: Owing, replaced: dict[int, date], on_day: date
) -> Iterator[ReportObligation]:
    # Before the list was issued no clock ran: nothing is owed for that time.
    starts_on = max(rule.starts_on or owing.since, owing.since)
    ends_on = rule.ends_on
    if owing.list_id in replaced:
        ends_on = min(ends_on or date.max, replaced[owing.list_id] - timedelta(days=1))
    for period in periods(rule.rhythm, starts_on, ends_on, on_day):
        yield ReportObligation(
            rule=rule,
            task_list_id=owing.list_id,
            department_id=owing.department_id,
            period_start=period.start,
            period_end=period.end,
            due_on=period.due_on,
        )


def about_report(obligation: ReportObligation) -> str:
    """The name of a periodic report in the outbox."""
    return f"report-obligation:{obligation.pk}"


def _remind(owed: ReportObligationQuerySet, on_day: date, at: datetime) -> None:
    """Reminders of all that is open; those that exist are left alone, somebody new in office gets his own."""
    issued = owed.open().filter(task_list__state=TaskList.State.ISSUED)
    rows = list(issued.select_related("task_list", "department"))
    people = recipients_of({row.department_id for row in rows})
    queue_messages(drafts=[draft for row in rows for draft in _drafts(row, people, on_day, at)], at=at)


def _drafts(row: ReportObligation, people: Recipients, on_day: date, at: datetime) -> Iterator[Draft]:
    for tier, not_before in _tiers(row.due_on, on_day, at):
        for person in people.of(row.department_id, head=tier.to_head, supervisor=tier.to_supervisor):
            yield Draft(
                about=about_report(row),
                tier=tier.code,
                recipient=person,
                topic=Topic.TASK,
                subject=_subject(row, tier),
                body=f"{row.task_list.title}，{_span(row)}，应报日期 {_day(row.due_on)}。",
                url=row.get_absolute_url(),
                not_before=not_before,
            )


def _tiers(due: date, on_day: date, at: datetime) -> Iterable[tuple[Tier, datetime]]:
    """The reminders that are still ahead, and of those that are past the latest alone."""
    standing = tier_on(due, on_day)
    offsets = sorted({*REMINDERS, standing.offset if standing and standing.to_supervisor else 0})
    times = [(Tier(offset), _morning(due, offset)) for offset in offsets]
    past = [(tier, at) for tier, moment_ in times if moment_ <= at]
    return [*past[-1:], *(pair for pair in times if pair[1] > at)]


def _morning(due: date, offset: int) -> datetime:
    return timezone.make_aware(datetime.combine(due + timedelta(days=offset), MORNING))


def _subject(row: ReportObligation, tier: Tier) -> str:
    if tier.offset <= 0:
        when = "今天应报" if tier.offset == 0 else f"{-tier.offset} 天后应报"
        return f"{row.department.name}：定期报送{when}"
    return f"{row.department.name}：定期报送逾期 {tier.offset} 天未报"


def _span(row: ReportObligation) -> str:
    return f"报送期 {_day(row.period_start)}至{_day(row.period_end)}"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def unit_that_reports(actor: User, obligation: ReportObligation) -> Department | None:
    """The actor's department that owes the report, itself or as a member of the collective that owes it."""
    units = units_of(actor)
    holders = holders_of(units)
    return next((unit for unit in units if obligation.department_id in holders[unit.pk]), None)


@transaction.atomic
def file_periodic_report(
    *,
    actor: User,
    at: datetime,
    obligation: ReportObligation,
    progress: str,
    problems: str = "",
    advice: str = "",
) -> PeriodicReport:
    """Report for a period, once; after the due day it stays visible as a late catch-up (逾期补报)."""
    require(actor, WORK, "定期报送")
    if unit_that_reports(actor, obligation) is None:
        raise PermissionRefused(f"这份报告由{obligation.department.name}报送，您不在这个单位任职。")
    texts = {
        "progress": required_text(progress, "progress", "进展"),
        "problems": short_text(problems, "problems", "存在问题"),
        "advice": short_text(advice, "advice", "意见建议"),
    }
    late = timezone.localdate(at) > obligation.due_on
    state = ReportObligation.State.MET_LATE if late else ReportObligation.State.MET
    claimed = ReportObligation.objects.open().filter(pk=obligation.pk).update(state=state, met_at=at)
    if claimed != 1:
        raise _filed_already(obligation)
    report = PeriodicReport.objects.create(obligation=obligation, actor=actor, at=at, **texts)
    cancel_messages(about=about_report(obligation), at=at, why="已报送")
    after = {"state": state.value, "period_end": obligation.period_end, **texts}
    record_change(actor=actor, action="periodic_report.file", target=obligation, at=at, after=after)
    obligation.refresh_from_db()
    return report


def _filed_already(obligation: ReportObligation) -> StateConflict:
    first = PeriodicReport.objects.select_related("actor").filter(obligation=obligation.pk).first()
    if first is None:
        return StateConflict("报送频次刚刚变更，这一期不再报送。请回到清单的“定期报送”查看现在应报的期次。")
    by = who(first.actor, obligation.department)
    return StateConflict(f"{by}已于{moment(first.at)}报送这一期，不能重复报送。请刷新页面查看。")

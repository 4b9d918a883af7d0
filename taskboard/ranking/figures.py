"""The figures of departments in a period, counted by the database in a constant number of queries."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from django.db.models import Count, DateField, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from organizations.models import Department
from taskboard.lights import RED
from taskboard.models import (
    LightSnapshot,
    ReportObligation,
    Signature,
    Task,
    TaskDepartment,
    TaskList,
    TaskTransition,
)
from taskboard.moves import OWING
from taskboard.ranking.scoring import CLOSE, LIGHT, REPORT, RETURN, SIGN, Figures, Share
from taskboard.workcalendar import current_calendar
from taskboard.workdays import OutsideCalendar, count_workdays

# Within how many working days after the issue a lead signs; ours, 待确认.
SIGN_WORKDAYS = 3
# Department, figure, share.
Counted = tuple[int, str, Share]
Action, Lead = TaskTransition.Action, TaskDepartment.Role.LEAD


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day, both included; only what has fallen due by ``today`` counts."""

    start: date
    end: date
    today: date

    @property
    def over(self) -> date:
        """The last day of the period that is over."""
        return min(self.end, self.today - timedelta(days=1))

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """Its beginning, and the beginning of the day after its end."""
        after = min(self.end, date.max - timedelta(days=1)) + timedelta(days=1)
        first, last = (timezone.make_aware(datetime.combine(day, time.min)) for day in (self.start, after))
        return first, last


def figures_of(period: Period, task_list: TaskList | None = None) -> list[Figures]:
    """Of every department that led a task or owed a report."""
    shares: dict[int, dict[str, Share]] = defaultdict(dict)
    for count in (_signing, _reporting, _finishing, _running, _reviewing):
        for pk, key, share in count(period, task_list):
            shares[pk][key] = share
    names = Department.objects.in_bulk(list(shares))
    return [Figures(names[pk].slug, names[pk].name, own) for pk, own in shares.items()]


def _of_list(rows: QuerySet[Any], name: str, task_list: TaskList | None) -> QuerySet[Any]:
    return rows.filter(**{name: task_list}) if task_list else rows


def _signing(period: Period, task_list: TaskList | None) -> list[Counted]:
    """Led tasks issued in the period: signed in time, late, or not although the time is over."""
    first, after = period.moments
    issued = TaskTransition.objects.filter(action=Action.ISSUE, at__gte=first, at__lt=after)
    led = _of_list(issued.filter(task__duties__role=Lead), "task__task_list", task_list).exclude(
        task__state=Task.State.DRAFT
    )
    signed = Signature.objects.filter(task=OuterRef("task"), department=OuterRef("task__duties__department"))
    rows = (
        led.annotate(
            issued_on=TruncDate("at"),
            signed_on=Subquery(
                signed.annotate(day=TruncDate("at")).values("day")[:1], output_field=DateField()
            ),
        )
        .order_by()
        .values_list("task__duties__department", "issued_on", "signed_on")
        .annotate(n=Count("pk"))
    )
    return _judged(list(rows), period)


def _judged(rows: list[tuple[int, date, date | None, int]], period: Period) -> list[Counted]:
    calendar = current_calendar()

    @cache
    def last_day(issued_on: date) -> date | None:
        try:
            return count_workdays(issued_on, SIGN_WORKDAYS, calendar).due
        except OutsideCalendar:
            return None

    found: dict[int, Counter[str]] = defaultdict(Counter)
    for pk, issued_on, signed_on, number in rows:
        last = last_day(issued_on)
        if last is None:
            # The holidays of that year have not been entered: said on the page, never guessed.
            found[pk]["unknown"] += number
        elif signed_on is not None and signed_on <= last:
            found[pk].update(good=number, total=number)
        elif last < period.today:
            # Who has still time to sign has not failed yet.
            found[pk]["total"] += number
    return [(pk, SIGN, Share(n["good"], 0, n["total"], n["unknown"])) for pk, n in found.items()]


def _reporting(period: Period, task_list: TaskList | None) -> list[Counted]:
    """Periodic reports that fell due in the period."""
    owed = ReportObligation.objects.filter(due_on__gte=period.start, due_on__lte=period.over).order_by()
    rows = (
        _of_list(owed, "task_list", task_list)
        .values_list("department")
        .annotate(
            good=Count("pk", filter=Q(state=ReportObligation.State.MET)),
            late=Count("pk", filter=Q(state=ReportObligation.State.MET_LATE)),
            total=Count("pk"),
        )
    )
    return [(pk, REPORT, Share(good, late, total)) for pk, good, late, total in rows]


def _finishing(period: Period, task_list: TaskList | None) -> list[Counted]:
    """Led tasks that fell due in the period: results in time, late, or none."""
    done = Q(state__in=(Task.State.SUBMITTED, Task.State.CLOSED))
    good, late = done & Q(submitted_on__lte=F("due")), done & Q(submitted_on__gt=F("due"))
    fallen = _fairly_led(task_list).filter(due__gte=period.start, due__lte=period.over)
    judged = fallen.filter(good | late | Q(state__in=OWING)).values_list("duties__department")
    rows = judged.annotate(good=Count("pk", filter=good), late=Count("pk", filter=late), total=Count("pk"))
    return [(pk, CLOSE, Share(*counts)) for pk, *counts in rows]


def _running(period: Period, task_list: TaskList | None) -> list[Counted]:
    """Led tasks whose clock ran in the period, and those of them that were red on one of its mornings."""
    after = period.moments[1]
    issued = TaskTransition.objects.filter(action=Action.ISSUE, at__lt=after).order_by()
    kept = LightSnapshot.objects.filter(colour=RED, day__gte=period.start, day__lte=period.end).order_by()
    ran = _fairly_led(task_list).filter(
        ~Q(state=Task.State.CLOSED) | Q(submitted_on__gte=period.start),
        due__isnull=False,
        pk__in=issued.values("task"),
    )
    red = Count("pk", filter=Q(pk__in=kept.values("task")))
    rows = ran.values_list("duties__department").annotate(total=Count("pk"), red=red)
    return [(pk, LIGHT, Share(total - red, 0, total)) for pk, total, red in rows]


def _reviewing(period: Period, task_list: TaskList | None) -> list[Counted]:
    """Led tasks with results or reviews in the period, and those of them that were sent back."""
    first, after = period.moments
    steps = TaskTransition.objects.filter(at__gte=first, at__lt=after, task__duties__role=Lead)
    steps = _of_list(steps.filter(action__in=(Action.SUBMIT, Action.RETURN)), "task__task_list", task_list)
    back = Count("task", distinct=True, filter=Q(action=Action.RETURN))
    rows = steps.order_by().values_list("task__duties__department")
    counted = rows.annotate(total=Count("task", distinct=True), back=back)
    return [(pk, RETURN, Share(total - back, 0, total)) for pk, total, back in counted]


def _fairly_led(task_list: TaskList | None) -> QuerySet[Any]:
    """Led tasks without those that were due before they were issued: nobody could do them in time."""
    led: QuerySet[Any] = Task.objects.exclude(state=Task.State.DRAFT).filter(duties__role=Lead).with_due()
    return _of_list(led, "task_list", task_list).exclude(pk__in=due_before_issue()).order_by()


def due_before_issue() -> QuerySet[Any]:
    """The keys of tasks that were due before they were issued (下发前已到期)."""
    # Asked of all issues at once, not task by task: with many tasks that is many times faster.
    issues = TaskTransition.objects.filter(action=Action.ISSUE).order_by()
    own_due = Coalesce("task__due_on", "task__task_list__ends_on")
    return issues.annotate(day=TruncDate("at"), due=own_due).filter(day__gt=F("due")).values("task")

"""The figures of departments in a period, counted by the database in a constant number of queries."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from django.db.models import Count, DateField, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate
from django.utils import timezone

from organizations.models import Department
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
from taskboard.workdays import count_workdays

# Within how many working days after the issue a lead signs; ours, 待确认.
SIGN_WORKDAYS = 3
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
    for counted in (_signing(period, task_list), _reporting(period, task_list)):
        for pk, key, share in counted:
            shares[pk][key] = share
    for pk, found in _working(period, task_list).items():
        shares[pk] |= found
    names = Department.objects.in_bulk(list(shares))
    return [Figures(names[pk].slug, names[pk].name, own) for pk, own in shares.items()]


def _of_list(rows: QuerySet[Any], name: str, task_list: TaskList | None) -> QuerySet[Any]:
    return rows.filter(**{name: task_list}) if task_list else rows


def _signing(period: Period, task_list: TaskList | None) -> list[tuple[int, str, Share]]:
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


def _judged(rows: list[tuple[int, date, date | None, int]], period: Period) -> list[tuple[int, str, Share]]:
    calendar = current_calendar()

    @cache
    def last_day(issued_on: date) -> date:
        return count_workdays(issued_on, SIGN_WORKDAYS, calendar).due

    found: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    for pk, issued_on, signed_on, number in rows:
        in_time = signed_on is not None and signed_on <= last_day(issued_on)
        # Who has still time to sign has not failed yet.
        if in_time or last_day(issued_on) < period.today:
            found[pk][0] += number if in_time else 0
            found[pk][2] += number
    return [(pk, SIGN, Share(good, late, total)) for pk, (good, late, total) in found.items()]


def _reporting(period: Period, task_list: TaskList | None) -> list[tuple[int, str, Share]]:
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


def _working(period: Period, task_list: TaskList | None) -> Mapping[int, dict[str, Share]]:
    """Led tasks: results in time, red lights, results that were sent back; in one pass."""
    counted = _conditions(period)
    rows = _lit(period, task_list).values_list("duties__department").annotate(**counted)
    names = ("duties__department", *counted)
    found = {}
    for values in rows.values_list(*names):
        n = dict(zip(names, values, strict=True))
        found[n["duties__department"]] = {
            CLOSE: Share(n["closed_good"], n["closed_late"], n["fell_due"]),
            LIGHT: Share(n["ran"] - n["was_red"], 0, n["ran"]),
            RETURN: Share(n["handed_in"] - n["sent_back"], 0, n["handed_in"]),
        }
    return found


def _lit(period: Period, task_list: TaskList | None) -> QuerySet[Any]:
    """Led tasks that were issued, with what the period holds of each."""
    first, after = period.moments
    steps = TaskTransition.objects.filter(task=OuterRef("pk"), at__gte=first, at__lt=after)
    issues = TaskTransition.objects.filter(task=OuterRef("pk"), action=Action.ISSUE).order_by("-at")
    lights = LightSnapshot.objects.filter(task=OuterRef("pk"), day__gte=period.start, day__lte=period.end)
    issued_on = Subquery(issues.annotate(day=TruncDate("at")).values("day")[:1], output_field=DateField())
    led: QuerySet[Any] = Task.objects.exclude(state=Task.State.DRAFT).filter(duties__role=Lead).with_due()
    return (
        _of_list(led, "task_list", task_list)
        .annotate(
            issued_on=issued_on,
            lit=Exists(lights.exclude(state=Task.State.CLOSED)),
            red=Exists(lights.filter(colour="red")),
            submits=Exists(steps.filter(action=Action.SUBMIT)),
            returns=Exists(steps.filter(action=Action.RETURN)),
        )
        .order_by()
    )


def _conditions(period: Period) -> dict[str, Count]:
    # What was due before it was issued nobody could do in time.
    fair = Q(issued_on__isnull=True) | Q(issued_on__lte=F("due"))
    due = fair & Q(due__gte=period.start, due__lte=period.over)
    done = Q(state__in=(Task.State.SUBMITTED, Task.State.CLOSED))
    good, late = done & Q(submitted_on__lte=F("due")), done & Q(submitted_on__gt=F("due"))
    failed = Q(state__in=OWING)
    return {
        "closed_good": Count("pk", filter=due & good),
        "closed_late": Count("pk", filter=due & late),
        "fell_due": Count("pk", filter=due & (good | late | failed)),
        "ran": Count("pk", filter=(fair | Q(due__isnull=True)) & Q(lit=True)),
        "was_red": Count("pk", filter=(fair | Q(due__isnull=True)) & Q(lit=True, red=True)),
        "handed_in": Count("pk", filter=Q(submits=True)),
        "sent_back": Count("pk", filter=Q(submits=True, returns=True)),
    }

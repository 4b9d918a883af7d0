"""The figures of departments in a period, counted by the database in a constant number of queries."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from django.db.models import Count, DateField, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

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
from taskboard.pasttasks import moment_of
from taskboard.querysets import TaskQuerySet
from taskboard.ranking.scoring import CLOSE, LIGHT, REPORT, RETURN, SIGN, Figures, Share
from taskboard.workcalendar import current_calendar
from taskboard.workdays import OutsideCalendar, count_workdays

# Within how many working days after the issue a lead signs; ours, 待确认.
SIGN_WORKDAYS = 3
# Slug and name of a department, figure, share.
Counted = tuple[str, str, str, Share]
Action, Lead = TaskTransition.Action, TaskDepartment.Role.LEAD.value


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day, both included; only what has fallen due by ``today`` counts.

    ``moment`` is the end of ``today`` where that is a past day on which all is looked at.
    """

    start: date
    end: date
    today: date
    moment: datetime | None = None

    @property
    def over(self) -> date:
        """The last day of the period that is over."""
        return min(self.end, self.today - timedelta(days=1))

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """Its beginning, and the beginning of the day after its end, at the latest ``moment``."""
        after = min(self.end, date.max - timedelta(days=1)) + timedelta(days=1)
        first, last = (timezone.make_aware(datetime.combine(day, time.min)) for day in (self.start, after))
        return first, min(last, self.moment or last)


def seen_on(start: date, end: date, as_of: date, today: date) -> Period:
    """The period as it stood at the end of a day, if that is over, else as it is now."""
    return Period(start, end, min(as_of, today), moment_of(as_of, today))


def figures_of(period: Period, task_list: TaskList | None = None) -> list[Figures]:
    """Of every department that led a task or owed a report."""
    shares: dict[tuple[str, str], dict[str, Share]] = defaultdict(dict)
    for count in (_signing, _reporting, _finishing, _running, _reviewing):
        for slug, name, key, share in count(period, task_list):
            shares[slug, name][key] = share
    return [Figures(slug, name, own) for (slug, name), own in shares.items()]


def _signing(period: Period, task_list: TaskList | None) -> list[Counted]:
    """Led tasks issued in the period: signed in time, late, or not although the time is over."""
    issued = _steps(period, Action.ISSUE)
    own_issue = issued.filter(task=OuterRef("pk")).annotate(day=TruncDate("at")).order_by("at").values("day")
    tasks = _tasks(period, task_list).filter(pk__in=issued.values("task"))
    dated = tasks.annotate(issued_on=Subquery(own_issue[:1], output_field=DateField()))
    rows: list[tuple[str, str, date, date | None, int]] = []
    for relation, held in dated.duties_at(period.moment):
        signed = Signature.objects.filter(task=OuterRef("pk"), department=OuterRef(f"{relation}__department"))
        if period.moment:
            signed = signed.filter(at__lt=period.moment)
        day = Subquery(signed.annotate(day=TruncDate("at")).values("day")[:1], output_field=DateField())
        led = dated.filter(held & Q(**{f"{relation}__role": Lead})).annotate(signed_on=day).order_by()
        heads = (f"{relation}__department__{name}" for name in ("slug", "name"))
        rows += led.values_list(*heads, "issued_on", "signed_on").annotate(n=Count("pk"))
    return _judged(rows, period)


def _judged(rows: Iterable[tuple[str, str, date, date | None, int]], period: Period) -> list[Counted]:
    calendar = current_calendar()

    @cache
    def last_day(issued_on: date) -> date | None:
        try:
            return count_workdays(issued_on, SIGN_WORKDAYS, calendar).due
        except OutsideCalendar:
            return None

    found: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for slug, name, issued_on, signed_on, number in rows:
        counted, last = found[slug, name], last_day(issued_on)
        if last is None:
            # The holidays of that year have not been entered: said on the page, never guessed.
            counted["unknown"] += number
        elif signed_on is not None and signed_on <= last:
            counted.update(good=number, total=number)
        elif last < period.today:
            # Who has still time to sign has not failed yet.
            counted["total"] += number
    return [(*unit, SIGN, Share(n["good"], 0, n["total"], n["unknown"])) for unit, n in found.items()]


def _reporting(period: Period, task_list: TaskList | None) -> list[Counted]:
    """Periodic reports that fell due in the period."""
    owed = ReportObligation.objects.filter(due_on__gte=period.start, due_on__lte=period.over).order_by()
    owed = owed.filter(task_list=task_list) if task_list else owed
    handed_in = Q(met_at__lt=period.moment) if period.moment else Q()
    rows = owed.values_list("department__slug", "department__name").annotate(
        good=Count("pk", filter=handed_in & Q(state=ReportObligation.State.MET)),
        late=Count("pk", filter=handed_in & Q(state=ReportObligation.State.MET_LATE)),
        total=Count("pk"),
    )
    return [(slug, name, REPORT, Share(good, late, total)) for slug, name, good, late, total in rows]


def _finishing(period: Period, task_list: TaskList | None) -> list[Counted]:
    """Led tasks that fell due in the period: results in time, late, or none."""
    done = Q(stood__in=(Task.State.SUBMITTED, Task.State.CLOSED))
    good, late = done & Q(handed_in__lte=F("due")), done & Q(handed_in__gt=F("due"))
    lit: Any = _fair(period, task_list)
    fallen = lit.filter(due__gte=period.start, due__lte=period.over)
    judged = fallen.filter(good | late | Q(stood__in=OWING))
    counts = {"good": Count("pk", filter=good), "late": Count("pk", filter=late), "total": Count("pk")}
    summed = _by_lead(judged, period, counts)
    return [(*unit, CLOSE, Share(n["good"], n["late"], n["total"])) for unit, n in summed.items()]


def _running(period: Period, task_list: TaskList | None) -> list[Counted]:
    """Led tasks whose clock ran in the period, and those of them that were red on one of its mornings."""
    last = min(period.end, period.today)
    issued = TaskTransition.objects.filter(action=Action.ISSUE, at__lt=period.moments[1]).order_by()
    kept = LightSnapshot.objects.filter(colour=RED, day__gte=period.start, day__lte=last).order_by()
    lit: Any = _fair(period, task_list)
    ran = lit.filter(
        ~Q(stood=Task.State.CLOSED) | Q(handed_in__gte=period.start),
        due__isnull=False,
        pk__in=issued.values("task"),
    )
    counts = {"total": Count("pk"), "red": Count("pk", filter=Q(pk__in=kept.values("task")))}
    summed = _by_lead(ran, period, counts)
    return [(*unit, LIGHT, Share(n["total"] - n["red"], 0, n["total"])) for unit, n in summed.items()]


def _reviewing(period: Period, task_list: TaskList | None) -> list[Counted]:
    """Led tasks with results or reviews in the period, and those of them that were sent back."""
    returned = _steps(period, Action.RETURN).values("task")
    reviewed = _steps(period, Action.SUBMIT, Action.RETURN).values("task")
    tasks = _tasks(period, task_list).filter(pk__in=reviewed)
    counts = {"total": Count("pk"), "back": Count("pk", filter=Q(pk__in=returned))}
    summed = _by_lead(tasks, period, counts)
    return [(*unit, RETURN, Share(n["total"] - n["back"], 0, n["total"])) for unit, n in summed.items()]


def _steps(period: Period, *actions: TaskTransition.Action) -> QuerySet[TaskTransition]:
    first, after = period.moments
    return TaskTransition.objects.filter(action__in=actions, at__gte=first, at__lt=after).order_by()


def _tasks(period: Period, task_list: TaskList | None) -> TaskQuerySet:
    """Issued tasks as they stood on the day."""
    tasks: TaskQuerySet = Task.objects.filter(task_list=task_list) if task_list else Task.objects.all()
    day_after = period.today + timedelta(days=1)
    seen: Any = tasks.seen(period.today, day_after if period.moment else period.today)
    issued: TaskQuerySet = seen.exclude(stood=Task.State.DRAFT).order_by()
    return issued


def _by_lead(
    tasks: TaskQuerySet, period: Period, counts: Mapping[str, Count]
) -> Mapping[tuple[str, str], Counter[str]]:
    """By slug and name of the lead the counts, each under its name."""
    summed: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for slug, name, _, _, *numbers in tasks.count_by_department(role=Lead, moment=period.moment, **counts):
        summed[slug, name].update(dict(zip(counts, numbers, strict=True)))
    return summed


def _fair(period: Period, task_list: TaskList | None) -> TaskQuerySet:
    """Tasks without those that were due before they were issued: nobody could do them in time."""
    return _tasks(period, task_list).exclude(pk__in=due_before_issue())


def due_before_issue() -> QuerySet[Any]:
    """The keys of tasks that were due before they were issued (下发前已到期)."""
    # Asked of all issues at once, not task by task: with many tasks that is many times faster.
    issues = TaskTransition.objects.filter(action=Action.ISSUE).order_by()
    own_due = Coalesce("task__due_on", "task__task_list__ends_on")
    return issues.annotate(day=TruncDate("at"), due=own_due).filter(day__gt=F("due")).values("task")

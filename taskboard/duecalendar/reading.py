"""Which tasks a calendar shows: of a reader, a department, a list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber

from organizations.models import Department, User
from taskboard.acting import SUPERVISE, holders_of, units_of
from taskboard.boards import Row, light_of
from taskboard.listviews.reading import WITH_DUTIES
from taskboard.models import Task, TaskList
from taskboard.querysets import TaskQuerySet

# Titles in a cell before a number says the rest.
IN_A_CELL = 4
MINE, ALL = "mine", "all"


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the month: how many tasks fall due, and the first of them."""

    day: date
    count: int
    rows: Sequence[Row]

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.count - len(self.rows)


def of_departments(
    tasks: TaskQuerySet, units: Sequence[Department], moment: datetime | None = None
) -> TaskQuerySet:
    """Tasks that one of the departments leads or supports, or did just before the moment, itself or as part
    of a collective.
    """
    holders = holders_of(units)
    return tasks.of_departments({key for held in holders.values() for key in held}, moment)


def of_reader(tasks: TaskQuerySet, user: User, moment: datetime | None = None) -> TaskQuerySet:
    """The reader's own: of the departments that he works for; of a supervisor all."""
    units = units_of(user)
    if units:
        return of_departments(tasks, units, moment)
    return tasks if user.has_perm(SUPERVISE) else tasks.none()


def clocked(user: User, day: date, today: date) -> TaskQuerySet:
    """Tasks with a clock and a due date on the day: what nobody had issued or what was suspended has none."""
    found: Any = Task.objects.visible_to(user).seen(day, today).with_light(day)
    lists = TaskList.objects.filter(state=TaskList.State.ISSUED)
    running = found.filter(due__isnull=False, task_list__in=lists)
    clocked_ones: TaskQuerySet = running.exclude(stood__in=["draft", "suspended"])
    return clocked_ones


def days_of(tasks: QuerySet[Any], first: date, last: date, seen_on: date) -> Mapping[date, Day]:
    """By day of the span what falls due: two queries, and one for the departments."""
    inside = tasks.filter(due__gte=first, due__lte=last)
    counted = inside.order_by().values_list("due").annotate(n=Count("pk"))
    counts: dict[date, int] = dict(counted)
    ordering = [F("task_list").asc(), F("order").asc()]
    placed = inside.annotate(place=Window(RowNumber(), partition_by=F("due"), order_by=ordering))
    shown = placed.filter(place__lte=IN_A_CELL).select_related("task_list").order_by("due", "place")
    rows: dict[date, list[Row]] = {day: [] for day in counts}
    for task in shown.prefetch_related(WITH_DUTIES):
        rows[task.due].append(Row(task, light_of(task, seen_on)))
    return {day: Day(day, number, rows[day]) for day, number in counts.items()}

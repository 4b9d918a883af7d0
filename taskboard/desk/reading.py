"""What the desk shows, read in a constant number of queries however many tasks there are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery, Value, Window
from django.db.models.functions import Coalesce

from foundation.models import Attachment
from taskboard.boards import light_of
from taskboard.bulletins.naming import latest_before
from taskboard.desk.queues import (
    DUE,
    EXTENSIONS,
    KEYS,
    OF_TASKS,
    OVERDUE,
    REVIEW,
    UNREPORTED,
    Matrix,
    Queue,
    Row,
    Stood,
    hint_of,
    in_queue,
    matrix_of,
    sorted_into,
    week_end,
)
from taskboard.lights import RED, Light
from taskboard.models import (
    Extension,
    LightSnapshot,
    ReportObligation,
    Signature,
    Task,
    TaskDepartment,
    TaskTransition,
    Urging,
)
from taskboard.moves import OWING
from taskboard.pasttasks import end_of, moment_of
from taskboard.querysets import TaskQuerySet
from taskboard.signedby import MOVED_ON, signers_of, still_to_sign, waits_for_a_lead

WITH_DUTIES = Prefetch("duties", TaskDepartment.objects.select_related("department"))
WEEKS = 4


@dataclass(frozen=True)
class Scope:
    """What the reader looks at: lit tasks, extensions and periodic reports, on a day.

    Of a past day each task is put together out of its history. Every condition
    would do that again for every task, so it is done once, for all conditions.
    """

    tasks: TaskQuerySet
    extensions: QuerySet[Extension]
    obligations: QuerySet[ReportObligation]
    day: date
    today: date

    @property
    def moment(self) -> datetime | None:
        """The end of the past day that is looked at; None for today."""
        return moment_of(self.day, self.today)

    @property
    def until(self) -> datetime:
        """What was done before this is shown."""
        return self.moment or end_of(self.today)

    @cached_property
    def stood(self) -> Sequence[Stood]:
        """The issued tasks of a past day: one query."""
        tasks: QuerySet[Any] = self.tasks.order_by()
        rows = tasks.values_list("pk", "stood", "due", "handed_in")
        return [
            Stood(pk, stood, due, handed_in, stood in MOVED_ON and pk in self.waiting)
            for pk, stood, due, handed_in in rows
        ]

    @cached_property
    def led(self) -> Sequence[tuple[str, str, int, int]]:
        """Slug and name of each lead of a past day, keys of its task and its own: two queries."""
        return list(Task.objects.departments_at(self.until, TaskDepartment.Role.LEAD))

    @cached_property
    def waiting(self) -> Mapping[int, set[int]]:
        """By task of a past day the keys of the leads that had not signed although somebody had."""
        signers = signers_of(Signature.objects.filter(at__lt=self.until))
        found: dict[int, set[int]] = defaultdict(set)
        for _, _, task, unit in self.led:
            if task in signers and unit not in signers[task]:
                found[task].add(unit)
        return found

    def of(self, key: str) -> Any:
        """Everything in a queue, in order: rows of the database, or of a past day what stood in it."""
        if key == EXTENSIONS:
            return self.extensions.select_related("department").order_by("asked_at", "pk")
        if key == UNREPORTED:
            owed = self.obligations.select_related("task_list", "department")
            return _urged(owed, "obligation", self.until).order_by("due_on", "task_list", "department")
        if self.moment:
            return in_queue(key, self.stood, self.day)
        first = "handed_in" if key == REVIEW else "due"
        return self.tasks.filter(self.condition(key)).order_by(first, "pk")

    def condition(self, key: str) -> Q:
        """What puts a task into a queue."""
        if key == REVIEW:
            return Q(stood=Task.State.SUBMITTED)
        owed = Q(stood__in=OWING)
        if key == OVERDUE:
            return owed & Q(due__lt=self.day)
        if key == DUE:
            return owed & Q(due__gte=self.day, due__lte=week_end(self.day))
        return waits_for_a_lead(Task, self.moment)


def overview(scope: Scope, most: int) -> list[Queue]:
    """All queues with their first rows."""
    totals = count_tasks(scope)
    first = Q()
    for key in OF_TASKS:
        found = scope.of(key)[:most]
        first |= Q(pk__in=[task.pk for task in found] if scope.moment else found.values("pk"))
    extensions = list(scope.of(EXTENSIONS).annotate(total=Window(Count("pk")))[:most])
    owed = list(scope.of(UNREPORTED).annotate(total=Window(Count("pk")))[:most])
    first |= Q(pk__in=[row.task_id for row in extensions])
    tasks = {task.pk: task for task in _detailed(scope, first)}
    rows = _rows_of(list(tasks.values()), scope)
    totals |= {
        key: found[0].total if found else 0 for key, found in ((EXTENSIONS, extensions), (UNREPORTED, owed))
    }
    shown = {key: sorted_into(key, rows, scope.day, most) for key in OF_TASKS}
    shown[EXTENSIONS] = _extension_rows(extensions, tasks, scope.day)
    shown[UNREPORTED] = [_owed_row(row, scope.day) for row in owed]
    return [Queue(key, totals[key], hint_of(key, scope.day), shown[key]) for key in KEYS]


def rows_of(scope: Scope, key: str, found: Iterable[Any]) -> list[Row]:
    """The rows of a part of one queue, in its order."""
    if key == EXTENSIONS:
        asked = list(found)
        of_them = Q(pk__in=[row.task_id for row in asked])
        return _extension_rows(asked, {task.pk: task for task in _detailed(scope, of_them)}, scope.day)
    if key == UNREPORTED:
        return [_owed_row(row, scope.day) for row in found]
    keys = [task.pk for task in found]
    tasks = {task.pk: task for task in _detailed(scope, Q(pk__in=keys))}
    return _rows_of([tasks[pk] for pk in keys], scope)


def totals_of(scope: Scope) -> dict[str, int]:
    """How many wait in each queue."""
    totals = count_tasks(scope)
    return {**totals, EXTENSIONS: scope.extensions.count(), UNREPORTED: scope.obligations.count()}


def count_tasks(scope: Scope) -> dict[str, int]:
    """How many tasks wait in each queue of tasks."""
    if scope.moment:
        return {key: len(scope.of(key)) for key in OF_TASKS}
    # The aggregate must not bear the name of a field that the conditions ask for.
    counts = {f"in_{key}": Count("pk", filter=scope.condition(key)) for key in OF_TASKS}
    counted = scope.tasks.order_by().aggregate(**counts)
    return {key: counted[f"in_{key}"] for key in OF_TASKS}


def _detailed(scope: Scope, chosen: Q) -> QuerySet[Task]:
    """With list, departments, when it was issued and how often its leads were urged."""
    issued = TaskTransition.objects.filter(
        task=OuterRef("pk"), action=TaskTransition.Action.ISSUE, at__lt=scope.until
    )
    last = Subquery(issued.order_by("-at").values("at")[:1])
    with_dates = (
        Task.objects.filter(chosen)
        .seen(scope.day, scope.today)
        .select_related("task_list")
        .prefetch_related(WITH_DUTIES)
        .annotate(issued_at=last, bulletin=latest_before(scope.until))
    )
    return _urged(with_dates, "task", scope.until)


def _urged(rows: QuerySet[Any], name: str, until: datetime) -> QuerySet[Any]:
    urgings = Urging.objects.filter(**{name: OuterRef("pk")}, at__lt=until).order_by()
    days = urgings.values(name).annotate(n=Count("day", distinct=True)).values("n")
    last = urgings.order_by("-day").values("day")[:1]
    counted: QuerySet[Any] = rows.annotate(urged=Coalesce(Subquery(days), Value(0)), urged_on=Subquery(last))
    return counted


def _rows_of(tasks: Sequence[Any], scope: Scope) -> list[Row]:
    reviewed = [task for task in tasks if task.state == Task.State.SUBMITTED]
    evidence = evidence_of(reviewed, scope.until)
    owing = [task.pk for task in tasks if task.state in OWING]
    signed = Signature.objects.filter(task__in=owing, at__lt=scope.until)
    signers = signers_of(signed) if owing else {}
    return [
        Row(
            light_of(task, scope.day),
            task=task,
            issued_at=task.issued_at,
            urged=task.urged,
            urged_on=task.urged_on,
            evidence=evidence.get(task.pk, 0),
            bulletin=task.bulletin,
            unsigned=still_to_sign(
                task.state, (duty.department for duty in task.leads), signers.get(task.pk, set())
            ),
        )
        for task in tasks
    ]


def evidence_of(tasks: Sequence[Task], until: datetime) -> Mapping[int, int]:
    """How many files stood behind each result."""
    if not tasks:
        return {}
    owner_type = ContentType.objects.get_for_model(Task)
    keys = [str(task.pk) for task in tasks]
    files = Attachment.objects.kept().filter(owner_type=owner_type, owner_id__in=keys, uploaded_at__lt=until)
    counted = files.order_by().values_list("owner_id").annotate(n=Count("pk"))
    return {int(pk): n for pk, n in counted}


def _extension_rows(extensions: Sequence[Extension], tasks: Mapping[int, Task], day: date) -> list[Row]:
    rows = [(asked, tasks[asked.task_id]) for asked in extensions]
    return [Row(light_of(task, day), task=task, extension=asked) for asked, task in rows]


def _owed_row(owed: Any, day: date) -> Row:
    days = (owed.due_on - day).days
    return Row(Light(RED, "逾期", days), obligation=owed, urged=owed.urged, urged_on=owed.urged_on)


def matrix(scope: Scope) -> Matrix:
    """Lead departments by the state of their tasks, unsigned until they have signed themselves."""
    if scope.moment:
        return matrix_of(_led(scope))
    counts: dict[str, Any] = {"n": Count("pk"), "red": Count("pk", filter=scope.condition(OVERDUE))}
    lead = TaskDepartment.Role.LEAD.value
    rows = scope.tasks.count_by_department("own", role=lead, **counts)
    return matrix_of((slug, name, state, n, red) for slug, name, _, _, state, n, red in rows)


def _led(scope: Scope) -> Iterable[tuple[str, str, str, int, int]]:
    """Each task of a past day with each department that led it."""
    stood = {task.pk: task for task in scope.stood}
    for slug, name, pk, unit in scope.led:
        if task := stood.get(pk):
            waits = task.unsigned and unit in scope.waiting[pk]
            state = Task.State.ISSUED.value if waits else task.state
            yield slug, name, state, 1, int(task.belongs(OVERDUE, scope.day))


@dataclass(frozen=True, slots=True)
class WeekBar:
    """Red lights on a day, a week apart; ``height`` of 100."""

    day: date
    number: int
    height: int

    @property
    def top(self) -> int:
        """Where the bar begins."""
        return 100 - self.height


def red_weeks(day: date, task_list: int | None) -> list[WeekBar]:
    """How many tasks were red on the same weekday of the last weeks, as it was kept."""
    days = [day - timedelta(weeks=week) for week in range(WEEKS - 1, -1, -1)]
    kept = LightSnapshot.objects.filter(colour=RED, day__in=days).order_by()
    if task_list:
        kept = kept.filter(task__task_list=task_list)
    found = dict(kept.values_list("day").annotate(n=Count("pk")))
    most = max(found.values(), default=0) or 1
    return [WeekBar(each, found.get(each, 0), found.get(each, 0) * 100 // most) for each in days]

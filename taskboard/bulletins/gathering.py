"""The figures of a bulletin, counted from the tasks of issued lists."""

from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, Q

from taskboard.bulletins.composing import NAMED_TASKS, Facts, LateTask, UnitLine
from taskboard.lights import WITHOUT_CLOCK
from taskboard.models import ReportObligation, Task, TaskDepartment, TaskList
from taskboard.moves import OWING
from taskboard.ranking.figures import Period, due_before_issue, figures_of
from taskboard.ranking.scoring import CLOSE, FIGURES, LIGHT, REPORT, RETURN, SIGN, Ranked, Share, ranking_of
from taskboard.ranking.weights import current_weights
from taskboard.signedby import waits_for_a_lead

LEADS = Prefetch("duties", TaskDepartment.objects.select_related("department"))


def gather(*, start: date, end: date, today: date, task_list: TaskList | None) -> Facts:
    """Tasks as they stand now, overdue ones as of the period's end, departments over the period."""
    period = Period(start, end, today)
    seen_on = min(end, today)
    tasks: Any = Task.objects.of_issued_lists().exclude(state__in=WITHOUT_CLOCK)
    tasks = (tasks.filter(task_list=task_list) if task_list else tasks).with_due()
    late = tasks.filter(state__in=OWING, due__lt=seen_on)
    # Nobody is named for what was due before it was issued.
    late = late.exclude(pk__in=due_before_issue())
    unsigned = waits_for_a_lead(Task, state="state")
    counts = tasks.aggregate(
        total=Count("pk"),
        closed=Count("pk", filter=Q(state=Task.State.CLOSED)),
        submitted=Count("pk", filter=Q(state=Task.State.SUBMITTED)),
        working=Count("pk", filter=Q(state__in=OWING) & ~unsigned),
        unsigned=Count("pk", filter=unsigned),
    )
    ranked = ranking_of(figures_of(period, task_list), current_weights().values)
    named = late.order_by("due", "pk").select_related("task_list").prefetch_related(LEADS)[:NAMED_TASKS]
    return Facts(
        list_title=task_list.title if task_list else "",
        **counts,
        overdue=late.count(),
        late_tasks=[_late(task, seen_on) for task in named],
        units=[_unit(row) for row in ranked],
        unreported=_unreported(period, task_list),
    )


def _late(task: Any, seen_on: date) -> LateTask:
    units = "、".join(duty.department.name for duty in task.leads)
    day = f"{task.due.month}月{task.due.day}日"
    return LateTask(task.title, units, day, (seen_on - task.due).days, task.pk)


def _unit(row: Ranked) -> UnitLine:
    shares = {key: row.scored[FIGURES.index(key)].share for key in FIGURES}
    return UnitLine(
        name=row.name,
        rank=row.rank,
        score="" if row.score is None else f"{row.score:.2f}",
        signed=_of(shares[SIGN]),
        reported=_of(shares[REPORT]),
        closed=_of(shares[CLOSE]),
        late=shares[CLOSE].late + shares[REPORT].late,
        red=shares[LIGHT].total - shares[LIGHT].good,
        returned=shares[RETURN].total - shares[RETURN].good,
    )


def _of(share: Share) -> str:
    return f"{share.good}/{share.total}" if share.total else "—"


def _unreported(period: Period, task_list: TaskList | None) -> dict[str, int]:
    owed = ReportObligation.objects.open().filter(due_on__gte=period.start, due_on__lte=period.over)
    owed = owed.filter(task_list=task_list) if task_list else owed
    rows = owed.order_by().values_list("department__name").annotate(n=Count("pk"))
    return dict(sorted(rows, key=lambda row: (-row[1], row[0])))

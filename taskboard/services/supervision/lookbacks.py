"""Look-backs (回头看): they appear by the calendar; an inspector passes, finds something, or reopens."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from foundation.errors import InvalidInput
from foundation.services.audit import record_change
from organizations.models import Department, User
from organizations.permissions import require
from taskboard.acting import SUPERVISE
from taskboard.models import Finding, LookBack, Task, TaskList, TaskTransition
from taskboard.services.moving import record_move, required_text, short_text
from taskboard.services.reviewing import reopen_task
from taskboard.services.supervision.findings import note_finding, void_findings
from taskboard.services.supervision.steps import conflict, require_day_ahead, tell_supervisors
from taskboard.supervision.rules import MOST_LOOK_BACK_DAYS, look_back_days

State = LookBack.State


@transaction.atomic
def open_look_backs(*, on_day: date, at: datetime) -> int:
    """Rows for the closings whose look-back is due by the day; returns how many are new.

    Runs daily and any number of times; days that were missed are made up.
    """
    rows = [row for task in _waiting() if (row := _due(task, on_day, at))]
    # Two sweeps at once: the key decides, the second is silently dropped.
    LookBack.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    if rows:
        _tell(rows, on_day, at)
    return len(rows)


def _waiting() -> Iterable[Any]:
    """Closed tasks whose latest closing has no look-back yet, with that closing."""
    closings = TaskTransition.objects.filter(action=TaskTransition.Action.CLOSE, task=OuterRef("pk"))
    last = closings.order_by("-at", "-pk")
    closed = Task.objects.filter(state=Task.State.CLOSED).annotate(
        closing=Subquery(last.values("pk")[:1]), closed_at=Subquery(last.values("at")[:1])
    )
    waiting = closed.filter(closing__isnull=False).exclude(closing__in=LookBack.objects.values("closing"))
    # A list that sets nothing goes by the default: NULL must not fall to the exclusion.
    looked_at = Q(task_list__look_back_days=None) | Q(task_list__look_back_days__gt=0)
    return waiting.filter(looked_at).select_related("task_list").order_by("pk")


def _due(task: Any, on_day: date, at: datetime) -> LookBack | None:
    """The look-back of a closed task, once its day has come."""
    days = look_back_days(task.task_list.look_back_days)
    closed_on = timezone.localdate(task.closed_at)
    due_on = closed_on + timedelta(days=days)
    if due_on > on_day:
        return None
    return LookBack(
        task=task, closing_id=task.closing, closed_on=closed_on, days=days, due_on=due_on, opened_at=at
    )


def _tell(rows: Sequence[LookBack], on_day: date, at: datetime) -> None:
    """On record by list; one message a day to each supervisor, however many there are."""
    for task_list, number in Counter(row.task.task_list for row in rows).items():
        after = {"opened": number, "day": on_day}
        record_change(actor=None, action="look_back.open", target=task_list, at=at, after=after)
    tell_supervisors(
        about=f"look-backs:{on_day.isoformat()}",
        tier="due",
        subject=f"{len(rows)} 项已办结任务到期应回头看",
        body="请安排检查：通过、限期整改或退回重办。",
        url=f"{reverse('taskboard:look_backs')}?state=open",
        at=at,
    )


@transaction.atomic
def pass_look_back(*, actor: User | None, at: datetime, look_back: LookBack, remarks: str = "") -> LookBack:
    """All as reported."""
    require(actor, SUPERVISE, "回头看")
    words = short_text(remarks, "remarks", "检查情况")
    _claim(look_back, (State.OPEN,), State.PASSED, "记为通过", actor, at, words)
    _record(look_back, actor, at, f"通过。{words}")
    return look_back


@transaction.atomic
def find_in_look_back(
    *,
    actor: User | None,
    at: datetime,
    look_back: LookBack,
    remarks: str,
    rectify_by: date | None,
    department: Department | None = None,
) -> Finding:
    """Something is to be put right by a day; ``department`` is one of the leads, else the first."""
    require(actor, SUPERVISE, "回头看")
    words = required_text(remarks, "remarks", "发现的问题")
    day = require_day_ahead(rectify_by, at, "rectify_by", "整改期限")
    unit = _lead(look_back.task, department)
    _claim(look_back, (State.OPEN,), State.RECTIFYING, "登记问题", actor, at, words)
    finding = note_finding(
        actor=actor,
        at=at,
        department=unit,
        text=words,
        rectify_by=day,
        look_back=look_back,
        task=look_back.task,
    )
    _record(look_back, actor, at, f"限期整改，{day.year}年{day.month}月{day.day}日前。{words}")
    return finding


def _lead(task: Task, wanted: Department | None) -> Department:
    leads = [duty.department for duty in task.duties.filter(role="lead").select_related("department")]
    if not leads:
        raise InvalidInput("这项任务没有牵头部门，不能下达整改。请先在任务中补齐牵头部门。")
    if wanted is None:
        return leads[0]
    if wanted not in leads:
        sentence = f"{wanted.name}不是这项任务的牵头部门，请选择牵头部门。"
        raise InvalidInput(sentence, fields={"department": [sentence]})
    return wanted


@transaction.atomic
def fail_look_back(*, actor: User | None, at: datetime, look_back: LookBack, remarks: str) -> LookBack:
    """The task was not done after all, or its rectification leads nowhere: it is reopened."""
    require(actor, SUPERVISE, "回头看")
    words = required_text(remarks, "remarks", "退回重办的理由")
    _claim(look_back, (State.OPEN, State.RECTIFYING), State.REOPENED, "退回重办", actor, at, words)
    void_findings(actor=actor, at=at, look_back=look_back)
    reopen_task(actor=actor, at=at, task=look_back.task, reason=f"回头看退回重办：{words}")
    record_change(actor=actor, action="look_back.reopened", target=look_back, at=at, reason=words)
    return look_back


@transaction.atomic
def set_look_back_days(
    *, actor: User | None, at: datetime, task_list: TaskList, days: int | None
) -> TaskList:
    """How many days after closing the tasks of a list are looked at again; None is the portal's default."""
    require(actor, SUPERVISE, "设定回头看")
    if days is not None and not 0 <= days <= MOST_LOOK_BACK_DAYS:
        sentence = f"回头看天数应为 0 到 {MOST_LOOK_BACK_DAYS} 的整数，0 表示不回头看。"
        raise InvalidInput(sentence, fields={"days": [sentence]})
    before = TaskList.objects.select_for_update().get(pk=task_list.pk).look_back_days
    if before != days:
        TaskList.objects.filter(pk=task_list.pk).update(look_back_days=days)
        record_change(
            actor=actor,
            action="task_list.look_back_days",
            target=task_list,
            at=at,
            before={"days": before},
            after={"days": days},
        )
    task_list.refresh_from_db()
    return task_list


def _claim(
    look_back: LookBack,
    starts: tuple[str, ...],
    new: str,
    what: str,
    actor: User | None,
    at: datetime,
    words: str,
) -> None:
    """Of two inspectors who press at once one gets the row; nothing is written on a task that runs again."""
    values = {"state": new, "inspected_by": actor, "inspected_at": at, "remarks": words}
    # The task first, as reopening does; a condition on it in the update itself would be judged by what
    # stood there when the update began to wait.
    state = Task.objects.select_for_update().values_list("state", flat=True).get(pk=look_back.task_id)
    standing = LookBack.objects.filter(pk=look_back.pk, state__in=starts)
    if state != Task.State.CLOSED or standing.update(**values) != 1:
        look_back.refresh_from_db()
        last = look_back.task.transitions.select_related("actor", "department").order_by("-at", "-pk").first()
        raise conflict(last, look_back.get_state_display(), what)
    look_back.refresh_from_db()


def _record(look_back: LookBack, actor: User | None, at: datetime, words: str) -> None:
    """A line in the history of the task, which stays closed."""
    closed = Task.State.CLOSED
    action = TaskTransition.Action.LOOK_BACK
    record_move(task=look_back.task, action=action, at=at, actor=actor, states=(closed, closed), reason=words)
    record_change(actor=actor, action=f"look_back.{look_back.state}", target=look_back, at=at, reason=words)

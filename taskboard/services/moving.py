"""Taking a task's row for one step, and the row of its history."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from foundation.errors import InvalidInput, StateConflict
from foundation.services.audit import SYSTEM_LABEL, record_change
from organizations.models import Department, User
from taskboard.models import Task, TaskTransition
from taskboard.moves import MOVES
from taskboard.services.reminders import settle_due_reminders

LONGEST = 4000
# The state may change to another one that the move starts from as well: then it is tried again.
ATTEMPTS = 3


def claim(*, task: Task, move: str, at: datetime, **values: Any) -> str:
    """Take the task for a move by a conditional update; returns the state that it was in.

    ``values`` are written with it. Of two people who press at once one gets the
    row; the other is told who was first and when.
    """
    for _ in range(ATTEMPTS):
        found = Task.objects.filter(pk=task.pk).values_list("state", flat=True).first()
        if found is None:
            raise StateConflict("这项任务已经删除，请刷新页面。")
        if found not in MOVES[move].starts:
            break
        if Task.objects.filter(pk=task.pk, state=found).update(updated_at=at, **values) == 1:
            return found
    raise conflict_of(task, MOVES[move].what)


def conflict_of(task: Task, what: str) -> StateConflict:
    """Why a move is not possible: the state, and who brought the task there when."""
    state = Task.State(Task.objects.values_list("state", flat=True).get(pk=task.pk))
    moved = TaskTransition.objects.filter(task=task, to_state=state).exclude(from_state=state)
    last = moved.select_related("actor", "department").order_by("-at", "-pk").first()
    now = f"现在是“{state.label}”，不能{what}。请刷新页面查看。"
    if last is None:
        return StateConflict(f"这项任务{now}")
    return StateConflict(f"{who(last.actor, last.department)}已于{moment(last.at)}{_done(last)}，任务{now}")


def _done(transition: TaskTransition) -> str:
    return str(transition.get_action_display())


def who(actor: User | None, department: Department | None = None) -> str:
    """A person and for whom, as written in sentences."""
    name = str(actor) if actor else SYSTEM_LABEL
    return f"{department.name} {name}" if department else name


def moment(at: datetime) -> str:
    """A time as written in sentences."""
    local = timezone.localtime(at)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def record_move(
    *,
    task: Task,
    action: TaskTransition.Action,
    at: datetime,
    actor: User | None,
    states: tuple[str, str],
    department: Department | None = None,
    reason: str = "",
    **after: Any,
) -> TaskTransition:
    """The row of the task's history and that of the audit log; ``states`` are before and after."""
    before, now = states
    row = TaskTransition.objects.create(
        task=task,
        at=at,
        actor=actor,
        department=department,
        action=action,
        from_state=before,
        to_state=now,
        reason=reason,
    )
    record_change(
        actor=actor,
        action=f"task.{action.value}",
        target=task,
        at=at,
        before={"state": before},
        after={"state": now, "department": department.name if department else "", **after},
        reason=reason,
    )
    task.refresh_from_db()
    if before != now:
        settle_due_reminders(task=task, at=at)
    return row


def required_text(text: str, field: str, what: str) -> str:
    """A text that must not be empty, without blanks around it."""
    text = text.strip()
    if not text:
        raise InvalidInput(f"请写明{what}。", fields={field: [f"请写明{what}。"]})
    return short_text(text, field, what)


def short_text(text: str, field: str, what: str) -> str:
    """A text of bearable length, without blanks around it."""
    text = text.strip()
    if len(text) > LONGEST:
        sentence = f"{what}最多 {LONGEST} 字，现在是 {len(text)} 字，请精简或改为附件。"
        raise InvalidInput(sentence, fields={field: [sentence]})
    if "\0" in text:
        raise InvalidInput(f"{what}含有不能保存的字符。", fields={field: [f"{what}含有不能保存的字符。"]})
    return text

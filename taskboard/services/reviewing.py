"""What the supervisor decides of a task."""

from datetime import datetime

from django.db import transaction

from foundation.errors import StateConflict
from foundation.models import Attachment
from organizations.models import User
from taskboard.acting import require_supervisor
from taskboard.models import Extension, Task, TaskTransition
from taskboard.services.moving import claim, record_move, required_text, short_text
from taskboard.services.supervision.settling import void_look_backs
from taskboard.services.telling import settle, tell_lead

State, Action = Task.State, TaskTransition.Action


@transaction.atomic
def return_task(*, actor: User | None, at: datetime, task: Task, reason: str) -> TaskTransition:
    """Send a result back with what is lacking; the clock runs on."""
    require_supervisor(actor, "退回")
    words = required_text(reason, "reason", "退回的理由")
    found = claim(task=task, move="return", at=at, state=State.RETURNED, submitted_on=None)
    settle(task=task, matter="review", at=at, why="已退回")
    return _decided(actor, at, task, Action.RETURN, (found, State.RETURNED), words)


@transaction.atomic
def close_task(*, actor: User | None, at: datetime, task: Task, reason: str = "") -> TaskTransition:
    """Accept the result (办结): only with evidence."""
    require_supervisor(actor, "办结")
    words = short_text(reason, "reason", "复核意见")
    found = claim(task=task, move="close", at=at, state=State.CLOSED)
    if not Attachment.objects.of(task).exists():
        raise StateConflict("这项任务还没有佐证，不能办结。请退回承办单位补充佐证。")
    Extension.objects.filter(task=task, state=Extension.State.PENDING).update(state=Extension.State.LAPSED)
    for matter in ("review", "extension"):
        settle(task=task, matter=matter, at=at, why="已办结")
    return _decided(actor, at, task, Action.CLOSE, (found, State.CLOSED), words)


@transaction.atomic
def reopen_task(*, actor: User | None, at: datetime, task: Task, reason: str) -> TaskTransition:
    """Take a closed task up again, with a reason; its clock runs again."""
    require_supervisor(actor, "重新办理")
    words = required_text(reason, "reason", "重新办理的理由")
    found = claim(task=task, move="reopen", at=at, state=State.IN_PROGRESS, submitted_on=None)
    void_look_backs(actor=actor, at=at, task=task)
    return _decided(actor, at, task, Action.REOPEN, (found, State.IN_PROGRESS), words)


@transaction.atomic
def suspend_task(*, actor: User | None, at: datetime, task: Task, reason: str) -> TaskTransition:
    """Stop the clock of a task, with a reason."""
    require_supervisor(actor, "暂停")
    words = required_text(reason, "reason", "暂停的理由")
    found = claim(task=task, move="suspend", at=at, state=State.SUSPENDED)
    return _decided(actor, at, task, Action.SUSPEND, (found, State.SUSPENDED), words)


@transaction.atomic
def resume_task(*, actor: User | None, at: datetime, task: Task) -> TaskTransition:
    """Go on where the task was suspended."""
    require_supervisor(actor, "恢复办理")
    found = claim(task=task, move="resume", at=at)
    suspensions = task.transitions.filter(action=Action.SUSPEND).order_by("-at", "-pk")
    last = suspensions.values_list("from_state", flat=True).first()
    now = State(last or State.IN_PROGRESS)
    Task.objects.filter(pk=task.pk).update(state=now)
    return _decided(actor, at, task, Action.RESUME, (found, now), "")


def _decided(
    actor: User | None,
    at: datetime,
    task: Task,
    action: TaskTransition.Action,
    states: tuple[str, str],
    reason: str,
) -> TaskTransition:
    row = record_move(task=task, action=action, at=at, actor=actor, states=states, reason=reason)
    tell_lead(task=task, tier=f"{action.value}-{row.pk}", words=str(action.label), reason=reason, at=at)
    return row

"""Later dates: asked for by the lead before the due date is over, decided by the supervisor."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from foundation.errors import InvalidInput, StateConflict
from organizations.models import User
from taskboard.acting import require_decider, require_part
from taskboard.models import Extension, Task, TaskTransition
from taskboard.plausible import check_day
from taskboard.services.moving import claim, moment, record_move, required_text, short_text, who
from taskboard.services.past import keep_due
from taskboard.services.telling import settle, tell_lead, tell_supervisors

State, Action = Extension.State, TaskTransition.Action


@transaction.atomic
def ask_extension(*, actor: User, at: datetime, task: Task, until: date, reason: str) -> Extension:
    """Ask for a later date; the due day itself is the last on which it can be asked."""
    part = require_part(actor, task, "extension")
    words = required_text(reason, "reason", "延期的理由")
    _check_until(task.effective_due_on, until)
    found = claim(task=task, move="extension", at=at)
    due = _due_still_ahead(task.effective_due_on, at)
    _refuse_second(task)
    try:
        with transaction.atomic():
            extension = Extension.objects.create(
                task=task,
                department=part.department,
                old_due=due,
                old_inherited=task.due_inherited,
                until=until,
                reason=words,
                asked_by=actor,
                asked_at=at,
            )
    except IntegrityError as error:
        raise StateConflict("这项任务刚刚有人申请了延期，请刷新页面查看。") from error
    record_move(
        task=task,
        action=Action.EXTENSION,
        at=at,
        actor=actor,
        states=(found, found),
        department=part.department,
        reason=words,
        until=until,
    )
    tell_supervisors(
        task=task,
        matter="extension",
        tier=f"asked-{extension.pk}",
        subject=f"申请延期：{task.title}",
        body=f"{part.department.name}申请延至 {until.year}年{until.month}月{until.day}日。{words}",
        at=at,
    )
    return extension


def _check_until(due: date | None, until: date) -> None:
    check_day(until, "until", "延至的日期")
    if due is not None and until <= due:
        sentence = f"延至的日期应晚于现在的时限 {due.year}年{due.month}月{due.day}日。"
        raise InvalidInput(sentence, fields={"until": [sentence]})


def _due_still_ahead(due: date | None, at: datetime) -> date:
    if due is None:
        raise StateConflict("这项任务没有时限，不需要延期。")
    if timezone.localdate(at) > due:
        day = f"{due.year}年{due.month}月{due.day}日"
        raise StateConflict(f"时限 {day} 已过，延期应在到期前申请。请尽快办理，补报会记为“逾期补报”。")
    return due


def _refuse_second(task: Task) -> None:
    pending = Extension.objects.filter(task=task, state=State.PENDING)
    last = pending.select_related("asked_by", "department").first()
    if last is not None:
        by = who(last.asked_by, last.department)
        raise StateConflict(f"{by}已于{moment(last.asked_at)}申请延期，还没有批复，不能再申请。")


@transaction.atomic
def decide_extension(
    *, actor: User | None, at: datetime, extension: Extension, grant: bool, reason: str = ""
) -> Extension:
    """Grant or refuse; a refusal says why. The old date stays on the request."""
    require_decider(actor)
    words = short_text(reason, "reason", "批复意见")
    if not grant:
        words = required_text(reason, "reason", "不同意延期的理由")
    state = State.GRANTED if grant else State.REFUSED
    pending = Extension.objects.filter(pk=extension.pk, state=State.PENDING)
    decision = {"decided_by": actor, "decided_at": at, "decision_reason": words}
    if pending.update(state=state, **decision) != 1:
        raise _decided_already(extension)
    extension.refresh_from_db()
    task = extension.task
    if grant:
        keep_due(task=task, due=task.effective_due_on, at=at)
        Task.objects.filter(pk=task.pk).update(due_on=extension.until, updated_at=at)
    action = Action.GRANT if grant else Action.REFUSE
    after: dict[str, Any] = {"until": extension.until, "old_due": extension.old_due}
    states = (task.state, task.state)
    row = record_move(task=task, action=action, at=at, actor=actor, states=states, reason=words, **after)
    settle(task=task, matter="extension", at=at, why="已批复")
    tell_lead(task=task, tier=f"{action.value}-{row.pk}", words=str(action.label), reason=words, at=at)
    return extension


def _decided_already(extension: Extension) -> StateConflict:
    found = Extension.objects.select_related("decided_by").filter(pk=extension.pk).first()
    if found is None or found.decided_at is None:
        return StateConflict("这项延期申请已随任务办结失效，不必批复。")
    said = "同意" if found.state == State.GRANTED else "不同意"
    return StateConflict(
        f"{who(found.decided_by)}已于{moment(found.decided_at)}{said}这项延期申请。请刷新页面查看。"
    )

"""Correcting what a task says, also after it was issued, and its due date by working days."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import prefetch_related_objects

from foundation.errors import InvalidInput, StateConflict
from organizations.models import User
from organizations.permissions import require
from organizations.services import NameDirectory
from taskboard.acting import require_supervisor
from taskboard.correcting.seen import seen_mark
from taskboard.models import Task, TaskDepartment, TaskTransition
from taskboard.plausible import check_day
from taskboard.services.lists import update_task
from taskboard.services.moving import record_move, required_text
from taskboard.services.reminders import settle_due_date
from taskboard.services.telling import about_signing, tell_departments
from taskboard.workcalendar import current_calendar
from taskboard.workdays import Count, count_workdays

State = Task.State
CLAUSE_LONGEST = 200
FIELD_WORDS = {
    "part": "部分",
    "subsection": "小节",
    "number": "序号",
    "title": "任务",
    "text": "正文",
    "lead": "牵头部门",
    "support": "配合部门",
    "due_on": "完成时限",
    "due_text": "时限原文",
}


@transaction.atomic
def correct_task(
    *,
    actor: User | None,
    at: datetime,
    task: Task,
    changes: Mapping[str, Any],
    directory: NameDirectory,
    reason: str,
    seen: str | None = None,
) -> Task:
    """Change what a task says; keys are those of ``update_task``.

    ``seen`` is the mark of what the form was filled in from; StateConflict when the
    task says something else by now. None where the caller has checked that itself.

    A draft is changed by whoever keeps lists. What was issued binds departments:
    only the supervisor corrects it, with a reason, and it stands in the task's
    history. A closed task stays as it is.
    """
    require(actor, "taskboard.change_list", "修改任务")
    check_day(changes.get("due_on"), "due_on", FIELD_WORDS["due_on"])
    locked = Task.objects.select_for_update().get(pk=task.pk)
    if locked.state == State.CLOSED:
        raise StateConflict("任务已办结，不能更正；确需更正的请先重新办理。")
    if seen is not None:
        _require_seen(locked, seen)
    issued, due = locked.state != State.DRAFT, locked.effective_due_on
    if issued:
        require_supervisor(actor, "更正")
        reason = required_text(reason, "reason", "更正的理由")
    before = set(locked.duties.values_list("department_id", flat=True))
    changed = update_task(
        actor=actor, at=at, task=locked, changes=changes, directory=directory, reason=reason
    )
    if issued:
        named = "、".join(word for key, word in FIELD_WORDS.items() if key in changes)
        record_move(
            task=changed,
            action=TaskTransition.Action.CORRECT,
            at=at,
            actor=actor,
            states=(locked.state, _moved_on(changed)),
            reason=f"更正{named}：{reason}" if named else reason,
        )
        _tell_newcomers(changed, before, at)
        if changed.effective_due_on != due:
            settle_due_date(list_id=changed.task_list_id, due=due, at=at, why="任务时限已更正")
    return changed


def _moved_on(task: Task) -> str:
    """The state after a correction: a supporter that had signed and now leads has taken the task on."""
    leads = task.duties.filter(role=TaskDepartment.Role.LEAD).values("department")
    if task.state == State.ISSUED and task.signatures.filter(department__in=leads).exists():
        Task.objects.filter(pk=task.pk).update(state=State.SIGNED)
        task.state = State.SIGNED
    return task.state


def _require_seen(task: Task, seen: str) -> None:
    """A form opened earlier does not take back what somebody else has corrected since."""
    prefetch_related_objects([task], "duties__department")
    if seen_mark(task) != seen:
        raise StateConflict(
            "这项任务在您打开之后被别人改过（内容、部门或时限），没有保存。"
            "您填写的内容还在下面，请先复制，再重新打开任务，核对后更正。"
        )


def _tell_newcomers(task: Task, before: set[int], at: datetime) -> None:
    """Departments that the task names only since the correction have to sign for it."""
    duties = TaskDepartment.objects.filter(task=task).exclude(department__in=before)
    for department in set(duties.values_list("department_id", flat=True)):
        tell_departments(
            departments=[department],
            about=about_signing(task.task_list, department),
            tier=f"corrected-{task.pk}-{at:%Y%m%d%H%M%S}",
            subject=f"请签收：{task.title}",
            body=f"清单“{task.task_list.title}”更正后，本单位承办这项任务。",
            url=task.get_absolute_url(),
            at=at,
        )


def due_by_workdays(*, trigger_on: date, days: int, clause: str) -> tuple[dict[str, Any], Count]:
    """Changes of a task that falls due when ``days`` working days after ``trigger_on`` are over, that day
    included; and how they were counted. InvalidInput outside the calendar.
    """
    words = required_text(clause, "clause", "起算的条款")
    if len(words) > CLAUSE_LONGEST:
        sentence = f"起算的条款最多 {CLAUSE_LONGEST} 字。"
        raise InvalidInput(sentence, fields={"clause": [sentence]})
    count = count_workdays(trigger_on, days, current_calendar())
    changes = {
        "due_on": count.due,
        "trigger_on": trigger_on,
        "trigger_days": days,
        "trigger_clause": words,
    }
    return changes, count

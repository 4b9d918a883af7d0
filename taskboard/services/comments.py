"""Remarks on a task that call other departments' attention to it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from foundation.errors import PermissionRefused
from foundation.services.audit import record_change
from organizations.models import Department, User
from taskboard.acting import SUPERVISE, parts_in, units_of
from taskboard.models import Comment, Task
from taskboard.services.moving import required_text
from taskboard.services.telling import about_task, tell_departments


@transaction.atomic
def add_comment(
    *, actor: User, at: datetime, task: Task, text: str, mentions: Sequence[Department] = ()
) -> Comment:
    """Say something to those who work on the task; the departments that are mentioned are told."""
    parts = parts_in(task, units_of(actor))
    if not parts and not actor.has_perm(SUPERVISE):
        raise PermissionRefused("留言限办理这项任务的单位和督查人员。")
    words = required_text(text, "text", "留言")
    department = parts[0].department if parts else None
    comment = Comment.objects.create(task=task, author=actor, department=department, at=at, text=words)
    comment.mentions.set(mentions)
    names = [unit.name for unit in mentions]
    record_change(actor=actor, action="task.comment", target=task, at=at, after={"mentions": names})
    tell_departments(
        departments=[unit.pk for unit in mentions],
        about=about_task(task, "comments"),
        tier=f"comment-{comment.pk}",
        subject=f"留言提到本单位：{task.title}",
        body=words,
        url=task.get_absolute_url(),
        at=at,
    )
    return comment

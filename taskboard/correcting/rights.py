"""Who may change what a task says."""

from organizations.models import User
from taskboard.acting import SUPERVISE
from taskboard.models import Task

CHANGE = "taskboard.change_list"


def correctable(task: Task, user: User) -> bool:
    """Drafts by those who keep lists, issued tasks by the supervisor, closed ones by nobody."""
    if task.state == Task.State.CLOSED or not user.has_perm(CHANGE):
        return False
    return bool(task.state == Task.State.DRAFT or user.has_perm(SUPERVISE))

"""Keeping what an issued task was like before a change; drafts leave no trace, nobody acted on them."""

from datetime import date, datetime

from taskboard.models import PastDue, PastDuty, Task, TaskList

State = Task.State


def keep_due(*, task: Task, due: date | None, at: datetime) -> None:
    """The due date held until now."""
    if task.state != State.DRAFT:
        PastDue.objects.create(task=task, due=due, until=at)


def keep_inherited_dues(*, task_list: TaskList, at: datetime) -> None:
    """The list's end held until now for issued tasks without a date of their own."""
    undated = task_list.tasks.filter(due_on=None).exclude(state=State.DRAFT).values_list("pk", flat=True)
    PastDue.objects.bulk_create(PastDue(task_id=pk, due=task_list.ends_on, until=at) for pk in undated)


def keep_duties(*, task: Task, at: datetime) -> None:
    """The departments held until now."""
    if task.state == State.DRAFT:
        return
    PastDuty.objects.bulk_create(
        PastDuty(
            task=task,
            department_id=duty.department_id,
            role=duty.role,
            order=duty.order,
            printed_name=duty.printed_name,
            until=at,
        )
        for duty in task.duties.all()
    )

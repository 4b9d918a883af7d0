"""Closed tasks, departments and inspectors for tests of supervision, invented."""

from datetime import timedelta

from taskboard.models import LookBack, Task
from taskboard.services.supervision.lookbacks import open_look_backs
from tests.taskboard.campaign import NOW, Campaign

# The campaign's tasks are closed on this day; the default look-back comes thirty days later.
CLOSED_ON = NOW.date()
DUE_ON = CLOSED_ON + timedelta(days=30)
DUE_AT = NOW + timedelta(days=30)


def due_look_back(world: Campaign) -> LookBack:
    """A closed task on the day of its look-back."""
    task: Task = world.task("closed")
    assert open_look_backs(on_day=DUE_ON, at=DUE_AT) == 1
    return LookBack.objects.get(task=task)

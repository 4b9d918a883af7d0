"""A task as it stood at the end of a day that is past, for its own page."""

from dataclasses import dataclass
from datetime import date

from taskboard.boards import light_of
from taskboard.lights import Light
from taskboard.models import Task
from taskboard.pasttasks import end_of


@dataclass(frozen=True, slots=True)
class Past:
    """State, percentage, due date, light and departments of that day."""

    state: str
    percent: int
    due: date | None
    light: Light
    leads: str
    supporters: str

    @property
    def word(self) -> str:
        """The state in words."""
        return str(Task.State(self.state).label)


def as_it_stood(task: Task, day: date) -> Past | None:
    """Out of the history; None where the task has none."""
    found = Task.objects.filter(pk=task.pk, transitions__isnull=False).then(end_of(day))
    then = found.with_departments().first()
    if then is None:
        return None
    leads, supporters = (
        "、".join(duty.department.name for duty in duties) for duties in (then.leads, then.supporters)
    )
    light = light_of(then, day)
    return Past(then.state, then.percent, then.effective_due_on, light, leads, supporters)

"""A task as it stood at the end of a day that is past, out of its history: pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from taskboard.lights import Light, light
from taskboard.models import Extension, ProgressReport, Task, TaskTransition

State, Action = Task.State, TaskTransition.Action


@dataclass(frozen=True, slots=True)
class Past:
    """State, percentage, due date and light of that day."""

    state: str
    percent: int
    due: date | None
    light: Light

    @property
    def word(self) -> str:
        """The state in words."""
        return str(State(self.state).label)


def as_it_stood(
    task: Task,
    day: date,
    transitions: Iterable[TaskTransition],
    reports: Iterable[ProgressReport],
    extensions: Iterable[Extension],
) -> Past | None:
    """From rows in order of time; None where the history does not reach back to the day.

    A history that begins with the issue says that the task was a draft before. Dates that were
    corrected by hand are those of now; an extension moved its date on the day it was granted.
    """
    rows = list(transitions)
    if not rows or (rows[0].action != Action.ISSUE and _day(rows[0]) > day):
        return None
    before = [row for row in rows if _day(row) <= day]
    state = before[-1].to_state if before else State.DRAFT.value
    leads = {duty.department_id for duty in task.leads}
    percents = [r.percent for r in reports if r.department_id in leads and timezone.localdate(r.at) <= day]
    due = _due(task, day, extensions)
    submitted = _submitted(before)
    return Past(state, percents[-1] if percents else 0, due, light(due, state, day, submitted_on=submitted))


def _day(row: TaskTransition) -> date:
    return timezone.localdate(row.at)


def _due(task: Task, day: date, extensions: Iterable[Extension]) -> date | None:
    """The date before the first extension that was granted after the day, else the one of now."""
    later = [
        row
        for row in extensions
        if row.state == Extension.State.GRANTED
        and row.decided_at is not None
        and timezone.localdate(row.decided_at) > day
    ]
    first = min(later, key=lambda row: (row.decided_at, row.pk), default=None)
    return first.old_due if first else task.effective_due_on


def _submitted(rows: Iterable[TaskTransition]) -> date | None:
    """The day of the result that stands: a return or reopening takes it away."""
    found = None
    for row in rows:
        if row.action == Action.SUBMIT:
            found = _day(row)
        elif row.action in (Action.RETURN, Action.REOPEN):
            found = None
    return found

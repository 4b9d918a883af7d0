"""The kept lights of a task for its page; drawn by ``_light_history.html``."""

from datetime import date

from taskboard.lighthistory import Kept, Strip, strip_of
from taskboard.models import Task


def history_of(task: Task, on_day: date) -> Strip:
    """The strip of the task's lights as seen on a day; empty before the first morning."""
    rows = task.light_snapshots.filter(day__lte=on_day).order_by("day")
    return strip_of((Kept(*row) for row in rows.values_list("day", "colour", "word")), on_day)

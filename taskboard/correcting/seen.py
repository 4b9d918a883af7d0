"""A mark of what a task said when somebody opened it to correct it."""

from foundation.seen import mark_of
from taskboard.models import Task
from taskboard.tasksheets.columns import values_of


def seen_mark(task: Task) -> str:
    """A short hash of all that a correction changes; uses the prefetched departments.

    What a sheet holds and from what the due date was reckoned: a task that was
    moved on or reported on meanwhile still has the same mark.
    """
    reckoned = [str(task.trigger_on or ""), str(task.trigger_days or ""), task.trigger_clause]
    return mark_of([values_of(task), reckoned])

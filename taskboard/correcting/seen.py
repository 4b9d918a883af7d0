"""A mark of what a task said when somebody opened it to correct it."""

import hashlib
import json

from taskboard.models import Task
from taskboard.tasksheets.columns import values_of

LENGTH = 32


def seen_mark(task: Task) -> str:
    """A short hash of all that a correction changes; uses the prefetched departments.

    What a sheet holds and from what the due date was reckoned: a task that was
    moved on or reported on meanwhile still has the same mark.
    """
    reckoned = [str(task.trigger_on or ""), str(task.trigger_days or ""), task.trigger_clause]
    said = json.dumps([values_of(task), reckoned], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:LENGTH]

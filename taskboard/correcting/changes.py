"""What differs between what a task says and what it should say."""

from collections.abc import Mapping
from typing import Any

from taskboard.models import Task
from taskboard.services.tasksheets import duties_of

WORDS = ("title", "text", "part", "subsection", "number", "lead", "support")


def words_changed(task: Task, before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, Any]:
    """Changes for ``correct_task``; departments keep the form in which they were printed."""
    printed = {duty.department.name: duty.printed_name for duty in task.duties.all()}
    changed = {name: after[name] for name in WORDS if after[name] != before[name]}
    return {
        name: duties_of(text, printed) if name in ("lead", "support") else text
        for name, text in changed.items()
    }

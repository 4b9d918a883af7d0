"""A list as a workbook that can be filled in and handed back."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from foundation.workbooks import workbook_of, workbook_stream
from taskboard.boards import light_of
from taskboard.models import Milestone, Task
from taskboard.tasksheets.columns import BEHIND, DIVIDER, FIELDS, MARK_HEAD, NUMBER_HEAD, mark_of, values_of

HEADER = (NUMBER_HEAD, MARK_HEAD, *FIELDS.values(), *BEHIND)


def workbook(title: str, tasks: Iterable[Task], on_day: date) -> Iterator[bytes]:
    """Bit by bit the tasks in the order given; departments, milestones and list are prefetched."""
    return workbook_stream(title, HEADER, (_line(task, on_day) for task in tasks))


def template(title: str) -> bytes:
    """A sheet with only the heading of what can be filled in."""
    return workbook_of(title, tuple(FIELDS.values()), ())


def _line(task: Task, on_day: date) -> list[str | Decimal | date]:
    values = values_of(task)
    cells: list[str | Decimal | date] = [Decimal(task.pk), mark_of(task.task_list_id, task.pk, values)]
    cells += [task.due_on if key == "due_on" and task.due_on else text for key, text in values.items()]
    return [*cells, *_behind(task, on_day)]


def _behind(task: Task, on_day: date) -> list[str | Decimal | date]:
    days: dict[str, list[str]] = {kind: [] for kind in Milestone.Kind.values}
    for milestone in task.milestones.all():
        days[milestone.kind].append(milestone.on.isoformat())
    return [
        task.effective_due_on or "",
        str(task.get_state_display()),
        Decimal(task.percent),
        light_of(task, on_day).word,
        DIVIDER.join(days[Milestone.Kind.START]),
        DIVIDER.join(days[Milestone.Kind.MILESTONE]),
    ]

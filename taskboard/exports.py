"""Tasks as a table for office programs."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date

from taskboard.boards import light_of
from taskboard.models import Task

HEADER = (
    "序",
    "部分",
    "小节",
    "序号",
    "任务",
    "正文",
    "牵头部门",
    "配合部门",
    "完成时限",
    "沿用清单期限",
    "状态",
    "红绿灯",
)
# A spreadsheet would run a cell that starts with one of these as a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


class Echo:
    """A file that hands back what is written to it."""

    def write(self, line: str) -> str:
        """The line itself."""
        return line


def csv_lines(tasks: Iterable[Task], on_day: date) -> Iterator[str]:
    """A table in CSV, line by line, opened with the mark that makes Excel read UTF-8."""
    writer = csv.writer(Echo())
    yield "\ufeff"
    yield writer.writerow(HEADER)
    for task in tasks:
        yield writer.writerow([harmless(cell) for cell in _cells(task, on_day)])


def _cells(task: Task, on_day: date) -> tuple[str, ...]:
    due = task.effective_due_on
    return (
        str(task.order),
        task.part,
        task.subsection,
        task.number,
        task.title,
        task.text,
        "、".join(duty.department.name for duty in task.leads),
        "、".join(duty.department.name for duty in task.supporters),
        due.isoformat() if due else "",
        "是" if due and task.due_inherited else "",
        task.get_state_display(),
        light_of(task, on_day).word,
    )


def harmless(cell: str) -> str:
    """The cell as text, even where it looks like a formula."""
    return f"'{cell}" if cell.lstrip().startswith(FORMULA_STARTS) or cell.startswith(FORMULA_STARTS) else cell

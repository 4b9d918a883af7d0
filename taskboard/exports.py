"""Tasks as a table for office programs."""

from collections.abc import Iterable, Iterator
from datetime import date

from foundation.spreadsheets import csv_table
from foundation.workbooks import workbook_of
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


def csv_lines(tasks: Iterable[Task], on_day: date) -> Iterator[str]:
    """The tasks as a table in CSV, line by line."""
    return csv_table(HEADER, (_cells(task, on_day) for task in tasks))


def workbook(title: str, tasks: Iterable[Task], on_day: date) -> bytes:
    """The tasks as a workbook to read."""
    return workbook_of(title, HEADER, (_cells(task, on_day) for task in tasks))


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

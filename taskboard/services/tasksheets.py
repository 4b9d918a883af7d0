"""Lines of a sheet into a list, all or none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from foundation.errors import DomainError, InvalidInput, StateConflict
from foundation.services.audit import record_change
from organizations.models import User
from organizations.permissions import require
from organizations.services import NameDirectory
from taskboard.models import Task, TaskList
from taskboard.services.content import DepartmentDuty, TaskContent
from taskboard.services.correcting import correct_task
from taskboard.services.lists import add_task
from taskboard.tasksheets.columns import DIVIDER, FIELDS, check_mark, values_of
from taskboard.tasksheets.reading import SAID_ALREADY, SheetLine


@dataclass(frozen=True, slots=True)
class Imported:
    """How many tasks were added and changed."""

    added: int
    changed: int


@transaction.atomic
def import_lines(
    *, actor: User | None, at: datetime, task_list: TaskList, lines: Sequence[SheetLine], reason: str
) -> Imported:
    """Write checked lines of a sheet; a line that no longer fits refuses all of them.

    A line with a number changes its task, if the task still says what the sheet
    was made from; one without adds a draft task at the end of the list.
    """
    require(actor, "taskboard.change_list", "导入任务清单")
    if not lines:
        raise InvalidInput("表中没有可以写入的行。")
    locked = TaskList.objects.select_for_update().get(pk=task_list.pk)
    if locked.state == TaskList.State.ARCHIVED:
        raise StateConflict("这份清单已归档，不能再导入。")
    directory = NameDirectory(actor=actor, at=at)
    kept = _kept(locked, [line.number for line in lines if line.number])
    order = locked.tasks.aggregate(last=Max("order"))["last"] or 0
    said = _said(locked) if any(line.number is None for line in lines) else []
    added = 0
    for line in lines:
        try:
            if line.number is None:
                # A button pressed twice, or the same sheet from two people.
                if line.values in said:
                    raise StateConflict(SAID_ALREADY)
                added += 1
                content = content_of(line.values)
                add_task(
                    actor=actor,
                    at=at,
                    task_list=locked,
                    order=order + added,
                    content=content,
                    directory=directory,
                )
            else:
                _change(actor, at, locked, kept, line, directory, reason)
        except DomainError as refusal:
            raise type(refusal)(
                f"第 {line.line} 行：{refusal.message}没有写入任何内容。", fields=refusal.fields
            ) from refusal
    after = {"added": added, "changed": len(lines) - added}
    record_change(actor=actor, action="task_list.import", target=locked, at=at, after=after, reason=reason)
    return Imported(added, len(lines) - added)


@transaction.atomic
def add_line(*, actor: User | None, at: datetime, task_list: TaskList, values: Mapping[str, str]) -> Task:
    """One checked draft task at the end of the list, unless the list says the same already."""
    require(actor, "taskboard.change_list", "增加任务")
    locked = TaskList.objects.select_for_update().get(pk=task_list.pk)
    if locked.state == TaskList.State.ARCHIVED:
        raise StateConflict("这份清单已归档，不能再增加任务。")
    if dict(values) in _said(locked):
        raise StateConflict("清单里已有完全相同的任务，没有重复新增。")
    order = locked.tasks.aggregate(last=Max("order"))["last"] or 0
    return add_task(
        actor=actor,
        at=at,
        task_list=locked,
        order=order + 1,
        content=content_of(values),
        directory=NameDirectory(actor=actor, at=at),
    )


def _said(task_list: TaskList) -> list[dict[str, str]]:
    return [values_of(task) for task in task_list.tasks.prefetch_related("duties__department")]


def _kept(task_list: TaskList, numbers: Sequence[int]) -> Mapping[int, Task]:
    rows = task_list.tasks.select_for_update().filter(pk__in=numbers)
    return {task.pk: task for task in rows.prefetch_related("duties__department").order_by("pk")}


def _change(
    actor: User | None,
    at: datetime,
    task_list: TaskList,
    kept: Mapping[int, Task],
    line: SheetLine,
    directory: NameDirectory,
    reason: str,
) -> None:
    task = kept.get(line.number or 0)
    if task is None:
        raise InvalidInput(f"编号 {line.number} 不是本清单的任务。")
    before = values_of(task)
    if wrong := check_mark(task_list.pk, task.pk, before, line.mark):
        raise StateConflict(wrong)
    printed = {duty.department.name: duty.printed_name for duty in task.duties.all()}
    changes = {
        key: _typed(key, line.values[key], printed) for key in FIELDS if line.values[key] != before[key]
    }
    if changes:
        correct_task(actor=actor, at=at, task=task, changes=changes, directory=directory, reason=reason)


def _typed(key: str, text: str, printed: Mapping[str, str]) -> Any:
    if key in ("lead", "support"):
        return duties_of(text, printed)
    if key == "due_on":
        return date.fromisoformat(text) if text else None
    return text


def duties_of(text: str, printed: Mapping[str, str] | None = None) -> tuple[DepartmentDuty, ...]:
    """Departments of a cell; one that stays keeps its printed name."""
    names = [name for name in text.split(DIVIDER) if name]
    return tuple(DepartmentDuty(name, (printed or {}).get(name, "")) for name in names)


def content_of(values: Mapping[str, str]) -> TaskContent:
    """A new task as a line says it."""
    return TaskContent(**{key: _typed(key, values[key], {}) for key in FIELDS})

"""A sheet that was handed in, checked against its list; what was shown of it is sealed to be confirmed."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.core import signing
from django.utils import timezone

from foundation.errors import InvalidInput, StateConflict
from foundation.filetypes import XLSX
from foundation.services.attachments import check_file
from foundation.workbooks import table_from
from organizations.models import User
from organizations.services import NameDirectory
from taskboard.models import TaskList
from taskboard.tasksheets.columns import MOST_COLUMNS, MOST_ROWS, values_of
from taskboard.tasksheets.reading import KnownTask, Names, Sheet, SheetLine, read_sheet

CHANGE, IMPORTING = "taskboard.change_list", "导入任务清单"
SALT = "taskboard.tasksheets.preview"
# A preview that was left open longer is read again.
MAX_AGE_SECONDS = 4 * 60 * 60


def checked_sheet(user: User, found: TaskList, upload: Any) -> tuple[str, Sheet]:
    """The name of the file and its lines, each with what it would change or what is wrong with it.

    InvalidInput where the file is no sheet of such a list.
    """
    name, lines = lines_of(upload)
    sheet = read_sheet(
        lines,
        list_id=found.pk,
        known=known_tasks(found),
        names=names_for(user),
        issued_too=user.has_perm("taskboard.supervise_task"),
    )
    return name, sheet


def lines_of(upload: Any) -> tuple[str, list[list[str]]]:
    """The name of a file that was handed in, and its lines as text."""
    checked = check_file(upload)
    if checked.kind != XLSX:
        raise InvalidInput("请选择 Excel 表格（xlsx）。")
    return checked.name, table_from(checked.content, most_rows=MOST_ROWS + 1, most_columns=MOST_COLUMNS)


def known_tasks(found: TaskList) -> Mapping[int, KnownTask]:
    """The list's tasks as sheets have them."""
    tasks = found.tasks.prefetch_related("duties__department")
    return {task.pk: KnownTask(task.state, values_of(task)) for task in tasks}


def names_for(user: User) -> Names:
    """Finds a department's own name by any of its names."""
    directory = NameDirectory(actor=user, at=timezone.now())

    def own(name: str) -> str | None:
        found = directory.find_department(name)
        return found.name if found else None

    return own


def packed(user: User, found: TaskList, sheet: Sheet) -> str:
    """What was shown, so that exactly this is written; nobody can alter it on the way."""
    lines = [{**asdict(line), "changes": ()} for line in sheet.good]
    return signing.dumps({"list": found.pk, "user": user.pk, "lines": lines}, salt=SALT, compress=True)


def unpacked(user: User, found: TaskList, payload: str) -> Sequence[SheetLine]:
    """The lines that were shown; StateConflict where they are too old or were shown of something else."""
    try:
        shown: dict[str, Any] = signing.loads(payload, salt=SALT, max_age=MAX_AGE_SECONDS)
    except signing.BadSignature:
        raise StateConflict("预览已经过期，没有写入任何内容。请重新选择表格。") from None
    if (shown["list"], shown["user"]) != (found.pk, user.pk):
        raise StateConflict("这份预览不是为这份清单做的，没有写入任何内容。请重新选择表格。")
    return [SheetLine(**{**line, "changes": (), "errors": ()}) for line in shown["lines"]]

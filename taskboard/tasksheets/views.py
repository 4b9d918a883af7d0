"""A list goes out as a sheet and comes back in: hand in, look, confirm."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from foundation.errors import DomainError, InvalidInput, StateConflict
from foundation.filetypes import XLSX
from foundation.services.attachments import check_file
from foundation.workbooks import CONTENT_TYPE, table_from
from organizations.access import StaffRequest, staff_page
from organizations.services import NameDirectory
from taskboard.listviews.reading import listed
from taskboard.models import TaskList
from taskboard.services.tasksheets import import_lines
from taskboard.tasksheets import writing
from taskboard.tasksheets.columns import FIELDS, MOST_COLUMNS, MOST_ROWS, values_of
from taskboard.tasksheets.forms import ConfirmForm, SheetForm
from taskboard.tasksheets.reading import KnownTask, Names, Sheet, SheetLine, read_sheet

READ, CHANGE, IMPORTING = "taskboard.view_task", "taskboard.change_list", "导入任务清单"
SALT = "taskboard.tasksheets.preview"
# A preview that was left open longer is read again.
MAX_AGE_SECONDS = 4 * 60 * 60
# Tasks that are held in memory while a list is written out.
ROWS_AT_ONCE = 2000


@staff_page(READ, "导出任务清单")
def xlsx(request: StaffRequest, pk: int) -> StreamingHttpResponse:
    """The filtered and sorted list as a workbook that can be handed back; a long one leaves as it is read."""
    asked = listed(request, pk)
    tasks = asked.tasks.prefetch_related("milestones").iterator(chunk_size=ROWS_AT_ONCE)
    parts = writing.workbook(asked.task_list.title, tasks, asked.filter.day)
    response = StreamingHttpResponse(parts, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="tasks-{pk}-{asked.filter.day}.xlsx"'
    return response


@staff_page(READ, "下载清单模板")
def template_xlsx(request: StaffRequest) -> HttpResponse:
    """A sheet with only the heading."""
    return workbook_response(writing.template("任务清单模板"), "task-list-template.xlsx")


def workbook_response(content: bytes, name: str) -> HttpResponse:
    """A workbook to keep."""
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@staff_page(CHANGE, IMPORTING)
def upload(request: StaffRequest, pk: int) -> HttpResponse:
    """Hand in a sheet; nothing is written before it was looked at."""
    found = get_object_or_404(TaskList.objects.visible_to(request.user), pk=pk)
    form = SheetForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    status = 400 if form.is_bound else 200
    if form.is_valid():
        try:
            return _preview(request, found, form)
        except DomainError as refusal:
            form.add_error("file", refusal.message)
    context = {"task_list": found, "form": form, "most_rows": MOST_ROWS}
    return render(request, "taskboard/sheet_upload.html", context, status=status)


def _preview(request: StaffRequest, found: TaskList, form: SheetForm) -> HttpResponse:
    name, lines = lines_of(form.cleaned_data["file"])
    sheet = read_sheet(
        lines,
        list_id=found.pk,
        known=known_tasks(found),
        names=names_for(request),
        issued_too=request.user.has_perm("taskboard.supervise_task"),
    )
    drafts = set(found.tasks.filter(state="draft").values_list("pk", flat=True))
    context = {
        "task_list": found,
        "file_name": name,
        "sheet": sheet,
        "fields": FIELDS,
        "corrects": any(line.number and line.number not in drafts for line in sheet.good),
        "payload": _packed(request, found, sheet),
    }
    return render(request, "taskboard/sheet_preview.html", context)


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


def names_for(request: StaffRequest) -> Names:
    """Finds a department's own name by any of its names."""
    directory = NameDirectory(actor=request.user, at=timezone.now())

    def own(name: str) -> str | None:
        found = directory.find_department(name)
        return found.name if found else None

    return own


def _packed(request: StaffRequest, found: TaskList, sheet: Sheet) -> str:
    """What was shown, so that exactly this is written; nobody can alter it on the way."""
    lines = [{**asdict(line), "changes": ()} for line in sheet.good]
    what = {"list": found.pk, "user": request.user.pk, "lines": lines}
    return signing.dumps(what, salt=SALT, compress=True)


@require_POST
@staff_page(CHANGE, IMPORTING)
def confirm(request: StaffRequest, pk: int) -> HttpResponse:
    """Write the lines that were shown without errors, all or none."""
    found = get_object_or_404(TaskList.objects.visible_to(request.user), pk=pk)
    form = ConfirmForm(request.POST)
    try:
        if not form.is_valid():
            raise InvalidInput("更正的理由最多 200 字。没有写入任何内容，请重新选择表格。")
        lines = [
            SheetLine(**{**line, "changes": (), "errors": ()})
            for line in _unpacked(form.cleaned_data["payload"], found, request)
        ]
        done = import_lines(
            actor=request.user,
            at=timezone.now(),
            task_list=found,
            lines=lines,
            reason=form.cleaned_data["reason"],
        )
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("taskboard:sheet_upload", pk=found.pk)
    messages.success(request, f"已写入：新增 {done.added} 项，修改 {done.changed} 项。新增的任务未下发。")
    return redirect(found)


def _unpacked(payload: str, found: TaskList, request: StaffRequest) -> list[dict[str, Any]]:
    try:
        shown: dict[str, Any] = signing.loads(payload, salt=SALT, max_age=MAX_AGE_SECONDS)
    except signing.BadSignature:
        raise StateConflict("预览已经过期，没有写入任何内容。请重新选择表格。") from None
    if (shown["list"], shown["user"]) != (found.pk, request.user.pk):
        raise StateConflict("这份预览不是为这份清单做的，没有写入任何内容。请重新选择表格。")
    lines: list[dict[str, Any]] = shown["lines"]
    return lines

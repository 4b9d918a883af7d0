"""A list goes out as a sheet and comes back in: hand in, look, confirm."""

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from foundation.errors import DomainError, InvalidInput
from foundation.workbooks import CONTENT_TYPE
from organizations.access import StaffRequest, staff_page
from taskboard.listviews.reading import listed
from taskboard.models import TaskList
from taskboard.services.tasksheets import import_lines
from taskboard.tasksheets import writing
from taskboard.tasksheets.columns import FIELDS, MOST_ROWS
from taskboard.tasksheets.forms import ConfirmForm, SheetForm
from taskboard.tasksheets.previews import CHANGE, IMPORTING, checked_sheet, packed, unpacked

READ = "taskboard.view_task"
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
    name, sheet = checked_sheet(request.user, found, form.cleaned_data["file"])
    drafts = set(found.tasks.filter(state="draft").values_list("pk", flat=True))
    context = {
        "task_list": found,
        "file_name": name,
        "sheet": sheet,
        "fields": FIELDS,
        "corrects": any(line.number and line.number not in drafts for line in sheet.good),
        "payload": packed(request.user, found, sheet),
    }
    return render(request, "taskboard/sheet_preview.html", context)


@require_POST
@staff_page(CHANGE, IMPORTING)
def confirm(request: StaffRequest, pk: int) -> HttpResponse:
    """Write the lines that were shown without errors, all or none."""
    found = get_object_or_404(TaskList.objects.visible_to(request.user), pk=pk)
    form = ConfirmForm(request.POST)
    try:
        if not form.is_valid():
            raise InvalidInput("更正的理由最多 200 字。没有写入任何内容，请重新选择表格。")
        done = import_lines(
            actor=request.user,
            at=timezone.now(),
            task_list=found,
            lines=unpacked(request.user, found, form.cleaned_data["payload"]),
            reason=form.cleaned_data["reason"],
        )
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("taskboard:sheet_upload", pk=found.pk)
    messages.success(request, f"已写入：新增 {done.added} 项，修改 {done.changed} 项。新增的任务未下发。")
    return redirect(found)

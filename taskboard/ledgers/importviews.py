"""A filled-in sheet comes back into a ledger: hand in, look, confirm."""

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from foundation.errors import DomainError, InvalidInput, StateConflict
from foundation.filetypes import XLSX
from foundation.services.attachments import check_file
from foundation.workbooks import table_from
from organizations.access import StaffRequest, staff_page
from organizations.models import Department
from taskboard.ledgers import reads
from taskboard.ledgers.columns import columns_of
from taskboard.ledgers.forms import SheetForm, show_refusal
from taskboard.ledgers.sheets import MOST_COLUMNS, MOST_ROWS, Preview, SheetRow, read_sheet
from taskboard.models.ledgers import Ledger
from taskboard.services.ledgers import import_rows

PERMISSION, IMPORTING = "taskboard.keep_ledger", "导入台账"
SALT = "taskboard.ledger.sheet"
# A preview that was left open longer is read again.
MAX_AGE_SECONDS = 4 * 60 * 60


@staff_page(PERMISSION, IMPORTING)
def upload(request: StaffRequest, pk: int) -> HttpResponse:
    """Hand in a sheet; nothing is written before it was looked at."""
    ledger = get_object_or_404(Ledger.objects.select_related("directive"), pk=pk)
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = SheetForm(*posted, units=reads.units_kept_by(request.user))
    status = 200
    if form.is_bound:
        status = 400
        if form.is_valid():
            try:
                return _preview(request, ledger, form)
            except DomainError as refusal:
                show_refusal(form, refusal)
    context = {"ledger": ledger, "form": form, "most_rows": MOST_ROWS}
    return render(request, "taskboard/ledgers/import.html", context, status=status)


def _preview(request: StaffRequest, ledger: Ledger, form: SheetForm) -> HttpResponse:
    checked = check_file(form.cleaned_data["file"])
    if checked.kind != XLSX:
        raise InvalidInput("请选择 Excel 表格（xlsx）。", fields={"file": ["请选择 Excel 表格（xlsx）。"]})
    department: Department = form.cleaned_data["department"]
    columns = columns_of(ledger)
    lines = table_from(checked.content, most_rows=MOST_ROWS + 1, most_columns=MOST_COLUMNS)
    preview = read_sheet(lines, columns, reads.known_rows(ledger), department.pk)
    context = {
        "ledger": ledger,
        "department": department,
        "file_name": checked.name,
        "columns": columns,
        "preview": preview,
        "lines": [(row, [row.values.get(column.key, "") for column in columns]) for row in preview.rows],
        "payload": _packed(request, ledger, department, preview),
    }
    return render(request, "taskboard/ledgers/import_preview.html", context)


def _packed(request: StaffRequest, ledger: Ledger, department: Department, preview: Preview) -> str:
    """What was shown, so that exactly this is written; nobody can alter it on the way."""
    what = {"ledger": ledger.pk, "department": department.pk, "user": request.user.pk}
    return signing.dumps({**what, "rows": [asdict(row) for row in preview.good]}, salt=SALT, compress=True)


@require_POST
@staff_page(PERMISSION, IMPORTING)
def confirm(request: StaffRequest, pk: int) -> HttpResponse:
    """Write the lines that were shown without errors, all or none."""
    ledger = get_object_or_404(Ledger, pk=pk)
    try:
        shown = _unpacked(request, ledger)
        department = get_object_or_404(Department, pk=shown["department"])
        rows = [SheetRow(**{**row, "errors": ()}) for row in shown["rows"]]
        added, changed = import_rows(
            actor=request.user, at=timezone.now(), ledger=ledger, department=department, rows=rows
        )
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("taskboard:ledger_import", pk=ledger.pk)
    messages.success(request, f"已写入：新增 {added} 条，修改 {changed} 条。单位负责人签字后生效。")
    return redirect(ledger)


def _unpacked(request: StaffRequest, ledger: Ledger) -> dict[str, Any]:
    try:
        shown: dict[str, Any] = signing.loads(
            request.POST.get("payload", ""), salt=SALT, max_age=MAX_AGE_SECONDS
        )
    except signing.BadSignature:
        raise StateConflict("预览已经过期，没有写入任何内容。请重新选择表格。") from None
    if (shown["ledger"], shown["user"]) != (ledger.pk, request.user.pk):
        raise StateConflict("这份预览不是为这本台账做的，没有写入任何内容。请重新选择表格。")
    return shown

"""Pages of the audit log: search, one row, checks of the chain, the files of each day."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from foundation.models import AuditEntry
from foundation.services.auditchecks import check_chain, last_check
from foundation.services.auditfiles import DayFile, day_files, whole_file
from foundation.tables import refuse_errors, table_file
from organizations.access import StaffRequest, staff_page
from organizations.auditlog.filters import AuditFilter
from organizations.auditlog.rows import HEADER, account_of, kind_of, table_rows, times_of

PERMISSION, READING = "foundation.view_audit_log", "查看审计日志"
PAGE_SIZE = 50
ORDERS = {"-at": "-sequence", "at": "sequence"}


@require_safe
@staff_page(PERMISSION, READING)
def index(request: StaffRequest) -> HttpResponse:
    """The log, filtered, sorted and in pages, and how its chain stands."""
    found, order = _found(request)
    page = Paginator(found.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [_row(entry) for entry in page],
        "form": found.form,
        "order": order,
        "filtered": any(request.GET.get(name) for name in found.filters),
        "check": last_check(),
    }
    return render(request, "audit/index.html", context)


@require_safe
@staff_page(PERMISSION, READING)
def table(request: StaffRequest, form: str) -> HttpResponseBase:
    """What was found, as ``csv`` or ``xlsx``; that it was taken along goes on record like any export."""
    found, _ = _found(request)
    refuse_errors(found.form)
    stem = f"audit-{timezone.localdate()}"
    rows = table_rows(found.qs.iterator(chunk_size=1000))
    return table_file(form, stem=stem, title="审计日志", header=HEADER, rows=rows)


@require_safe
@staff_page(PERMISSION, READING)
def entry(request: StaffRequest, sequence: int) -> HttpResponse:
    """One row with what stood before and after."""
    found = get_object_or_404(AuditEntry.objects.select_related("actor"), sequence=sequence)
    names = list(dict.fromkeys([*found.before, *found.after]))
    context = {
        **_row(found),
        "changes": [(name, found.before.get(name, ""), found.after.get(name, "")) for name in names],
    }
    return render(request, "audit/entry.html", context)


@require_POST
@staff_page(PERMISSION, READING)
def verify(request: StaffRequest) -> HttpResponse:
    """Walk the chain now."""
    fault = check_chain(actor=request.user, at=timezone.now())
    if fault:
        messages.error(request, f"审计日志不完整：{fault}请保留现场并报告。")
    else:
        messages.success(request, "已逐条核对，审计日志完整。")
    return redirect("audit:index")


@require_safe
@staff_page(PERMISSION, READING)
def files(request: StaffRequest) -> HttpResponse:
    """The files of each day."""
    page: Any = Paginator(_listed(request), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "audit/files.html", {"page": page, "order": request.GET.get("sort", "-day")})


@require_safe
@staff_page(PERMISSION, READING)
def day_file(request: StaffRequest, day: str) -> HttpResponseBase:
    """The rows of a day, if they are what was written; a changed file is not handed out."""
    found = whole_file(day)
    if found is None:
        raise Http404("没有这一天的审计日志文件。")
    return FileResponse(
        found.path.open("rb"), as_attachment=True, filename=found.path.name, content_type="application/gzip"
    )


def _found(request: StaffRequest) -> tuple[AuditFilter, str]:
    asked = request.GET.get("sort", "-at")
    order = asked if asked in ORDERS else "-at"
    everything = AuditEntry.objects.select_related("actor").order_by(ORDERS[order])
    return AuditFilter(request.GET, queryset=everything, request=request), order


def _row(entry: AuditEntry) -> dict[str, Any]:
    return {
        "entry": entry,
        "action": entry.action_label,
        "account": account_of(entry),
        "kind": kind_of(entry),
        "times": times_of(entry),
    }


def _listed(request: StaffRequest) -> list[DayFile]:
    known = day_files()
    return known[::-1] if request.GET.get("sort") == "day" else known

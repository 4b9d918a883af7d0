"""Ledgers in the browser: which there are, their entries as a table, averages, exports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from foundation.errors import DomainError
from foundation.workbooks import CONTENT_TYPE
from organizations.access import StaffRequest, staff_page
from organizations.models import Department
from taskboard.ledgers import past, reads, sheets
from taskboard.ledgers.cells import Column
from taskboard.ledgers.columns import columns_of
from taskboard.ledgers.forms import LedgerFilterForm, RowFilterForm
from taskboard.ledgers.querysets import LedgerQuerySet, LedgerRowQuerySet
from taskboard.looks import Look, look_of, strict_look_of
from taskboard.models.ledgers import Ledger, LedgerRow
from taskboard.services.ledgers import sign_ledger

PERMISSION, READING = "taskboard.view_task", "查看台账"
PAGE_SIZE = 50
HISTORY_DAYS = 12
ORDERS = {
    "title": "title",
    "kind": "kind",
    "due": "due_on",
    "draft": "n_draft",
    "signed": "n_signed",
    "closed": "n_closed",
    "removed": "n_removed",
}


@dataclass(frozen=True, slots=True)
class Table:
    """The entries of a ledger that were asked for."""

    columns: tuple[Column, ...]
    rows: LedgerRowQuerySet | Sequence[LedgerRow]
    form: RowFilterForm
    order: str
    # All entries of a past day, before the conditions; None of today.
    then: Sequence[LedgerRow] | None = None

    @property
    def filtered(self) -> bool:
        """Whether any condition is set."""
        return any(self.form.data.get(name) for name in self.form.fields)


@require_safe
@staff_page(PERMISSION, READING)
def index(request: StaffRequest) -> HttpResponse:
    """All ledgers with their counts."""
    look = look_of(request)
    found, form, order = _ledgers(request, look)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "form": form,
        "filtered": any(request.GET.get(name) for name in form.fields),
        "order": order,
        **look.context(),
    }
    return render(request, "taskboard/ledgers/index.html", context)


@require_safe
@staff_page(PERMISSION, "导出台账")
def index_xlsx(request: StaffRequest) -> HttpResponse:
    """The ledgers asked for, with their counts, as a workbook."""
    look = strict_look_of(request)
    found, _, _ = _ledgers(request, look)
    response = HttpResponse(sheets.workbook_of_ledgers(found), content_type=CONTENT_TYPE)
    return _named(response, "ledgers.xlsx", f"台账目录-{look.day}.xlsx")


def _ledgers(request: StaffRequest, look: Look) -> tuple[LedgerQuerySet, LedgerFilterForm, str]:
    """The ledgers that the address asks for, and in which order."""
    form = LedgerFilterForm(request.GET)
    found = reads.ledgers_with_counts(look.moment)
    chosen = form.cleaned_data if form.is_valid() else {}
    found = found.with_words(chosen.get("q", ""))
    if chosen.get("kind"):
        found = found.filter(kind=chosen["kind"])
    order = request.GET.get("sort", "")
    if field := ORDERS.get(order.removeprefix("-")):
        place = F(field)
        falling = order.startswith("-")
        return (
            found.order_by(place.desc(nulls_last=True) if falling else place.asc(nulls_last=True), "pk"),
            form,
            order,
        )
    return found, form, ""


@require_safe
@staff_page(PERMISSION, READING)
def ledger(request: StaffRequest, pk: int) -> HttpResponse:
    """One ledger: its entries as a table, by conditions, sorted, page by page."""
    found = get_object_or_404(Ledger.objects.select_related("directive"), pk=pk)
    look = look_of(request)
    table = table_of(request, found, look)
    page = Paginator(table.rows, PAGE_SIZE).get_page(request.GET.get("page"))
    history = reads.history_of(found, look.moment)
    context = {
        "ledger": found,
        "table": table,
        "headings": [(column, f"-{column.key}") for column in table.columns],
        "page": page,
        "lines": reads.lines_of(table.columns, page.object_list),
        "counts": reads.count_by_state(found, table.then),
        "history": history[-HISTORY_DAYS:],
        "averaged": bool(reads.number_columns(table.columns)),
        **({} if look.moment else _own_part(request, found)),
        **look.context(),
    }
    return render(request, "taskboard/ledgers/ledger.html", context)


def _own_part(request: StaffRequest, found: Ledger) -> dict[str, Any]:
    """What the person may do with the ledger as a whole."""
    return {
        "keeps": bool(reads.units_kept_by(request.user)),
        "unsigned": reads.unsigned_by_unit(request.user, found),
    }


def table_of(request: HttpRequest, found: Ledger, look: Look) -> Table:
    """The entries that the address asks for; a condition that cannot be read is left out."""
    columns = columns_of(found)
    rows = LedgerRow.objects.filter(ledger=found).select_related("department", "ledger")
    units = Department.objects.filter(ledger_rows__ledger=found).distinct()
    form = RowFilterForm(request.GET, departments=list(units.values_list("slug", "name")))
    chosen = form.cleaned_data if form.is_valid() else {}
    if look.moment:
        return _table_then(request, found, look.moment, form, chosen)
    if chosen.get("state"):
        rows = rows.filter(state=chosen["state"])
    if chosen.get("department"):
        rows = rows.filter(department__slug=chosen["department"])
    rows = rows.with_words(chosen.get("q", ""), at=timezone.now())
    order = request.GET.get("sort", "")
    by_key = {column.key: column for column in columns}
    if column := by_key.get(order.removeprefix("-")):
        rows = rows.sorted_by(column, falling=order.startswith("-"))
    return Table(columns, rows, form, order)


def _table_then(
    request: HttpRequest, found: Ledger, moment: datetime, form: RowFilterForm, chosen: dict[str, Any]
) -> Table:
    """The same of the entries as they stood just before the moment."""
    columns = columns_of(found)
    then = list(reads.rows_of(found, columns, moment))
    rows = past.matching(
        then,
        columns,
        state=chosen.get("state", ""),
        department=chosen.get("department", ""),
        words=chosen.get("q", ""),
    )
    order = request.GET.get("sort", "")
    by_key = {column.key: column for column in columns}
    if column := by_key.get(order.removeprefix("-")):
        rows = past.in_order(rows, column, falling=order.startswith("-"))
    return Table(columns, rows, form, order, then)


@require_safe
@staff_page(PERMISSION, "导出台账")
def ledger_csv(request: StaffRequest, pk: int) -> HttpResponse:
    """The entries asked for as CSV."""
    found = get_object_or_404(Ledger, pk=pk)
    table = table_of(request, found, strict_look_of(request))
    lines = sheets.csv_lines(table.columns, table.rows)
    response = HttpResponse("".join(lines), content_type="text/csv; charset=utf-8")
    return _as_file(response, found, "csv", look_of(request))


@require_safe
@staff_page(PERMISSION, "导出台账")
def ledger_xlsx(request: StaffRequest, pk: int) -> HttpResponse:
    """The entries asked for as a workbook; it can be filled in and handed back."""
    found = get_object_or_404(Ledger, pk=pk)
    table = table_of(request, found, strict_look_of(request))
    rows = () if "template" in request.GET else table.rows
    response = HttpResponse(sheets.workbook(found.title, table.columns, rows), content_type=CONTENT_TYPE)
    return _as_file(response, found, "xlsx", look_of(request))


def _as_file(response: HttpResponse, found: Ledger, suffix: str, look: Look) -> HttpResponse:
    name = f"{found.title}-{look.day}.{suffix}"
    return _named(response, f"ledger-{found.pk}.{suffix}", name)


def _named(response: HttpResponse, plain: str, name: str) -> HttpResponse:
    response["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    return response


@require_safe
@staff_page(PERMISSION, READING)
def averages(request: StaffRequest, pk: int) -> HttpResponse:
    """The entries above and below the average of a column."""
    found = get_object_or_404(Ledger.objects.select_related("directive"), pk=pk)
    columns, column = _averaged(request, found)
    look = look_of(request)
    context = {
        "ledger": found,
        "columns": columns,
        "column": column,
        "split": reads.split_of(found, column, look.moment) if column else None,
        **look.context(),
    }
    return render(request, "taskboard/ledgers/averages.html", context)


@require_safe
@staff_page(PERMISSION, "导出台账")
def averages_xlsx(request: StaffRequest, pk: int) -> HttpResponse:
    """The two lists of a column as a workbook."""
    found = get_object_or_404(Ledger, pk=pk)
    _, column = _averaged(request, found)
    look = strict_look_of(request)
    split = reads.split_of(found, column, look.moment) if column else None
    if column is None or split is None:
        raise Http404
    content = sheets.workbook_of_split(found.title, column, split)
    name = f"{found.title}-{column.name}平均值名单-{look.day}.xlsx"
    return _named(HttpResponse(content, content_type=CONTENT_TYPE), f"averages-{found.pk}.xlsx", name)


def _averaged(request: HttpRequest, found: Ledger) -> tuple[list[Column], Column | None]:
    """The columns that have an average, and the one that is asked for, else the first."""
    columns = reads.number_columns(columns_of(found))
    chosen = next((column for column in columns if column.key == request.GET.get("column")), None)
    return columns, chosen or (columns[0] if columns else None)


@require_POST
@staff_page(PERMISSION, READING)
def sign(request: StaffRequest, pk: int) -> HttpResponse:
    """The head signs what the unit has entered."""
    found = get_object_or_404(Ledger, pk=pk)
    unit = get_object_or_404(Department, slug=request.POST.get("department", ""))
    try:
        rows = sign_ledger(actor=request.user, at=timezone.now(), ledger=found, department=unit)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"已签字确认 {len(rows)} 条，此后只能凭佐证销号，或凭书面决定更正。")
    return redirect(found)

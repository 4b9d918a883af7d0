"""Periodic reports on a ledger in the browser: who owes what, and one report."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages as notes
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from foundation.errors import DomainError, InvalidInput
from organizations.access import StaffRequest, staff_page
from organizations.models import Department
from taskboard.ledgers import reads
from taskboard.ledgers.querysets import LedgerReportQuerySet
from taskboard.looks import Look, look_of, strict_look_of
from taskboard.models import ReportingRule
from taskboard.models.ledgers import Ledger, LedgerReport
from taskboard.periodic.forms import PeriodicReportForm
from taskboard.periodic.rhythm import READING as RHYTHMS
from taskboard.services.ledgers.periodic import file_ledger_report
from taskboard.supervision.lights import ledger_report_mark
from taskboard.supervision.tables import Cell, Head, Spec, table_page, table_workbook

PERMISSION, READING = "taskboard.view_task", "查看台账定期报送"
HEADS = (
    Head("责任单位", "department"),
    Head("报送期自", "start"),
    Head("报送期至（应报）", "end"),
    Head("状态", "state"),
    Head("处置进展"),
)
ORDERS = {
    "department": ["department__name", "period_end"],
    "start": ["period_start"],
    "end": ["period_end"],
    "state": ["stood", "period_end"],
}


class ReportFilter(forms.Form):
    """Which reports."""

    state = forms.ChoiceField(
        label="状态", choices=[("", "全部"), *LedgerReport.State.choices], required=False
    )
    department = forms.ChoiceField(label="责任单位", required=False)

    def __init__(self, *args: object, departments: Sequence[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["department"].choices = [("", "全部"), *departments]  # type: ignore[attr-defined]


def _line(row: LedgerReport, today: date, moment: datetime | None) -> Sequence[Cell]:
    if moment and row.met_at and row.met_at >= moment:
        row.state, row.progress = LedgerReport.State.OPEN, ""
    return (
        Cell(row.department.name, row.get_absolute_url()),
        Cell(day=row.period_start),
        Cell(day=row.period_end),
        Cell(mark=ledger_report_mark(row, today)),
        Cell(row.progress[:60]),
    )


def _spec(ledger: Ledger, look: Look) -> Spec:
    return Spec(
        title=f"{ledger.title}定期报送",
        name="taskboard:ledger_reports",
        key=ledger.pk,
        heads=HEADS,
        orders=ORDERS,
        day=look.day,
        line=partial(_line, moment=look.moment),
        empty="还没有应报的期次。单位负责人签字、到了报送期后，各单位的报送列在这里。",
        unit="期",
        template="taskboard/ledgers/reports.html",
    )


@require_safe
@staff_page(PERMISSION, READING)
def index(request: StaffRequest, pk: int) -> HttpResponse:
    """All periods of a ledger, the newest first."""
    ledger = get_object_or_404(Ledger.objects.select_related("directive"), pk=pk)
    look = look_of(request)
    rows, form = _filtered(request, ledger, look)
    rules = ReportingRule.objects.filter(directive=ledger.directive_id, task_list=None)
    return table_page(
        request,
        _spec(ledger, look),
        rows,
        form,
        ledger=ledger,
        rules=[(rule, RHYTHMS[rule.rhythm]) for rule in rules],
        **look.context(),
    )


@require_safe
@staff_page(PERMISSION, "导出台账定期报送")
def workbook(request: StaffRequest, pk: int) -> HttpResponse:
    """The same as a workbook."""
    ledger = get_object_or_404(Ledger, pk=pk)
    look = strict_look_of(request)
    return table_workbook(request, _spec(ledger, look), _filtered(request, ledger, look)[0])


def _filtered(request: StaffRequest, ledger: Ledger, look: Look) -> tuple[LedgerReportQuerySet, ReportFilter]:
    units = Department.objects.filter(ledger_reports__ledger=ledger).distinct()
    form = ReportFilter(request.GET, departments=list(units.values_list("slug", "name")))
    rows = LedgerReport.objects.visible_to(request.user).filter(ledger=ledger).select_related("department")
    seen: Any = rows.seen(look.moment)
    form.is_valid()
    if form.cleaned_data.get("state"):
        seen = seen.filter(stood=form.cleaned_data["state"])
    if form.cleaned_data.get("department"):
        seen = seen.filter(department__slug=form.cleaned_data["department"])
    return seen, form


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(PERMISSION, READING)
def report(request: StaffRequest, pk: int) -> HttpResponse:
    """One report: read by all, written by the unit that owes it."""
    seen = LedgerReport.objects.visible_to(request.user)
    found = get_object_or_404(seen.select_related("ledger", "department", "reporter"), pk=pk)
    form = PeriodicReportForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        refusal = _filed(request, found, form)
        if refusal is None:
            notes.success(request, "已报送。")
            return redirect(found)
        status = refusal.status
    context = {
        "report": found,
        "ledger": found.ledger,
        "mark": ledger_report_mark(found, timezone.localdate()),
        "form": form,
        "may_report": found.state == LedgerReport.State.OPEN
        and found.department in reads.units_kept_by(request.user),
    }
    return render(request, "taskboard/ledgers/report.html", context, status=status)


def _filed(request: StaffRequest, found: LedgerReport, form: PeriodicReportForm) -> DomainError | None:
    """Hand it in; what stood against it is shown above what was typed."""
    if not form.is_valid():
        return InvalidInput("请改正标出的内容。")
    try:
        file_ledger_report(actor=request.user, at=timezone.now(), report=found, **form.cleaned_data)
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        found.refresh_from_db()
        return refusal
    return None

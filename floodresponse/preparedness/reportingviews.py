"""Which units owe daily reports (应报单位): the plan's lists, their gaps, what the office settled."""

from typing import Any

from django import forms
from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from floodresponse.downloads import workbook_response
from floodresponse.incidentviews import show_refusal
from floodresponse.models import Plan
from floodresponse.preparedness.reportinglines import HEADER, Line, ReportingFilter, asked, lines_of, row_of
from floodresponse.services.obligations import require_office
from floodresponse.services.reportingunits import LONGEST_REASON, settle_reporting_unit
from floodresponse.standing import keeps_office
from foundation.errors import InvalidInput, StateConflict
from organizations.access import StaffRequest, staff_page
from organizations.models import Department

PERMISSION = "floodresponse.view_command_post"
PAGE_SIZE = 50


class SettleForm(forms.Form):
    """A unit, whether it reports, on what ground."""

    unit = forms.ModelChoiceField(
        Department.objects.none(),
        label="单位",
        empty_label="请选择",
        widget=forms.Select({"class": "field"}),
    )
    owes = forms.TypedChoiceField(
        label="应报",
        choices=[("yes", "应报"), ("no", "不报")],
        coerce=lambda given: given == "yes",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label="依据", max_length=LONGEST_REASON, widget=forms.TextInput({"class": "field"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        each = Department.objects.active().exclude(kind=Department.Kind.COLLECTIVE)
        self.fields["unit"].queryset = each.order_by("order", "name")  # type: ignore[attr-defined]


@staff_page(PERMISSION, "查看应报单位")
def units(request: StaffRequest) -> HttpResponse:
    """All units of the plan with what is open; the office settles it."""
    now, plan = timezone.now(), _plan()
    if request.method == "POST":
        require_office(request.user, "确认应报单位")
    initial = {"unit": request.GET.get("unit"), "owes": "yes"}
    settling = SettleForm(request.POST if request.method == "POST" else None, initial=initial)
    if plan and settling.is_valid():
        try:
            settled = settle_reporting_unit(actor=request.user, plan=plan, at=now, **settling.cleaned_data)
        except (InvalidInput, StateConflict) as refusal:
            show_refusal(refusal, settling)
        else:
            notes.success(request, f"已确认：{settled}，自下一轮每日报告起算。")
            return redirect("floodresponse:reporting_units")
    form, lines = _asked(request, plan)
    context = {
        "plan": plan,
        "page": Paginator(lines, PAGE_SIZE).get_page(request.GET.get("page")),
        "form": form,
        "filtered": any(request.GET.get(name) for name in form.fields),
        "order": request.GET.get("sort", ""),
        "settling": settling,
        "office": keeps_office(request.user),
    }
    status = 400 if settling.errors else 200
    return render(request, "floodresponse/preparedness/reporting.html", context, status=status)


@require_safe
@staff_page(PERMISSION, "导出应报单位")
def reporting_xlsx(request: StaffRequest) -> HttpResponse:
    """The units asked for."""
    _, lines = _asked(request, _plan())
    return workbook_response("应报单位", "flood-reporting-units", HEADER, map(row_of, lines))


def _plan() -> Plan | None:
    return Plan.objects.holding_in(timezone.localdate().year)


def _asked(request: StaffRequest, plan: Plan | None) -> tuple[ReportingFilter, list[Line]]:
    form = ReportingFilter(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    return form, asked(lines_of(plan) if plan else [], chosen, request.GET.get("sort", ""))

"""Which units owe daily reports (应报单位): the plan's lists, their gaps, what the office settled."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages as notes
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from floodresponse.incidentviews import show_refusal
from floodresponse.members import member_units
from floodresponse.models import Plan, ReportingUnit
from floodresponse.readiness import assemble
from floodresponse.services.obligations import require_office
from floodresponse.services.reportingunits import LONGEST_REASON, settle_reporting_unit
from floodresponse.standing import keeps_office
from foundation.errors import InvalidInput, StateConflict
from organizations.access import StaffRequest, staff_page
from organizations.models import Department

PERMISSION = "floodresponse.view_command_post"


@dataclass(frozen=True, slots=True)
class Line:
    """A unit: whether it has a seat and a printed duty, what was settled; ``gap`` where the lists differ."""

    unit: Department
    seat: bool
    duty: bool
    gap: bool
    settled: ReportingUnit | None

    @property
    def owes(self) -> bool:
        """As settled, else as the lists say."""
        return self.settled.owes if self.settled else True


class SettleForm(forms.Form):
    """A unit, whether it reports, on what ground."""

    unit = forms.ModelChoiceField(
        Department.objects.none(), label="单位", widget=forms.Select({"class": "field"})
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
    now = timezone.now()
    plan = Plan.objects.holding_in(timezone.localtime(now).year)
    if request.method == "POST":
        require_office(request.user, "确认应报单位")
    initial = {"unit": request.GET.get("unit"), "owes": "yes"}
    form = SettleForm(request.POST if request.method == "POST" else None, initial=initial)
    if plan and form.is_valid():
        try:
            settled = settle_reporting_unit(actor=request.user, plan=plan, at=now, **form.cleaned_data)
        except (InvalidInput, StateConflict) as refusal:
            show_refusal(refusal, form)
        else:
            notes.success(request, f"已确认：{settled}，自下一轮每日报告起算。")
            return redirect("floodresponse:reporting_units")
    context = {
        "plan": plan,
        "lines": _lines(plan) if plan else [],
        "form": form,
        "office": keeps_office(request.user),
    }
    status = 400 if form.errors else 200
    return render(request, "floodresponse/preparedness/reporting.html", context, status=status)


def _lines(plan: Plan) -> list[Line]:
    post = assemble(list(plan.members.select_related("unit")), list(plan.duties.prefetch_related("units")))
    gaps = {unit.pk for unit in (*post.units_without_duty, *post.units_without_seat)}
    seated = {seat.member.unit_id for seat in post.seats} | {head.unit_id for head in post.heads}
    unprinted = {unit.pk for unit in post.units_without_duty}
    settled = {one.unit_id: one for one in plan.reporting_units.select_related("unit", "decided_by")}
    members = list(member_units(plan))
    known = {unit.pk for unit in members}
    added = [one.unit for one in settled.values() if one.unit_id not in known]
    lines = [
        Line(
            unit=unit,
            seat=unit.pk in seated,
            duty=unit.pk in known and unit.pk not in unprinted,
            gap=unit.pk in gaps and unit.pk not in settled,
            settled=settled.get(unit.pk),
        )
        for unit in (*members, *added)
    ]
    return sorted(lines, key=lambda line: not line.gap)

"""What is owed by whom: the overview with numbers to tap, one obligation, the flood watch."""

from typing import Any

from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from floodresponse.clocks import Clock, clocks_of
from floodresponse.command.roster import Line, callee, roster_of
from floodresponse.deadlines import acknowledged_for
from floodresponse.filters import ObligationFilter
from floodresponse.incidentforms import CallForm, DailyForm, ReasonForm
from floodresponse.models import FloodWatch, Obligation
from floodresponse.reportqueries import ObligationQuerySet
from floodresponse.reportsheets import MOST_ROWS, OBLIGATION_SORTS, obligations_workbook, sorted_obligations
from floodresponse.roster.reads import on_duty_at
from floodresponse.services.acknowledging import acknowledge_obligation
from floodresponse.services.daily import end_flood_watch, file_daily_report, start_flood_watch
from floodresponse.services.obligations import excuse_obligation, record_call
from floodresponse.standing import acts_for, keeps_office
from foundation.errors import DomainError, InvalidInput, StateConflict
from organizations.access import StaffRequest, staff_page
from organizations.models import Department

PERMISSION, READING = "floodresponse.view_command_post", "查看报告时限"
PAGE_SIZE = 30
FORMS = {"excuse": ReasonForm, "call": CallForm, "daily": DailyForm}


def _asked(request: StaffRequest) -> tuple[ObligationQuerySet, ObligationFilter, ObligationQuerySet]:
    seen = Obligation.objects.visible_to(request.user)
    rows = seen.select_related("unit", "incident")
    filtered = ObligationFilter(request.GET, queryset=rows, request=request)
    return seen, filtered, sorted_obligations(filtered.qs, request.GET.get("sort", ""))


@require_safe
@staff_page(PERMISSION, "导出报告时限")
def obligations_xlsx(request: StaffRequest) -> HttpResponse:
    """What is owed of what was asked for, as a workbook."""
    _, _, rows = _asked(request)
    return obligations_workbook(rows[:MOST_ROWS], timezone.now())


@staff_page(PERMISSION, READING)
def index(request: StaffRequest) -> HttpResponse:
    """Overdue first, then what runs out next."""
    now = timezone.now()
    seen, filtered, rows = _asked(request)
    office = keeps_office(request.user)
    page = Paginator(rows.with_acknowledged(now).with_calls(), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "clocks": clocks_of(page, now, roster_of(on_duty_at(now)) if office else None),
        "form": filtered.form,
        "units": Department.objects.filter(flood_obligations__in=seen.order_by()).distinct(),
        "filtered": any(request.GET.get(name) for name in filtered.filters),
        "sorts": OBLIGATION_SORTS,
        "order": request.GET.get("sort", ""),
        "overdue": seen.overdue(now).count(),
        "watch": FloodWatch.objects.filter(is_on=True).select_related("started_by").first(),
        "office": office,
        "now": now,
    }
    return render(request, "floodresponse/obligations.html", context)


@staff_page(PERMISSION, READING)
def obligation(request: StaffRequest, pk: int) -> HttpResponse:
    """One obligation: why it is due then, who was called, excusing it, the report of the day."""
    seen = Obligation.objects.visible_to(request.user)
    found = get_object_or_404(seen.select_related("unit", "incident", "excused_by"), pk=pk)
    now = timezone.now()
    line = roster_of(on_duty_at(now)).line_to(found.unit)
    sent = request.POST.get("step", "") if request.method == "POST" else ""
    forms: dict[str, Any] = {
        name: form(request.POST if name == sent else None, initial=_initial(found, name, line))
        for name, form in FORMS.items()
    }
    if sent in forms and forms[sent].is_valid():
        try:
            _do(request, found, sent, forms[sent].cleaned_data)
        except (InvalidInput, StateConflict) as refusal:
            forms[sent].add_error(None, refusal.message)
        else:
            return redirect("floodresponse:obligation", pk=found.pk)
    acknowledged = list(found.acknowledgements.select_related("by"))
    context = {
        "obligation": found,
        "clock": Clock(found, now, line),
        "calls": found.calls.select_related("called_by"),
        "acknowledgements": acknowledged,
        "held": any(one.until > now for one in acknowledged),
        "holds_for": acknowledged_for(found.kind).seconds // 60,
        "daily_report": getattr(found, "daily_report", None),
        "forms": forms,
        "office": keeps_office(request.user),
        "may_act": acts_for(request.user, found.unit),
    }
    refused = sent in forms and bool(forms[sent].errors)
    return render(request, "floodresponse/obligation.html", context, status=400 if refused else 200)


def _initial(found: Obligation, name: str, line: Line | None) -> dict[str, str]:
    if name == "call":
        called, number = callee(found.unit, line)
        return {"called": called, "number": number}
    return {"text": "今日无灾情。"} if name == "daily" and found.kind == Obligation.Kind.ZERO else {}


def _do(request: StaffRequest, found: Obligation, step: str, values: dict[str, Any]) -> None:
    now = timezone.now()
    if step == "excuse":
        excuse_obligation(actor=request.user, obligation=found, reason=values["reason"], at=now)
        notes.success(request, "已免责，迟报的分钟数保留。")
    elif step == "daily":
        file_daily_report(actor=request.user, obligation=found, text=values["text"], at=now)
        notes.success(request, "已报送。")
    else:
        answered = request.POST.get("answered") == "1"
        record_call(actor=request.user, obligation=found, answered=answered, at=now, **values)
        notes.success(request, "叫应已登记。")


@require_POST
@staff_page(PERMISSION, READING)
def acknowledge(request: StaffRequest, pk: int) -> HttpResponse:
    """I have seen it and take care."""
    seen = Obligation.objects.visible_to(request.user).select_related("unit")
    found = get_object_or_404(seen, pk=pk)
    try:
        made = acknowledge_obligation(actor=request.user, obligation=found, at=timezone.now())
        until = timezone.localtime(made.until)
        notes.success(request, f"已签收，提醒暂停到 {until:%H:%M}；到时仍未报告，提醒继续。")
    except StateConflict as refusal:
        notes.error(request, refusal.message)
    return redirect("floodresponse:obligation", pk=found.pk)


@require_POST
@staff_page(PERMISSION, READING)
def watch(request: StaffRequest) -> HttpResponse:
    """Switch flood watch on or off."""
    on = request.POST.get("on") == "1"
    switch = start_flood_watch if on else end_flood_watch
    told = (
        "已开启汛期值守，每日零报告和气象报告开始计时。"
        if on
        else "已结束汛期值守，未到时限的每日报告不再要求。"
    )
    try:
        switch(actor=request.user, at=timezone.now())
        notes.success(request, told)
    except DomainError as refusal:
        notes.error(request, refusal.message)
    return redirect("floodresponse:obligations")

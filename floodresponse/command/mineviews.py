"""A unit's own page: what it owes now, what it was told to do, sirens to confirm. Made for the phone."""

from django.contrib import messages as notes
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from floodresponse.command.minepage import MOST, folded, orders_of, what_is_due
from floodresponse.command.roster import callee, roster_of
from floodresponse.models import (
    DutySwap,
    Incident,
    Obligation,
    Plan,
    RainAction,
    RainOrder,
    Response,
    SirenOrder,
    UnitAction,
)
from floodresponse.roster.reads import on_duty_at, own_shifts
from floodresponse.services import acknowledge_action, confirm_sounding, finish_action
from floodresponse.services.obligations import record_action_call
from floodresponse.standing import keeps_office, units_of
from foundation.errors import DomainError
from organizations.access import StaffRequest, staff_page

PERMISSION, WHAT = "floodresponse.report_incident", "查看本单位的应报事项"
SIREN = "floodresponse.confirm_siren"


@staff_page(PERMISSION, WHAT)
def mine(request: StaffRequest) -> HttpResponse:
    """What is owed now, what is late or due next first; orders; sirens."""
    now, own = timezone.now(), units_of(request.user)
    office = keeps_office(request.user)
    actions = UnitAction.objects.filter(response__terminated_at=None).exclude(state=UnitAction.State.CLOSED)
    actions = actions if office else actions.filter(unit__in=own)
    rain = RainAction.objects.filter(order__in=RainOrder.objects.standing())
    rain = rain if office else rain.filter(unit__in=own)
    incidents = Incident.objects.visible_to(request.user).unresolved()
    plan = Plan.objects.holding_in(timezone.localdate().year)
    owed = Obligation.objects.visible_to(request.user).open()
    roster = roster_of(on_duty_at(now)) if office else None
    due, more = what_is_due(owed, at=now, roster=roster)
    context = {
        "due": folded(due),
        "more": more,
        "actions": orders_of(actions, rain, roster=roster),
        "sirens": list(_sirens()) if office and request.user.has_perm(SIREN) else [],
        "incidents": folded(incidents.select_related("unit")[:MOST]),
        "office": office,
        "phone": plan.office_phone if plan else "",
        "own": own_shifts(request.user, now),
        "waiting": DutySwap.objects.waiting_for(request.user).select_related("shift", "other"),
        "now": now,
    }
    return render(request, "floodresponse/command/mine.html", context)


def _sirens() -> QuerySet[SirenOrder]:
    """Ordered by the response that is active, and not sounded."""
    waiting = SirenOrder.objects.filter(sounded_at=None, withdrawn_at=None)
    return waiting.filter(record__response__in=Response.objects.real().active()).select_related("record")


@require_POST
@staff_page(PERMISSION, WHAT)
def answer(request: StaffRequest, pk: int) -> HttpResponse:
    """Acknowledge an order, or say that it is done."""
    action = get_object_or_404(UnitAction.objects.select_related("unit"), pk=pk)
    done = request.POST.get("step") == "done"
    service, words = (finish_action, "已上报落实。") if done else (acknowledge_action, "已签收。")
    try:
        service(actor=request.user, at=timezone.now(), action=action)
        notes.success(request, words)
    except DomainError as refusal:
        notes.error(request, refusal.message)
    return redirect("floodresponse:mine")


@require_POST
@staff_page(PERMISSION, WHAT)
def call(request: StaffRequest, pk: int) -> HttpResponse:
    """The unit was called about an order that it has not answered."""
    action = get_object_or_404(UnitAction.objects.select_related("unit", "response"), pk=pk)
    answered, now = request.POST.get("answered") == "1", timezone.now()
    line = roster_of(on_duty_at(now)).line_to(action.unit) if action.unit else None
    called, number = callee(action.unit, line) if action.unit else ("指挥部", "")
    try:
        record_action_call(
            actor=request.user, action=action, called=called, number=number, answered=answered, at=now
        )
        notes.success(request, "叫应已登记。")
    except DomainError as refusal:
        notes.error(request, refusal.message)
    if request.POST.get("back") == "board":
        query = "?exercise=1" if action.response.exercise else ""
        return redirect(f"{reverse('floodresponse:index')}{query}#actions-title")
    return redirect("floodresponse:mine")


@require_POST
@staff_page(PERMISSION, WHAT)
def sounded(request: StaffRequest, pk: int) -> HttpResponse:
    """A siren sounded."""
    order = get_object_or_404(SirenOrder, pk=pk)
    try:
        confirm_sounding(actor=request.user, at=timezone.now(), order=order)
        notes.success(request, f"第 {order.number} 次警报已确认鸣放。")
    except DomainError as refusal:
        notes.error(request, refusal.message)
    return redirect("floodresponse:mine")

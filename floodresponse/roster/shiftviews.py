"""One shift: signing in, asking for a swap, answering one."""

from datetime import datetime
from typing import Any

from django.contrib import messages as notes
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from floodresponse.models import DutyShift, DutySwap
from floodresponse.numbers import for_reader, sees_numbers
from floodresponse.roster import days
from floodresponse.roster.board import Place
from floodresponse.roster.forms import AnswerForm, SwapForm
from floodresponse.services.roster import sign_in
from floodresponse.services.swaps import answer_swap, ask_swap, withdraw_swap
from floodresponse.standing import acts_for
from foundation.errors import DomainError, InvalidInput, StateConflict
from organizations.access import StaffRequest, staff_page

PERMISSION, READING = "floodresponse.view_command_post", "查看值班表"


@staff_page(PERMISSION, READING)
def shift(request: StaffRequest, pk: int) -> HttpResponse:
    """Who it is, whether signed in, the swaps around it; asking for one."""
    seen = DutyShift.objects.visible_to(request.user).select_related("unit", "user", "signed_in_by")
    found, now = get_object_or_404(seen, pk=pk), timezone.now()
    today = days.duty_day(timezone.localtime(now))
    form = SwapForm(request.POST if request.method == "POST" else None, shift=found, today=today)
    if form.is_valid():
        try:
            ask_swap(actor=request.user, shift=found, at=now, **form.cleaned_data)
        except (InvalidInput, StateConflict) as refusal:
            form.add_error(None, refusal.message)
        else:
            notes.success(request, "已向对方提出换班，等对方本人同意后生效。")
            return redirect(found)
    for_reader([found], request.user)
    context = {"shift": found, "form": form, **_around(request, found, now)}
    return render(request, "floodresponse/roster/shift.html", context, status=400 if form.errors else 200)


def _around(request: StaffRequest, found: DutyShift, now: datetime) -> dict[str, Any]:
    zone, local = timezone.get_current_timezone(), timezone.localtime(now)
    swaps = DutySwap.objects.filter(Q(shift=found) | Q(other=found))
    acting = found.user_id == request.user.pk or (
        request.user.has_perm("floodresponse.keep_roster") and acts_for(request.user, found.unit)
    )
    return {
        "place": Place(found.unit, found.day, DutyShift.Role(found.role), found, now),
        "may_sign": acting and found.signed_in_at is None and days.may_sign_in(found.day, local, zone),
        "may_ask": acting and days.begins(found.day, zone) > local,
        "swaps": swaps.select_related("shift", "other", "asked_by", "answered_by"),
        "answer": AnswerForm(),
        "begins": days.begins(found.day, zone),
        "ends": days.ends(found.day, zone),
        "acting": acting,
        "numbers": sees_numbers(request.user),
    }


@require_POST
@staff_page(PERMISSION, READING)
def shift_sign_in(request: StaffRequest, pk: int) -> HttpResponse:
    """I am here."""
    found = get_object_or_404(DutyShift.objects.visible_to(request.user).select_related("unit"), pk=pk)
    try:
        sign_in(actor=request.user, shift=found, at=timezone.now())
        notes.success(request, "已签到。")
    except StateConflict as refusal:
        notes.error(request, refusal.message)
    return redirect(found)


@require_POST
@staff_page(PERMISSION, READING)
def swap_answer(request: StaffRequest, pk: int) -> HttpResponse:
    """Agree, refuse, or take back what one asked."""
    seen = DutySwap.objects.visible_to(request.user).select_related("shift__unit", "other__unit", "asked_by")
    found, now = get_object_or_404(seen, pk=pk), timezone.now()
    step = request.POST.get("step", "")
    try:
        if step == "withdraw":
            withdraw_swap(actor=request.user, swap=found, at=now)
            notes.success(request, "已撤回换班申请。")
        else:
            note = request.POST.get("note", "")
            answer_swap(actor=request.user, swap=found, agree=step == "agree", at=now, note=note)
            notes.success(request, "已同意，值班表已更换。" if step == "agree" else "已答复：未同意。")
    except DomainError as refusal:
        notes.error(request, refusal.message)
    return redirect(found.shift)

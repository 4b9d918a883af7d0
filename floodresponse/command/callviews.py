"""Calling out (叫应) from screen and list: who was called and whether they answered, by one press."""

from django.contrib import messages as notes
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from floodresponse.command.roster import callee, roster_of
from floodresponse.command.views import PERMISSION, WATCHING
from floodresponse.models import Obligation
from floodresponse.roster.reads import on_duty_at
from floodresponse.services.obligations import record_call
from foundation.errors import DomainError
from organizations.access import StaffRequest, staff_page


@require_POST
@staff_page(PERMISSION, WATCHING)
def call(request: StaffRequest, pk: int) -> HttpResponse:
    """Whoever is on duty for the unit was called about a report that it owes."""
    seen = Obligation.objects.visible_to(request.user).select_related("unit", "incident")
    owed, now = get_object_or_404(seen, pk=pk), timezone.now()
    called, number = callee(owed.unit, roster_of(on_duty_at(now)).line_to(owed.unit))
    answered = request.POST.get("answered") == "1"
    try:
        record_call(
            actor=request.user,
            obligation=owed,
            called=called,
            number=number,
            answered=answered,
            at=now,
        )
        notes.success(request, f"已登记：叫应{owed.unit}，{'已接' if answered else '未接'}。")
    except DomainError as refusal:
        notes.error(request, refusal.message)
    if request.POST.get("back") == "list":
        asked = QueryDict(request.POST.get("query", "")).urlencode()
        return redirect(f"{reverse('floodresponse:obligations')}?{asked}#owed-{owed.pk}")
    query = "?exercise=1" if owed.exercise else ""
    return redirect(f"{reverse('floodresponse:index')}{query}#owed-title")

"""Changing who follows an incident."""

from typing import Any

from django import forms
from django.contrib import messages as notes
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from floodresponse.models import Incident
from floodresponse.services.incidents import require_acting_for
from floodresponse.services.tracking import LONGEST_REASON, change_tracker
from floodresponse.standing import OFFICE, UNIT_ROLES
from foundation.errors import InvalidInput, StateConflict
from organizations.access import StaffRequest, staff_page
from organizations.models import Department, Role, RoleAssignment, User


class TrackerForm(forms.Form):
    """Somebody of the unit or the office, and why."""

    tracker = forms.ModelChoiceField(
        User.objects.none(), label="跟踪人", widget=forms.Select({"class": "field"})
    )
    reason = forms.CharField(
        label="更换理由", max_length=LONGEST_REASON, widget=forms.TextInput({"class": "field"})
    )

    def __init__(self, *args: Any, unit: Department, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Q(department=unit, role__in=UNIT_ROLES)
        held = RoleAssignment.objects.filter(own | OFFICE | Q(role=Role.COMMANDER))
        people = User.objects.filter(is_active=True, pk__in=held.values("user"))
        self.fields["tracker"].queryset = people.order_by("username")  # type: ignore[attr-defined]


@staff_page("floodresponse.view_command_post", "查看险情")
def tracker(request: StaffRequest, pk: int) -> HttpResponse:
    """Choose another person."""
    seen = Incident.objects.visible_to(request.user).select_related("unit", "tracker")
    found = get_object_or_404(seen, pk=pk)
    require_acting_for(request.user, found.unit, "更换该单位险情的跟踪人")
    form = TrackerForm(request.POST if request.method == "POST" else None, unit=found.unit)
    if form.is_valid():
        try:
            change_tracker(actor=request.user, incident=found, at=timezone.now(), **form.cleaned_data)
        except (InvalidInput, StateConflict) as refusal:
            form.add_error(None, refusal.message)
        else:
            notes.success(request, "已更换跟踪人。")
            return redirect(found)
    context = {"incident": found, "form": form}
    return render(request, "floodresponse/tracker.html", context, status=400 if form.errors else 200)

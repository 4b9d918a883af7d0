"""Signs on the ground (征兆): seen, confirmed by a named person, withdrawn when they are over."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from floodresponse.incidentforms import MOMENT, now_as_typed
from floodresponse.models import Plan, SignObservation
from floodresponse.services import confirm_sign, end_sign
from floodresponse.standing import keeps_office, streets_bound_to
from foundation.errors import DomainError, InvalidInput, PermissionRefused
from organizations.access import StaffRequest, staff_page
from organizations.models import Department, User
from organizations.permissions import require

SEEING, READING = "floodresponse.view_command_post", "查看现场现象"
RECORDING, WRITING = "floodresponse.enter_observations", "登记现场现象"
PAGE_SIZE = 50
STATES = [("", "全部"), ("on", "持续中"), ("over", "已解除")]


class SignForm(forms.Form):
    """Which sign, where, since when."""

    code = forms.ChoiceField(label="现象", widget=forms.Select(attrs={"class": "field"}))
    place = forms.CharField(
        label="地点", max_length=120, widget=forms.TextInput(attrs={"class": "field", "autocomplete": "off"})
    )
    street = forms.ModelChoiceField(
        label="所在街道",
        queryset=Department.objects.none(),
        required=False,
        empty_label="未写明",
        widget=forms.Select(attrs={"class": "field"}),
    )
    observed_at = forms.DateTimeField(label="发现时间", widget=MOMENT)
    note = forms.CharField(
        label="说明（怎样核实是内涝所致）",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"class": "field"}),
    )

    def __init__(self, *args: Any, plan: Plan | None, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bound, street = streets_bound_to(user), self.fields["street"]
        assert isinstance(street, forms.ModelChoiceField)
        streets = Department.objects.active().filter(kind=Department.Kind.STREET)
        street.queryset = streets if bound is None else streets.filter(pk__in=bound)
        if bound is not None and len(bound) == 1:
            street.empty_label = None
        field = self.fields["code"]
        assert isinstance(field, forms.ChoiceField)
        signs = plan.signs.order_by("level", "pk") if plan else ()
        field.choices = [(sign.code, f"{sign.label}（{sign.get_level_display()}）") for sign in signs]


def _form(request: StaffRequest, data: Any, plan: Plan | None, now: datetime) -> SignForm:
    return SignForm(data, plan=plan, user=request.user, initial={"observed_at": now_as_typed(now)})


@staff_page(SEEING, READING)
def signs(request: StaffRequest) -> HttpResponse:
    """All signs, those that last first; the form for whoever may confirm one."""
    if request.method == "POST":
        require(request.user, RECORDING, WRITING)
    plan, now = Plan.objects.holding_in(timezone.localdate().year), timezone.now()
    may_record = request.user.has_perm(RECORDING)
    data = request.POST if request.method == "POST" else None
    form = _form(request, data, plan, now) if may_record else None
    if form is not None and data is not None and form.is_valid():
        try:
            confirm_sign(actor=request.user, at=now, **form.cleaned_data)
        except InvalidInput as refusal:
            for name, sentences in refusal.fields.items():
                form.add_error(name, list(sentences))
        except PermissionRefused as refusal:
            form.add_error("street", refusal.message)
        else:
            notes.success(request, "已登记为旁证，不改变推荐级别。")
            return redirect("floodresponse:signs")
    state = request.GET.get("state", "")
    found = SignObservation.objects.select_related("confirmed_by", "street").order_by("-observed_at", "-pk")
    if state in ("on", "over"):
        found = found.filter(ended_at__isnull=state == "on")
    context = {
        "form": form,
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "labels": {sign.code: sign for sign in plan.signs.all()} if plan else {},
        "states": STATES,
        "state": state,
        "ends_all": keeps_office(request.user),
    }
    refused = form is not None and bool(form.errors)
    return render(request, "floodresponse/command/signs.html", context, status=400 if refused else 200)


@require_POST
@staff_page(RECORDING, "解除现场现象")
def end(request: StaffRequest, pk: int) -> HttpResponse:
    """It is over."""
    try:
        end_sign(actor=request.user, at=timezone.now(), sign=get_object_or_404(SignObservation, pk=pk))
        notes.success(request, "已解除。")
    except DomainError as refusal:
        notes.error(request, refusal.message)
    return redirect("floodresponse:signs")

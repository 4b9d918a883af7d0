"""The office's pages of an incident: verifying and passing it up, and where it is counted."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages as notes
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from floodresponse.incidentviews import PERMISSION, READING, show_refusal
from floodresponse.models import Incident, Plan
from floodresponse.passing import draft_words
from floodresponse.services.announcing import ABOVE, units_concerned
from floodresponse.services.counting import count_incident
from floodresponse.services.obligations import require_office
from floodresponse.services.passing import (
    LONGEST_TEXT,
    PassingContent,
    pass_up,
    units_above,
    without_officers,
)
from floodresponse.services.reports import latest_figures
from foundation.errors import InvalidInput, StateConflict
from organizations.access import StaffRequest, staff_page
from organizations.models import Department

# What happened that long before or after may be the same.
NEAR = timedelta(days=2)


class PassingForm(forms.Form):
    """What is passed up and to whom a copy goes."""

    text = forms.CharField(
        label="上报内容",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"class": "field", "rows": 9}),
    )
    copies = forms.ModelMultipleChoiceField(
        Department.objects.none(), label="抄送", required=False, widget=forms.CheckboxSelectMultiple
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, units: QuerySet[Department], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["copies"].queryset = units  # type: ignore[attr-defined]  # a field of models

    def content(self) -> PassingContent:
        """As the service takes it."""
        given = self.cleaned_data
        return PassingContent(text=given["text"], seen=given["seen"], copies=list(given["copies"]))


class CountingForm(forms.Form):
    """In which street it is, and which other incident it is the same as."""

    street = forms.ModelChoiceField(
        Department.objects.none(),
        label="所在街道",
        required=False,
        empty_label="未注明",
        widget=forms.Select({"class": "field"}),
    )
    same_as = forms.ModelChoiceField(
        Incident.objects.none(),
        label="与哪一起相同",
        required=False,
        empty_label="单独计算",
        widget=forms.Select({"class": "field"}),
    )

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        streets = Department.objects.active().filter(kind=Department.Kind.STREET)
        self.fields["street"].queryset = streets.order_by("order", "name")  # type: ignore[attr-defined]
        near = Incident.objects.filter(
            exercise=incident.exercise,
            same_as=None,
            occurred_at__gte=incident.occurred_at - NEAR,
            occurred_at__lte=incident.occurred_at + NEAR,
        )
        others = near.exclude(pk=incident.pk).select_related("unit")
        self.fields["same_as"].queryset = others  # type: ignore[attr-defined]
        self.fields["same_as"].label_from_instance = _named  # type: ignore[attr-defined]


def _named(incident: Incident) -> str:
    return f"{timezone.localtime(incident.occurred_at):%-m月%-d日 %H:%M} {incident.unit.name} {incident}"


def _found(request: StaffRequest, pk: int, what: str) -> Incident:
    seen = Incident.objects.visible_to(request.user).select_related("unit", "street", "same_as")
    found = get_object_or_404(seen, pk=pk)
    require_office(request.user, what)
    return found


@staff_page(PERMISSION, READING)
def passing_up(request: StaffRequest, pk: int) -> HttpResponse:
    """What is known on one side, what is passed up on the other."""
    found = _found(request, pk, "核实上报")
    reports = list(found.reports.select_related("filed_by").order_by("-pk"))
    last, figures = (reports[0] if reports else None), latest_figures(found)
    form = PassingForm(
        request.POST if request.method == "POST" else None,
        units=_copied(found),
        initial={"text": draft_words(found, last, figures), "seen": last.pk if last else None},
    )
    if form.is_valid():
        try:
            passed = pass_up(actor=request.user, incident=found, content=form.content(), at=timezone.now())
        except (InvalidInput, StateConflict) as refusal:
            show_refusal(refusal, form)
            sent: Any = form.data
            data = sent.copy()
            data["seen"] = str(last.pk) if last else ""
            form.data = data
        else:
            notes.success(request, f"已作为第 {passed.number} 次上报市委、市政府。")
            return redirect(found)
    above = units_above()
    context = {
        "incident": found,
        "form": form,
        "reports": reports,
        "above": above,
        "unreached": without_officers(above),
    }
    return render(request, "floodresponse/passing_up.html", context, status=400 if form.errors else 200)


def _copied(incident: Incident) -> QuerySet[Department]:
    """The unit itself, members, streets: whoever may be concerned; those above get it anyway."""
    plan = Plan.objects.holding_in(timezone.localdate().year)
    concerned = {incident.unit_id, *(units_concerned(plan) if plan else ())}
    each = Department.objects.active().filter(pk__in=concerned).exclude(name__in=ABOVE)
    return each.exclude(kind=Department.Kind.COLLECTIVE).order_by("order", "name")


@staff_page(PERMISSION, READING)
def counting(request: StaffRequest, pk: int) -> HttpResponse:
    """Its street, and the other one that it is the same as."""
    found = _found(request, pk, "确定险情的统计口径")
    form = CountingForm(
        request.POST if request.method == "POST" else None,
        incident=found,
        initial={"street": found.street_id, "same_as": found.same_as_id},
    )
    if form.is_valid():
        try:
            count_incident(actor=request.user, incident=found, at=timezone.now(), **form.cleaned_data)
        except (InvalidInput, StateConflict) as refusal:
            show_refusal(refusal, form)
        else:
            notes.success(request, "已更新统计口径。")
            return redirect(found)
    context = {"incident": found, "form": form}
    return render(request, "floodresponse/counting.html", context, status=400 if form.errors else 200)

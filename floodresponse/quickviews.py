"""The form of the phone: three answers send an incident, pictures and numbers go with it."""

import json
import uuid
from dataclasses import replace
from datetime import datetime

from django.contrib import messages as notes
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from floodresponse.incidentforms import IncidentForm
from floodresponse.incidentviews import REPORTING, show_refusal, units_for
from floodresponse.models import Criterion, Incident, IncidentReport, Plan, ReportDeadline, Station
from floodresponse.services.incidents import report_incident
from floodresponse.services.reports import ReportContent, file_report
from floodresponse.standing import keeps_office
from foundation.errors import InvalidInput, StateConflict
from organizations.access import StaffRequest, staff_page
from organizations.models import User

RECENT_PLACES = 30
USUAL_PHONE_MINUTES = 20
Channel = IncidentReport.Channel


@staff_page(REPORTING, "上报险情")
def new(request: StaffRequest) -> HttpResponse:
    """When, where, how deep; the rest may follow."""
    now = timezone.now()
    office, sent = keeps_office(request.user), request.method == "POST"
    initial = {"by_phone": office, "exercise": request.GET.get("exercise") == "1"}
    form = IncidentForm(
        request.POST if sent else None,
        request.FILES if sent else None,
        units=units_for(request),
        at=now,
        initial=initial,
    )
    if form.is_valid():
        try:
            incident = take_in(actor=request.user, form=form, at=now)
        except (InvalidInput, StateConflict) as refusal:
            show_refusal(refusal, form)
        else:
            notes.success(request, "已上报。下面是各项报告的时限。")
            # A fetch that followed a redirect would use up the sentence that the page is to show.
            if request.headers.get("X-Requested-With") == "fetch":
                return JsonResponse({"url": incident.get_absolute_url()}, status=201)
            return redirect(incident)
    plan = Plan.objects.holding_in(timezone.localdate().year)
    context = {
        "form": form,
        "office": office,
        "spots": Station.objects.filter(kind=Station.Kind.PONDING, is_active=True).order_by("street", "name"),
        "places": _recent_places(request),
        "phone": plan.office_phone if plan else "",
        "phone_minutes": _phone_minutes(plan),
        "depth_rules": _depth_rules(plan),
        "now": now,
    }
    return render(request, "floodresponse/incident_new.html", context, status=400 if form.errors else 200)


@transaction.atomic
def take_in(*, actor: User, form: IncidentForm, at: datetime) -> Incident:
    """The incident with its first reports; a form that was sent twice is taken in once.

    One that the person keeps as a call is a report by telephone, pictures are a
    report of their own. Numbers go with whichever there is, else into the text.
    """
    content = form.content()
    given = {Channel.PHONE: form.cleaned_data["by_phone"], Channel.MEDIA: form.cleaned_data["pictures"]}
    channels = [channel for channel, there in given.items() if there]
    figures = form.figures()
    if figures and not channels:
        told = "，".join(f"{form.fields[name].label} {number} 人" for name, number in figures.items())
        content = replace(content, summary=f"{content.summary}\n{told}".strip())
    incident = report_incident(actor=actor, content=content, at=at)
    for channel in channels:
        report = ReportContent(
            channel=channel,
            stage=IncidentReport.Stage.FIRST,
            text=incident.summary or f"{incident.location}{incident.get_kind_display()}",
            figures=figures,
            pictures=form.cleaned_data["pictures"] if channel == Channel.MEDIA else (),
            keep_position=form.cleaned_data["keep_position"],
            key=uuid.uuid5(form.cleaned_data["key"], channel),
        )
        file_report(actor=actor, incident=incident, content=report, at=at)
    return incident


def _recent_places(request: StaffRequest) -> list[str]:
    found = Incident.objects.visible_to(request.user).values_list("location", flat=True)[:RECENT_PLACES]
    return list(dict.fromkeys(found))


def _phone_minutes(plan: Plan | None) -> int:
    """How long a unit has for the report by telephone."""
    rows = plan.deadlines.filter(kind=ReportDeadline.Kind.PHONE, minutes__isnull=False) if plan else None
    row = rows.first() if rows is not None else None
    return row.minutes or USUAL_PHONE_MINUTES if row else USUAL_PHONE_MINUTES


def _depth_rules(plan: Plan | None) -> str:
    """The depths of the levels for the browser, which shows what a depth would mean."""
    criteria = plan.criteria.filter(kind=Criterion.Kind.PONDING).order_by("level") if plan else ()
    rules = [
        {
            "level": row.level,
            "lower": float(row.lower),
            "from": row.lower_inclusive,
            "upper": None if row.upper is None else float(row.upper),
            "to": row.upper_inclusive,
        }
        for row in criteria
    ]
    return json.dumps(rules)

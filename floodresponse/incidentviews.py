"""Incidents: the list, the phone form, the page of one with its clocks and reports."""

from datetime import datetime
from typing import Any

from django.contrib import messages as notes
from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from floodresponse.clocks import clocks_of
from floodresponse.command.roster import roster_of
from floodresponse.filters import IncidentFilter
from floodresponse.incidentforms import GradeForm, ReportForm
from floodresponse.losses import street_of
from floodresponse.models import Incident, IncidentReport, Obligation, Plan
from floodresponse.reportqueries import IncidentQuerySet
from floodresponse.reportsheets import INCIDENT_SORTS, incidents_workbook, sorted_incidents
from floodresponse.roster.reads import on_duty_at
from floodresponse.services.incidents import change_grade, resolve_incident
from floodresponse.services.reports import file_report
from floodresponse.standing import acts_for, keeps_office, units_of
from foundation.errors import DomainError, InvalidInput, StateConflict
from foundation.models import Attachment
from organizations.access import StaffRequest, staff_page
from organizations.models import Department

PERMISSION, READING = "floodresponse.view_command_post", "查看险情"
REPORTING = "floodresponse.report_incident"
PAGE_SIZE = 50
Channel, Stage = IncidentReport.Channel, IncidentReport.Stage


def _asked(request: StaffRequest) -> tuple[IncidentQuerySet, IncidentFilter, QuerySet[Incident]]:
    seen = Incident.objects.visible_to(request.user)
    filtered = IncidentFilter(request.GET, queryset=seen.select_related("unit"), request=request)
    return seen, filtered, sorted_incidents(filtered.qs, request.GET.get("sort", ""))


@require_safe
@staff_page(PERMISSION, "导出险情")
def incidents_xlsx(request: StaffRequest) -> HttpResponse:
    """The incidents asked for, as a workbook."""
    _, _, rows = _asked(request)
    return incidents_workbook(rows)


@staff_page(PERMISSION, READING)
def index(request: StaffRequest) -> HttpResponse:
    """Incidents that one may see, the newest first."""
    seen, filtered, rows = _asked(request)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    now = timezone.now()
    context = {
        "page": page,
        "rows": _with_waiting(list(page), now),
        "unverified": set(
            seen.filter(pk__in=[one.pk for one in page]).unverified().values_list("pk", flat=True)
        ),
        "form": filtered.form,
        "units": Department.objects.filter(incidents__in=seen.order_by()).distinct(),
        "filtered": any(request.GET.get(name) for name in filtered.filters),
        "sorts": INCIDENT_SORTS,
        "order": request.GET.get("sort", ""),
        "may_report": request.user.has_perm(REPORTING),
    }
    return render(request, "floodresponse/incidents.html", context)


def _with_waiting(incidents: list[Incident], now: datetime) -> list[tuple[Incident, Any]]:
    """Each with the clock that runs out next."""
    first: dict[int, Obligation] = {}
    for obligation in Obligation.objects.open().filter(incident__in=incidents).order_by("due_at", "pk"):
        first.setdefault(obligation.incident_id or 0, obligation)
    return [
        (incident, clocks_of([first[incident.pk]], now)[0] if incident.pk in first else None)
        for incident in incidents
    ]


def units_for(request: StaffRequest) -> QuerySet[Department]:
    """For which units the person may report: one's own, or for the office all that owe reports."""
    if not keeps_office(request.user):
        return Department.objects.filter(pk__in=units_of(request.user))
    plan = Plan.objects.holding_in(timezone.localdate().year)
    owing = Q(kind=Department.Kind.STREET) | Q(pk__in=units_of(request.user))
    if plan:
        owing |= Q(command_seats__plan=plan) | Q(flood_duties__plan=plan)
    return Department.objects.active().filter(owing).distinct()


def show_refusal(refusal: DomainError, form: Any) -> None:
    """The sentence beside the field that it names, else above all."""
    named = [name for name in refusal.fields if name in form.fields]
    for name in named:
        for sentence in refusal.fields[name]:
            form.add_error(name, sentence)
    if not named:
        form.add_error(None, refusal.message)


def _found(request: StaffRequest, pk: int) -> Incident:
    return get_object_or_404(
        Incident.objects.visible_to(request.user).select_related(
            "unit", "street", "same_as", "tracker", "entered_by"
        ),
        pk=pk,
    )


@staff_page(PERMISSION, READING)
def incident(request: StaffRequest, pk: int) -> HttpResponse:
    """One incident: its clocks, its reports, what can be done."""
    return _page(request, _found(request, pk))


def _page(
    request: StaffRequest,
    found: Incident,
    *,
    report_form: ReportForm | None = None,
    grade_form: GradeForm | None = None,
) -> HttpResponse:
    now = timezone.now()
    owed = found.obligations.seen_at(now).urgent_first().select_related("unit", "incident", "excused_by")
    reports = list(found.reports.select_related("filed_by"))
    passed = list(found.passings_up.select_related("passed_by").prefetch_related("copies"))
    seen = max((one.report_id or 0 for one in passed), default=0)
    refused = any(form is not None and form.errors for form in (report_form, grade_form))
    context = {
        "incident": found,
        "clocks": clocks_of(owed, now),
        "reports": [(report, files) for report, files in _with_files(reports)],
        "report_form": report_form or ReportForm(initial=_next_report(_channel(request, reports), reports)),
        "grade_form": grade_form or GradeForm.of(found),
        "may_act": acts_for(request.user, found.unit),
        "office": keeps_office(request.user),
        "delay": _delays(found, reports),
        "place": street_of(found),
        "passed": passed,
        "unverified": sum(report.pk > seen for report in reports),
        "line": roster_of(on_duty_at(now)).line_to(found.unit),
        "now": now,
    }
    return render(request, "floodresponse/incident.html", context, status=400 if refused else 200)


def _channel(request: StaffRequest, reports: list[IncidentReport]) -> str:
    """The way that was asked for (``?kind=``), else the call for the first report, later ones in writing."""
    asked = request.GET.get("kind", "")
    if asked in Channel.values:
        return asked
    return Channel.WRITTEN if reports else Channel.PHONE


def _next_report(channel: str, reports: list[IncidentReport]) -> dict[str, str]:
    """What the form offers: the first report in a way is a first report, a later one a follow-up."""
    known = any(report.channel == channel for report in reports)
    return {"channel": channel, "stage": Stage.FOLLOWUP if known else Stage.FIRST}


def _with_files(reports: list[IncidentReport]) -> list[tuple[IncidentReport, list[Attachment]]]:
    owner_type = ContentType.objects.get_for_model(IncidentReport)
    files = (
        Attachment.objects.kept()
        .filter(owner_type=owner_type, owner_id__in=[str(report.pk) for report in reports])
        .select_related("flood_position")
    )
    by_report: dict[str, list[Attachment]] = {}
    for file in files.order_by("uploaded_at"):
        by_report.setdefault(file.owner_id, []).append(file)
    return [(report, by_report.get(str(report.pk), [])) for report in reports]


def _delays(found: Incident, reports: list[IncidentReport]) -> list[tuple[str, int]]:
    """发生→报告 and 发现→报告 in minutes, of the first report."""
    if not reports:
        return []
    first = min(report.reported_at for report in reports)
    return [
        (word, max(int((first - since).total_seconds() // 60), 0))
        for word, since in (("发生→报告", found.occurred_at), ("发现→报告", found.found_at))
    ]


@require_POST
@staff_page(PERMISSION, READING)
def report(request: StaffRequest, pk: int) -> HttpResponse:
    """File a report."""
    found = _found(request, pk)
    form = ReportForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            filed = file_report(actor=request.user, incident=found, content=form.content(), at=timezone.now())
        except (InvalidInput, StateConflict) as refusal:
            show_refusal(refusal, form)
        else:
            left = f"内容不全，缺：{'、'.join(filed.lacking)}，请补报。" if filed.incomplete else ""
            (notes.warning if left else notes.success)(request, f"报告已收到。{left}")
            return redirect(found)
    return _page(request, found, report_form=form)


@require_POST
@staff_page(PERMISSION, READING)
def grade(request: StaffRequest, pk: int) -> HttpResponse:
    """Change grade or casualties."""
    found = _found(request, pk)
    form = GradeForm.of(found, request.POST)
    if form.is_valid():
        changes: dict[str, Any] = dict(form.cleaned_data)
        reason: str = changes.pop("reason")
        before = found.obligations.count()
        try:
            change_grade(
                actor=request.user, incident=found, changes=changes, reason=reason, at=timezone.now()
            )
        except (InvalidInput, StateConflict) as refusal:
            show_refusal(refusal, form)
        else:
            added = found.obligations.count() - before
            notes.success(request, f"已更新，新增 {added} 项报告要求，见下。" if added else "已更新。")
            return redirect(found)
    return _page(request, found, grade_form=form)


@require_POST
@staff_page(PERMISSION, READING)
def resolve(request: StaffRequest, pk: int) -> HttpResponse:
    """It is over."""
    found = _found(request, pk)
    try:
        resolve_incident(actor=request.user, incident=found, at=timezone.now())
        notes.success(request, "已确认处置完毕，不再续报。")
    except DomainError as refusal:
        notes.error(request, refusal.message)
    return redirect(found)

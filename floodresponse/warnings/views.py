"""Warnings: the list, one with its steps."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from floodresponse.downloads import workbook_response
from floodresponse.models import FloodWarning, Plan
from floodresponse.services.announcing import units_concerned
from floodresponse.services.warnings import assess_warning, issue_warning, lift_warning
from floodresponse.standing import keeps_office
from floodresponse.warnings.filters import WarningFilter
from floodresponse.warnings.forms import AssessForm, IssueForm, LiftForm
from foundation.errors import InvalidInput, StateConflict
from organizations.access import StaffRequest, staff_page
from organizations.models import Department
from taskboard.ledgers.forms import show_refusal

PERMISSION, LOOKING = "floodresponse.view_command_post", "查看预警"
SUBMIT, HANDLE = "floodresponse.submit_warning", "floodresponse.handle_warning"
PAGE_SIZE = 50
SORTS = {
    "received": ("received_at", "pk"),
    "-received": ("-received_at", "-pk"),
    "colour": ("colour", "-received_at", "-pk"),
    "-colour": ("-colour", "-received_at", "-pk"),
    "ends": ("valid_to", "pk"),
    "-ends": ("-valid_to", "-pk"),
}
USUAL = "-received"
HEADER = (
    "编号",
    "来源单位",
    "类别",
    "颜色",
    "内容",
    "起",
    "止",
    "状态",
    "收到时间",
    "研判意见",
    "发布时间",
    "解除时间",
)


def _found(request: StaffRequest) -> tuple[WarningFilter, QuerySet[FloodWarning], str]:
    seen = FloodWarning.objects.visible_to(request.user).select_related("issuer")
    filtered = WarningFilter(request.GET, queryset=seen, request=request)
    order = request.GET.get("sort", USUAL)
    order = order if order in SORTS else USUAL
    return filtered, filtered.qs.order_by(*SORTS[order]), order


@require_safe
@staff_page(PERMISSION, LOOKING)
def warnings(request: StaffRequest) -> HttpResponse:
    """Warnings, the newest first."""
    now = timezone.now()
    filtered, found, order = _found(request)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(warning, state_words(warning, now)) for warning in page],
        "form": filtered.form,
        "issuers": Department.objects.filter(flood_warnings__isnull=False).distinct(),
        "filtered": any(request.GET.get(name) for name in filtered.filters),
        "order": order,
        "may_submit": request.user.has_perm(SUBMIT),
    }
    return render(request, "floodresponse/warnings/index.html", context)


@require_safe
@staff_page(PERMISSION, "导出预警")
def warnings_xlsx(request: StaffRequest) -> HttpResponse:
    """What the list shows, as a workbook."""
    now = timezone.now()
    _, found, _ = _found(request)
    return workbook_response("预警", "warnings", HEADER, [_cells(warning, now) for warning in found])


def _cells(warning: FloodWarning, now: datetime) -> tuple[str, ...]:
    moments = (
        warning.valid_from,
        warning.valid_to,
        warning.received_at,
        warning.issued_at,
        warning.lifted_at,
    )
    begins, ends, received, issued, lifted = (
        f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else "" for moment in moments
    )
    drill = "【演练】" if warning.exercise else ""
    kind, colour = warning.get_kind_display(), warning.get_colour_display()
    what = (str(warning.pk), warning.issuer.name, kind, colour, f"{drill}{warning.text}", begins, ends)
    return (*what, state_words(warning, now), received, warning.assessment, issued, lifted)


def state_words(warning: FloodWarning, at: datetime) -> str:
    """Its state, as the time has made it."""
    if warning.expired(at):
        return "已过期" if warning.state == FloodWarning.State.ISSUED else "未发布已过期"
    if warning.state == FloodWarning.State.ISSUED:
        return "生效中" if warning.valid_from <= at else "已发布，未到时"
    return warning.get_state_display()


def _one(request: StaffRequest, pk: int) -> FloodWarning:
    seen = FloodWarning.objects.visible_to(request.user)
    people = ("received_by", "assessed_by", "issued_by", "lifted_by")
    return get_object_or_404(seen.select_related("issuer", *people), pk=pk)


@require_safe
@staff_page(PERMISSION, LOOKING)
def warning(request: StaffRequest, pk: int) -> HttpResponse:
    """One warning with its steps."""
    return _page(request, _one(request, pk))


def _page(request: StaffRequest, found: FloodWarning, bound: forms.Form | None = None) -> HttpResponse:
    """The page; ``bound`` is the form of the next step as it was refused."""
    now = timezone.now()
    handles = request.user.has_perm(HANDLE) and keeps_office(request.user)
    context: dict[str, Any] = {
        "warning": found,
        "state": state_words(found, now),
        "expired": found.expired(now),
        "units": found.units.all(),
        "step": bound or (_next_form(found, now) if handles else None),
        "handles": handles,
    }
    status = 400 if bound is not None else 200
    return render(request, "floodresponse/warnings/warning.html", context, status=status)


def _next_form(found: FloodWarning, now: datetime) -> forms.Form | None:
    states = FloodWarning.State
    if found.state == states.RECEIVED:
        return AssessForm(initial={"decision": "yes"})
    if found.state == states.APPROVED and found.valid_to > now:
        return IssueForm(units=_scope())
    return LiftForm() if found.state == states.ISSUED and found.valid_to > now else None


def _scope() -> QuerySet[Department]:
    """Whom a warning can concern: units of the plan in force and the streets."""
    plan = Plan.objects.holding_in(timezone.localdate().year)
    if plan is None:
        return Department.objects.streets().active()
    single = Department.objects.active().exclude(kind=Department.Kind.COLLECTIVE)
    return single.filter(pk__in=units_concerned(plan))


def _step(
    request: StaffRequest, found: FloodWarning, form: forms.Form, act: Callable[[], Any], done: str
) -> HttpResponse:
    """Do what a valid form asks; what is refused stands beside it."""
    if form.is_valid():
        try:
            act()
        except InvalidInput as refusal:
            show_refusal(form, refusal)
        except StateConflict as refusal:
            notes.error(request, refusal.message)
            return redirect(found)
        else:
            notes.success(request, done)
            return redirect(found)
    return _page(request, found, form)


@require_POST
@staff_page(HANDLE, "研判预警")
def assess(request: StaffRequest, pk: int) -> HttpResponse:
    """Assess it."""
    found, form = _one(request, pk), AssessForm(request.POST)
    actor, now = request.user, timezone.now()

    def act() -> None:
        given = form.cleaned_data
        issue = given["decision"] == "yes"
        assess_warning(actor=actor, at=now, warning=found, issue=issue, note=given["note"])

    return _step(request, found, form, act, "研判意见已记录。")


@require_POST
@staff_page(HANDLE, "发布预警")
def issue(request: StaffRequest, pk: int) -> HttpResponse:
    """Issue it."""
    found, form = _one(request, pk), IssueForm(request.POST, units=_scope())
    actor, now = request.user, timezone.now()

    def act() -> None:
        issue_warning(actor=actor, at=now, warning=found, units=form.cleaned_data["units"])

    return _step(request, found, form, act, "预警已发布，已通知发布范围内的单位。")


@require_POST
@staff_page(HANDLE, "解除预警")
def lift(request: StaffRequest, pk: int) -> HttpResponse:
    """Lift it."""
    found, form = _one(request, pk), LiftForm(request.POST)
    actor, now = request.user, timezone.now()

    def act() -> None:
        lift_warning(actor=actor, at=now, warning=found, reason=form.cleaned_data["reason"])

    return _step(request, found, form, act, "预警已解除，已通知原发布范围。")

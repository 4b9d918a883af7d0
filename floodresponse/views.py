"""The public page of waterlogging and the pages of the command post."""

from collections import defaultdict
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from floodresponse import matrix, readiness
from floodresponse.command.views import PERMISSION as COMMAND_SCREEN
from floodresponse.command.views import screen
from floodresponse.models import LevelRecord, Measure, Plan, Response
from floodresponse.services import put_plan_in_force
from foundation.errors import DomainError
from organizations.access import StaffRequest, staff_page

PERMISSION = "floodresponse.view_command_post"
CHANGE_PLAN = "floodresponse.change_plan"


def index(request: HttpRequest) -> HttpResponse:
    """The command screen for the command post; the page of the plan for everybody else."""
    if request.user.has_perm(COMMAND_SCREEN):
        return screen(cast(StaffRequest, request))
    return plan_page(request)


def plan_page(request: HttpRequest) -> HttpResponse:
    """Current level, advice and the plan for everybody; the seats of the command post for staff."""
    today = timezone.localdate()
    plan = plan_for(today.year)
    staff = request.user.has_perm(PERMISSION)
    context: dict[str, Any] = {"plan": plan, "today": today, "staff": staff, **_current_level()}
    if plan is not None:
        context |= _public_part(plan)
        context["other_year"] = plan.year != today.year
        if staff:
            context |= _command_post(plan)
    if staff:
        context["responses"] = _past_responses()
    if request.user.has_perm(CHANGE_PLAN):
        context["drafts"] = Plan.objects.drafts().select_related("directive")
    return render(request, "floodresponse/index.html", context)


@require_POST
@staff_page(CHANGE_PLAN, "启用防内涝方案")
def plan_in_force(request: StaffRequest, pk: int) -> HttpResponse:
    """Put a draft in force."""
    plan = get_object_or_404(Plan, pk=pk)
    try:
        put_plan_in_force(actor=request.user, at=timezone.now(), plan=plan)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"已启用 {plan.year} 年的防内涝方案。")
    return redirect("floodresponse:index")


def plan_for(year: int) -> Plan | None:
    """The plan of the year, else the latest one before it, else the earliest there is."""
    return Plan.objects.select_related("directive").holding_in(year)


def _current_level() -> dict[str, Any]:
    """The active real response with its latest level; none of it when nothing was declared."""
    latest = (
        LevelRecord.objects.filter(response__in=Response.objects.real().active(), level__isnull=False)
        .select_related("response")
        .order_by("-since", "-pk")
        .first()
    )
    level = latest.level if latest else None
    return {
        "current": latest,
        "badge": matrix.Badge(level) if level else None,
        "ladder": matrix.ladder(level),
    }


def _public_part(plan: Plan) -> dict[str, Any]:
    return {
        "matrix_rows": matrix.rows_of(plan.criteria.all(), plan.signs.all()),
        "sirens": [(matrix.Badge(rule.level), rule) for rule in plan.sirens.order_by("-level")],
        "deadlines": [(deadline, matrix.due_words(deadline)) for deadline in plan.deadlines.all()],
    }


def _command_post(plan: Plan) -> dict[str, Any]:
    members = list(plan.members.select_related("unit", "person").order_by("order"))
    duties = list(plan.duties.prefetch_related("units").order_by("order"))
    groups = plan.groups.select_related("leader").prefetch_related("units").order_by("order")
    return {
        "command_post": readiness.assemble(members, duties),
        "groups": groups,
        "measures": _measures(plan),
    }


def _measures(plan: Plan) -> list[tuple[str, list[tuple[Measure, matrix.Badge | None]]]]:
    """Measures by situation, in the order of the situations."""
    grouped: dict[str, list[tuple[Measure, matrix.Badge | None]]] = defaultdict(list)
    for measure in plan.measures.order_by("order"):
        badge = matrix.Badge(measure.from_level) if measure.from_level else None
        grouped[measure.situation].append((measure, badge))
    situations = Measure.Situation
    return [(str(s.label), grouped[s.value]) for s in situations if s.value in grouped]


def _past_responses() -> list[Response]:
    return list(Response.objects.select_related("plan").prefetch_related("levels")[:10])


@staff_page(PERMISSION, "查看防内涝指挥部")
def response(request: StaffRequest, pk: int) -> HttpResponse:
    """One response with its levels, who decided each and why."""
    found = get_object_or_404(Response.objects.select_related("plan__directive"), pk=pk)
    records = list(found.levels.select_related("decided_by").order_by("since", "pk"))
    context = {
        "response": found,
        "records": [(_badge(record), record) for record in records],
        "badge": _badge(records[-1]) if records else None,
    }
    return render(request, "floodresponse/response.html", context)


def _badge(record: LevelRecord) -> matrix.Badge | None:
    """None for the record that terminates."""
    return matrix.Badge(record.level) if record.level else None

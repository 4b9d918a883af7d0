"""The public page of waterlogging and the pages of the command post."""

from collections import defaultdict
from typing import Any, cast

from django.contrib import messages
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from floodresponse import matrix, readiness
from floodresponse.aftermath.views import is_published, may_read_all
from floodresponse.command.views import PERMISSION as COMMAND_SCREEN
from floodresponse.command.views import screen
from floodresponse.command.watching import watching
from floodresponse.models import AfterActionReport, LevelRecord, Measure, Plan, Response, SirenOrder
from floodresponse.plans import nearest
from floodresponse.responsepage import steps_of
from floodresponse.services import put_plan_in_force
from floodresponse.services.plans import may_keep_plan
from foundation.errors import DomainError
from organizations.access import StaffRequest, staff_page

PERMISSION = "floodresponse.view_command_post"
CHANGE_PLAN = "floodresponse.change_plan"
REPORTING = "floodresponse.report_incident"
MOST_RESPONSES = 10


def index(request: HttpRequest) -> HttpResponse:
    """The command screen for the command post; the page of the plan for everybody else."""
    if request.user.has_perm(COMMAND_SCREEN):
        return screen(cast(StaffRequest, request))
    return plan_page(request)


def plan_page(request: HttpRequest) -> HttpResponse:
    """Current level, advice and the plan for everybody; the seats of the command post for staff."""
    today, now = timezone.localdate(), timezone.now()
    plans = list(Plan.objects.with_basis(today.year).select_related("directive"))
    plan = nearest(today.year, [plan for plan in plans if plan.publication == Plan.Publication.PUBLISHED])
    staff = request.user.has_perm(PERMISSION)
    responses = list(_responses())
    current = next((one for one in responses if one.terminated_at is None and not one.exercise), None)
    level = getattr(current, "level_now", None)
    context: dict[str, Any] = {
        "plan": plan,
        "today": today,
        "staff": staff,
        "may_report": request.user.has_perm(REPORTING),
        "current": current,
        "badge": matrix.Badge(level) if level else None,
        "ladder": matrix.ladder(level),
    }
    if plan is not None:
        context |= _public_part(plan)
        context["other_year"] = plan.year != today.year and not plan.basis
        if staff:
            context |= _command_post(plan)
    if staff:
        context["responses"] = responses
    else:
        # Staff see the measurements themselves, live.
        context["watching"] = watching(now)
    if may_keep_plan(request.user):
        context["drafts"] = [one for one in plans if one.publication == Plan.Publication.DRAFT]
    return render(request, "floodresponse/index.html", context)


def _responses() -> QuerySet[Response]:
    """What is going on first, then the latest; each with its level, since when, and how many it had."""
    last = LevelRecord.objects.filter(response=OuterRef("pk")).order_by("-sequence")
    return Response.objects.annotate(
        steps=Count("levels"),
        level_now=Subquery(last.values("level")[:1]),
        since_now=Subquery(last.values("since")[:1]),
    ).order_by(F("terminated_at").desc(nulls_first=True), "-declared_at")[:MOST_RESPONSES]


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


def _public_part(plan: Plan) -> dict[str, Any]:
    return {
        "matrix_rows": matrix.rows_of(plan.criteria.all(), plan.signs.all()),
        "sirens": [(matrix.Badge(rule.level), rule) for rule in plan.sirens.order_by("-level")],
        "deadlines": [(deadline, matrix.due_words(deadline)) for deadline in plan.deadlines.all()],
    }


def _command_post(plan: Plan) -> dict[str, Any]:
    members = list(plan.members.select_related("unit", "person").order_by("order"))
    duties = list(plan.duties.prefetch_related("units").order_by("order"))
    groups = plan.groups.select_related("leader").order_by("order")
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


@staff_page(PERMISSION, "查看防内涝指挥部")
def response(request: StaffRequest, pk: int) -> HttpResponse:
    """One response: each decision with who took it, why, and what was recommended and measured then."""
    found = get_object_or_404(Response.objects.select_related("plan__directive"), pk=pk)
    levels = found.levels.select_related("decided_by", "notice", "cap").order_by("since", "pk")
    sirens = SirenOrder.objects.filter(record__response=found).select_related("record", "sounded_by")
    context = {
        "response": found,
        "steps": steps_of(levels, found.kept_levels.select_related("decided_by")),
        "sirens": [(matrix.Badge(order.record.level), order) for order in sirens if order.record.level],
        "reads_all": may_read_all(request.user),
        "has_report": is_published(AfterActionReport.objects.filter(response=found).first()),
    }
    return render(request, "floodresponse/response.html", context)

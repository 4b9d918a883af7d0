"""Findings in the browser: what has to be put right by whom until when, and one of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from foundation.errors import DomainError
from organizations.access import StaffRequest, staff_page
from organizations.models import Department, User
from taskboard.acting import WORK
from taskboard.looks import Look, look_of, strict_look_of
from taskboard.models import Finding
from taskboard.services.supervision.findings import (
    confirm_rectification,
    prolong_rectification,
    report_rectification,
    require_judge,
    return_rectification,
)
from taskboard.services.supervision.steps import unit_among
from taskboard.supervision.forms import (
    FindingFilter,
    ReasonForm,
    RectificationForm,
    RectifyByForm,
    RemarkForm,
)
from taskboard.supervision.lights import finding_mark
from taskboard.supervision.past import as_it_stood
from taskboard.supervision.querysets import FindingQuerySet
from taskboard.supervision.steps import Refused, Step, panels_of, take_step
from taskboard.supervision.tables import Cell, Head, Spec, table_page, table_workbook

PERMISSION, READING = "taskboard.view_task", "查看限期整改"
MAX_WORDS = 8
STEPS = {
    "report": Step(
        "报送整改",
        RectificationForm,
        lambda u, at, r, v: report_rectification(actor=u, at=at, finding=r, text=v["text"], upload=v["file"]),
        "已报送，等待确认。",
    ),
    "confirm": Step(
        "确认整改",
        RemarkForm,
        lambda u, at, r, v: confirm_rectification(actor=u, at=at, finding=r, **v),
        "已确认整改完成。",
    ),
    "return": Step(
        "退回整改",
        ReasonForm,
        lambda u, at, r, v: return_rectification(actor=u, at=at, finding=r, **v),
        "已退回整改单位。",
    ),
    "prolong": Step(
        "调整期限",
        RectifyByForm,
        lambda u, at, r, v: prolong_rectification(actor=u, at=at, finding=r, **v),
        "已调整整改期限，并通知整改单位。",
    ),
}


def _line(row: Finding, today: date, query: str = "") -> Sequence[Cell]:
    as_it_stood(row)
    return (
        Cell(row.text[:60], f"{row.get_absolute_url()}{query}", small=row.task.title if row.task else ""),
        Cell(row.department.name),
        Cell(row.inspection.title if row.inspection else "回头看"),
        Cell(day=row.rectify_by),
        Cell(mark=finding_mark(row, today)),
    )


SPEC = Spec(
    title="限期整改",
    name="taskboard:findings",
    heads=(
        Head("发现的问题"),
        Head("整改单位", "department"),
        Head("来源"),
        Head("整改期限", "due"),
        Head("状态", "state"),
    ),
    orders={
        "department": ["department__name", "rectify_by_then"],
        "due": ["rectify_by_then"],
        "state": ["state_then", "rectify_by_then"],
    },
    line=_line,
    empty="没有限期整改的问题。回头看或专项检查登记的问题会列在这里。",
    unit="个问题",
)


def _spec(look: Look) -> Spec:
    return replace(SPEC, day=look.day, line=partial(_line, query=look.query))


@require_safe
@staff_page(PERMISSION, READING)
def index(request: StaffRequest) -> HttpResponse:
    """All findings of the day, the unsettled first, by their deadlines."""
    look = look_of(request)
    rows, form = _filtered(request, look)
    return table_page(request, _spec(look), rows, form, **look.context())


@require_safe
@staff_page(PERMISSION, "导出限期整改")
def workbook(request: StaffRequest) -> HttpResponse:
    """The same as a workbook."""
    look = strict_look_of(request)
    return table_workbook(request, _spec(look), _filtered(request, look)[0])


def _filtered(request: StaffRequest, look: Look) -> tuple[FindingQuerySet, FindingFilter]:
    units = Department.objects.filter(findings__isnull=False).distinct()
    form = FindingFilter(request.GET, departments=list(units.values_list("slug", "name")))
    chosen = form.chosen
    rows: Any = Finding.objects.visible_to(request.user).select_related("department", "task", "inspection")
    rows = rows.seen(look.moment).unsettled_first()
    for word in chosen.get("q", "").split()[:MAX_WORDS]:
        rows = rows.filter(Q(text__icontains=word) | Q(task__title__icontains=word))
    if chosen.get("state"):
        rows = rows.filter(state_then=chosen["state"])
    if chosen.get("department"):
        rows = rows.filter(department__slug=chosen["department"])
    if chosen.get("source"):
        rows = rows.filter(**{f"{chosen['source']}__isnull": False})
    return rows, form


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(PERMISSION, READING)
def finding(request: StaffRequest, pk: int) -> HttpResponse:
    """One finding with its history."""
    if request.method == "POST":
        return take_step(request, _found(request, pk), STEPS, lambda *refused: _page(request, pk, *refused))
    return _page(request, pk)


def _found(request: StaffRequest, pk: int, moment: datetime | None = None) -> Finding:
    rows = Finding.objects.visible_to(request.user).seen(moment)
    rows = rows.select_related("department", "task", "inspection", "look_back__task")
    return as_it_stood(get_object_or_404(rows, pk=pk))


def _page(request: StaffRequest, pk: int, refused: Refused | None = None, status: int = 200) -> HttpResponse:
    look = look_of(request)
    found = _found(request, pk, look.moment)
    events = found.events.select_related("actor", "department", "file")
    context: dict[str, Any] = {
        "finding": found,
        "mark": finding_mark(found, look.day),
        "events": events.filter(at__lt=look.moment) if look.moment else events,
        "panels": panels_of(found, STEPS, [] if look.moment else _possible(request.user, found), refused),
        **look.context(),
    }
    return render(request, "taskboard/supervision/finding.html", context, status=status)


def _possible(user: User, found: Finding) -> list[str]:
    if found.state == Finding.State.RECTIFYING:
        own = user.has_perm(WORK) and unit_among(user, [found.department]) is not None
        judges = _judges(user, found)
        return [name for name, may in (("report", own), ("prolong", judges)) if may]
    if found.state == Finding.State.REPORTED and _judges(user, found):
        return ["confirm", "return"]
    return []


def _judges(user: User, found: Finding) -> bool:
    try:
        require_judge(user, found, "确认整改")
    except DomainError:
        return False
    return True

"""Special inspections in the browser: which there are, one with its findings and signatures, a new one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any

from django.contrib import messages as notes
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from foundation.errors import DomainError
from foundation.seen import FIELD, StalePage, show_anew
from organizations.access import StaffRequest, staff_page
from organizations.models import Department, User
from taskboard.acting import SUPERVISE, WORK
from taskboard.ledgers.forms import show_refusal
from taskboard.looks import Look, look_of, strict_look_of
from taskboard.models import Finding, Inspection, InspectionMember
from taskboard.services.supervision.inspectionchanges import (
    cancel_inspection,
    change_inspection,
    content_of,
    seen_mark,
)
from taskboard.services.supervision.inspections import (
    InspectionContent,
    add_finding,
    create_inspection,
    sign_inspection,
)
from taskboard.services.supervision.steps import unit_among
from taskboard.supervision.forms import (
    ChangedInspectionForm,
    FoundForm,
    InspectionFilter,
    InspectionForm,
    ReasonForm,
    SignForm,
)
from taskboard.supervision.lights import finding_mark, inspection_mark
from taskboard.supervision.past import as_it_stood
from taskboard.supervision.querysets import InspectionQuerySet
from taskboard.supervision.steps import Refused, Step, panels_of, take_step
from taskboard.supervision.tables import Cell, Head, Spec, of_words, table_page, table_workbook

PERMISSION, READING = "taskboard.view_task", "查看专项检查"
MAX_WORDS = 8
STEPS = {
    "find": Step(
        "登记问题",
        FoundForm,
        lambda u, at, r, v: add_finding(actor=u, at=at, inspection=r, **v),
        "已登记，并通知整改单位。",
    ),
    "sign": Step(
        "会签",
        SignForm,
        lambda u, at, r, v: sign_inspection(actor=u, at=at, inspection=r, **v),
        "已会签。",
    ),
    "cancel": Step(
        "取消检查",
        ReasonForm,
        lambda u, at, r, v: cancel_inspection(actor=u, at=at, inspection=r, **v),
        "已取消，并通知参加部门。",
    ),
}


def _line(row: Any, today: date, query: str = "") -> Sequence[Cell]:
    members = list(row.members.all())
    lead = of_words(member.department.name for member in members if member.leads)
    others = of_words(member.department.name for member in members if not member.leads)
    return (
        Cell(row.title, f"{row.get_absolute_url()}{query}"),
        Cell(lead),
        Cell(others),
        Cell(day=row.starts_on),
        Cell(day=row.ends_on),
        Cell(number=row.found),
        Cell(number=row.unsettled),
        Cell(mark=inspection_mark(as_it_stood(row), today)),
    )


SPEC = Spec(
    title="专项检查",
    name="taskboard:inspections",
    heads=(
        Head("检查", "title"),
        Head("牵头部门"),
        Head("参加部门"),
        Head("开始", "starts"),
        Head("结束", "ends"),
        Head("问题", "found"),
        Head("未整改完", "unsettled"),
        Head("状态", "state"),
    ),
    orders={
        "title": ["title"],
        "starts": ["starts_on"],
        "ends": ["ends_on"],
        "found": ["found"],
        "unsettled": ["unsettled"],
        "state": ["state_then", "ends_on"],
    },
    line=_line,
    empty="还没有专项检查。督查人员可以组织几个部门一起检查，查出的问题限期整改。",
)


def _spec(look: Look) -> Spec:
    return replace(SPEC, day=look.day, line=partial(_line, query=look.query))


@require_safe
@staff_page(PERMISSION, READING)
def index(request: StaffRequest) -> HttpResponse:
    """All inspections of the day, the newest first."""
    look = look_of(request)
    rows, form = _filtered(request, look)
    may_add = look.moment is None and request.user.has_perm(SUPERVISE)
    return table_page(request, _spec(look), rows, form, may_add=may_add, **look.context())


@require_safe
@staff_page(PERMISSION, "导出专项检查")
def workbook(request: StaffRequest) -> HttpResponse:
    """The same as a workbook."""
    look = strict_look_of(request)
    return table_workbook(request, _spec(look), _filtered(request, look)[0])


def _filtered(request: StaffRequest, look: Look) -> tuple[InspectionQuerySet, InspectionFilter]:
    units = Department.objects.filter(inspections__isnull=False).distinct()
    form = InspectionFilter(request.GET, departments=list(units.values_list("slug", "name")))
    chosen = form.chosen
    rows: Any = Inspection.objects.visible_to(request.user).seen(look.moment).order_by("-starts_on", "-pk")
    for word in chosen.get("q", "").split()[:MAX_WORDS]:
        rows = rows.filter(Q(title__icontains=word) | Q(purpose__icontains=word))
    if chosen.get("state"):
        rows = rows.filter(state_then=chosen["state"])
    if chosen.get("department"):
        members = InspectionMember.objects.filter(department__slug=chosen["department"])
        rows = rows.filter(pk__in=members.values("inspection"))
    return rows, form


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(SUPERVISE, "组织专项检查")
def new(request: StaffRequest) -> HttpResponse:
    """Set one up."""
    form = InspectionForm(request.POST if request.method == "POST" else None, user=request.user)
    status = 400 if form.is_bound else 200
    if form.is_valid():
        content = InspectionContent(**form.cleaned_data)
        try:
            inspection = create_inspection(actor=request.user, at=timezone.now(), content=content)
        except DomainError as refusal:
            show_refusal(form, refusal)
            status = refusal.status
        else:
            notes.success(request, "已建立专项检查，并通知参加部门。")
            return redirect(inspection)
    context = {
        "title": "组织专项检查",
        "form": form,
        "button": "建立",
        "crumb": ("专项检查", "taskboard:inspections"),
        "back": "/tasks/inspections/",
    }
    return render(request, "taskboard/supervision/form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(SUPERVISE, "调整专项检查")
def change(request: StaffRequest, pk: int) -> HttpResponse:
    """Change what is inspected, by whom and when."""
    found = _found(request, pk)
    content = content_of(found)
    mark = seen_mark(content)
    form = ChangedInspectionForm(
        request.POST if request.method == "POST" else None, user=request.user, content=content, mark=mark
    )
    status = 400 if form.is_bound else 200
    if form.is_valid():
        try:
            change_inspection(
                actor=request.user,
                at=timezone.now(),
                inspection=found,
                content=InspectionContent(**form.content),
                reason=form.cleaned_data["reason"],
                seen=form.cleaned_data[FIELD],
            )
        except StalePage as refusal:
            show_anew(form, refusal)
            status = refusal.status
        except DomainError as refusal:
            show_refusal(form, refusal)
            status = refusal.status
        else:
            notes.success(request, "已调整，并通知参加部门。")
            return redirect(found)
    context = {
        "title": "调整专项检查",
        "about": found,
        "form": form,
        "button": "保存",
        "crumb": ("专项检查", "taskboard:inspections"),
        "back": found.get_absolute_url(),
    }
    return render(request, "taskboard/supervision/form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(PERMISSION, READING)
def inspection(request: StaffRequest, pk: int) -> HttpResponse:
    """One inspection: who inspects, what was found, who has signed."""
    if request.method == "POST":
        return take_step(request, _found(request, pk), STEPS, lambda *refused: _page(request, pk, *refused))
    return _page(request, pk)


def _found(request: StaffRequest, pk: int, moment: datetime | None = None) -> Inspection:
    rows = Inspection.objects.visible_to(request.user).select_related("directive", "created_by")
    return as_it_stood(get_object_or_404(rows.seen(moment), pk=pk))


def _page(request: StaffRequest, pk: int, refused: Refused | None = None, status: int = 200) -> HttpResponse:
    look = look_of(request)
    found = _found(request, pk, look.moment)
    noted = Finding.objects.filter(inspection=found).seen(look.moment).select_related("department", "task")
    findings = [as_it_stood(finding) for finding in noted]
    members = list(found.members.select_related("department", "signed_by"))
    events = found.events.select_related("actor", "department")
    works = look.moment is None
    if look.moment is not None:
        events = events.filter(at__lt=look.moment)
        for member in members:
            if member.signed_at and member.signed_at >= look.moment:
                member.signed_at, member.opinion = None, ""
    context: dict[str, Any] = {
        "inspection": found,
        "mark": inspection_mark(found, look.day),
        "members": members,
        "findings": [(finding, finding_mark(finding, look.day)) for finding in findings],
        "events": events,
        "may_change": works and _may_change(request.user, found, members),
        "panels": panels_of(found, STEPS, _possible(request.user, found, members) if works else [], refused),
        **look.context(),
    }
    return render(request, "taskboard/supervision/inspection.html", context, status=status)


def _possible(user: User, found: Inspection, members: Sequence[InspectionMember]) -> list[str]:
    if found.state != Inspection.State.RUNNING:
        return []
    works = user.has_perm(WORK)
    own = [member for member in members if works and unit_among(user, [member.department])]
    signed = [member for member in members if member.signed_at]
    waiting = [member for member in members if not member.signed_at and not member.leads]
    possible = []
    if (own or user.has_perm(SUPERVISE)) and not signed:
        possible.append("find")
    # The lead signs when all others have.
    if any(not member.signed_at and (not member.leads or not waiting) for member in own):
        possible.append("sign")
    if _may_change(user, found, members):
        possible.append("cancel")
    return possible


def _may_change(user: User, found: Inspection, members: Sequence[InspectionMember]) -> bool:
    """A signature stands under what was there when it was given."""
    unsigned = found.state == Inspection.State.RUNNING and not any(member.signed_at for member in members)
    return unsigned and user.has_perm(SUPERVISE)

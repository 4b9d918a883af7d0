"""Look-backs in the browser: which are due, one of them, and how many days each list sets."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any

from django.contrib import messages as notes
from django.db.models import Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from foundation.errors import DomainError
from organizations.access import StaffRequest, staff_page
from organizations.models import Department, User
from taskboard.acting import SUPERVISE
from taskboard.looks import Look, look_of, strict_look_of
from taskboard.models import Finding, LookBack, TaskDepartment, TaskList
from taskboard.services.supervision.lookbacks import (
    fail_look_back,
    find_in_look_back,
    pass_look_back,
    set_look_back_days,
)
from taskboard.supervision.forms import DaysForm, FailForm, FindForm, LookBackFilter, PassForm
from taskboard.supervision.lights import finding_mark, look_back_mark
from taskboard.supervision.past import as_it_stood
from taskboard.supervision.querysets import LookBackQuerySet
from taskboard.supervision.rules import LOOK_BACK_DAYS
from taskboard.supervision.steps import Refused, Step, panels_of, take_step
from taskboard.supervision.tables import Cell, Head, Spec, of_words, table_page, table_workbook

PERMISSION, READING = "taskboard.view_task", "查看回头看"
MAX_WORDS = 8
LEADS = Prefetch("task__duties", TaskDepartment.objects.select_related("department"))
STEPS = {
    "pass": Step(
        "通过", PassForm, lambda u, at, r, v: pass_look_back(actor=u, at=at, look_back=r, **v), "已记为通过。"
    ),
    "find": Step(
        "限期整改",
        FindForm,
        lambda u, at, r, v: find_in_look_back(actor=u, at=at, look_back=r, **v),
        "已下达限期整改，并通知整改单位。",
    ),
    "fail": Step(
        "退回重办",
        FailForm,
        lambda u, at, r, v: fail_look_back(actor=u, at=at, look_back=r, **v),
        "已退回，任务重新办理。",
    ),
}


def _line(row: LookBack, today: date, query: str = "") -> Sequence[Cell]:
    leads = of_words(duty.department.name for duty in row.task.leads)
    findings = [as_it_stood(finding) for finding in row.findings.all()]
    due = [finding.rectify_by for finding in findings]
    return (
        Cell(row.task.title, f"{row.get_absolute_url()}{query}", small=row.task.task_list.title),
        Cell(leads),
        Cell(day=row.closed_on),
        Cell(day=row.due_on),
        Cell(mark=look_back_mark(as_it_stood(row), today, findings)),
        Cell(day=min(due)) if due else Cell("—"),
    )


SPEC = Spec(
    title="回头看",
    name="taskboard:look_backs",
    heads=(
        Head("任务", "task"),
        Head("牵头部门"),
        Head("办结日期", "closed"),
        Head("应查日期", "due"),
        Head("状态", "state"),
        Head("整改期限"),
    ),
    orders={
        "task": ["task__title"],
        "closed": ["closed_on"],
        "due": ["due_on"],
        "state": ["state_then", "due_on"],
    },
    line=_line,
    empty=f"还没有到期的回头看。任务办结满规定天数（默认 {LOOK_BACK_DAYS} 天）后，当天凌晨自动列在这里。",
)


def _spec(look: Look) -> Spec:
    return replace(SPEC, day=look.day, line=partial(_line, query=look.query))


@require_safe
@staff_page(PERMISSION, READING)
def index(request: StaffRequest) -> HttpResponse:
    """All look-backs of the day, those to inspect first."""
    look = look_of(request)
    rows, form = _filtered(request, look)
    supervises = look.moment is None and request.user.has_perm(SUPERVISE)
    return table_page(request, _spec(look), rows, form, supervises=supervises, **look.context())


@require_safe
@staff_page(PERMISSION, "导出回头看")
def workbook(request: StaffRequest) -> HttpResponse:
    """The same as a workbook."""
    look = strict_look_of(request)
    return table_workbook(request, _spec(look), _filtered(request, look)[0])


def _filtered(request: StaffRequest, look: Look) -> tuple[LookBackQuerySet, LookBackFilter]:
    leads = Department.objects.filter(task_duties__role="lead", task_duties__task__look_backs__isnull=False)
    form = LookBackFilter(request.GET, departments=list(leads.distinct().values_list("slug", "name")))
    chosen = form.chosen
    rows: Any = LookBack.objects.visible_to(request.user).select_related("task__task_list")
    findings = Prefetch("findings", Finding.objects.seen(look.moment))
    rows = rows.seen(look.moment).prefetch_related(LEADS, findings).unsettled_first()
    for word in chosen.get("q", "").split()[:MAX_WORDS]:
        rows = rows.filter(Q(task__title__icontains=word) | Q(task__task_list__title__icontains=word))
    if chosen.get("state"):
        rows = rows.filter(state_then=chosen["state"])
    if chosen.get("list"):
        rows = rows.filter(task__task_list=chosen["list"])
    if chosen.get("department"):
        duties = TaskDepartment.objects.filter(role="lead", department__slug=chosen["department"])
        rows = rows.filter(task__in=duties.values("task"))
    return rows, form


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(PERMISSION, READING)
def look_back(request: StaffRequest, pk: int) -> HttpResponse:
    """One look-back: what was closed, what was found, what the inspector may do."""
    if request.method == "POST":
        return take_step(request, _found(request, pk), STEPS, lambda *refused: _page(request, pk, *refused))
    return _page(request, pk)


def _found(request: StaffRequest, pk: int, moment: datetime | None = None) -> LookBack:
    rows = LookBack.objects.visible_to(request.user).select_related("task__task_list", "inspected_by")
    return as_it_stood(get_object_or_404(rows.prefetch_related(LEADS).seen(moment), pk=pk))


def _page(request: StaffRequest, pk: int, refused: Refused | None = None, status: int = 200) -> HttpResponse:
    look = look_of(request)
    found = _found(request, pk, look.moment)
    noted = Finding.objects.filter(look_back=found).seen(look.moment).select_related("department")
    findings = [as_it_stood(finding) for finding in noted]
    possible = _possible(request.user, found) if look.moment is None else []
    context: dict[str, Any] = {
        "look_back": found,
        "mark": look_back_mark(found, look.day, findings),
        "findings": [(finding, finding_mark(finding, look.day)) for finding in findings],
        "panels": panels_of(found, STEPS, possible, refused),
        **look.context(),
    }
    return render(request, "taskboard/supervision/look_back.html", context, status=status)


def _possible(user: User, found: LookBack) -> list[str]:
    if not user.has_perm(SUPERVISE) or found.task.state != "closed":
        return []
    if found.state == LookBack.State.OPEN:
        return ["pass", "find", "fail"]
    return ["fail"] if found.state == LookBack.State.RECTIFYING else []


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(SUPERVISE, "设定回头看天数")
def days(request: StaffRequest) -> HttpResponse:
    """Each list with its days."""
    lists = TaskList.objects.visible_to(request.user).order_by("pk")
    refused: tuple[int, DaysForm] | None = None
    status = 200
    if request.method == "POST":
        found = get_object_or_404(lists, pk=_number(request.POST.get("list", "")))
        form = DaysForm(request.POST, auto_id=f"days-{found.pk}-%s")
        if form.is_valid():
            try:
                set_look_back_days(
                    actor=request.user, at=timezone.now(), task_list=found, days=form.cleaned_data["days"]
                )
            except DomainError as refusal:
                form.add_error(None, refusal.message)
            else:
                notes.success(request, f"已保存“{found.title}”的回头看天数。")
                return redirect("taskboard:look_back_days")
        refused, status = (found.pk, form), 400
    lines = [(found, _form_of(found, refused)) for found in lists]
    context = {"lines": lines, "default": LOOK_BACK_DAYS}
    return render(request, "taskboard/supervision/look_back_days.html", context, status=status)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0


def _form_of(found: TaskList, refused: tuple[int, DaysForm] | None) -> DaysForm:
    if refused and refused[0] == found.pk:
        return refused[1]
    return DaysForm(initial={"days": found.look_back_days}, auto_id=f"days-{found.pk}-%s")

"""Making a list: choose where it comes from, look at it and change it, store it as a draft."""

from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.contrib import messages as notes
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from foundation.errors import DomainError, StateConflict
from organizations.access import StaffRequest, staff_page
from taskboard.listmaking.forms import BLANK_ROWS, STARTS, DirectiveForm, HeadForm, department_names
from taskboard.listmaking.plan import (
    MOST_TASKS,
    Plan,
    PlannedTask,
    blank_task,
    checked,
    hidden_part,
    restored,
)
from taskboard.listmaking.sources import plan_of
from taskboard.models import TaskList
from taskboard.services.listmaking import make_list
from taskboard.tasksheets.columns import MOST_ROWS
from taskboard.tasksheets.previews import names_for

PERMISSION, MAKING = "taskboard.change_list", "建立任务清单"
SALT = "taskboard.listmaking"
# A page that was left open longer has to be made again.
MAX_AGE_SECONDS = 12 * 60 * 60
TYPED = ("part", "title", "text", "lead", "support", "due_on")
SAID = {
    "hand": ("手工建立", "自己填写任务，边填边加行。", "pencil"),
    "sheet": ("从表格", "上传按模板填写的 Excel，每行一项任务。", "table-import"),
    "template": ("沿用旧清单", "复制一份旧清单，时限和节点整体顺延。", "copy"),
    "directive": ("由文件生成", "文件的附件或条目成为任务，牵头、配合、时限可以改。", "file-text"),
}


@dataclass(frozen=True, slots=True)
class Start:
    """One way to begin, with its form."""

    origin: str
    word: str
    said: str
    icon: str
    form: forms.Form
    open: bool


@staff_page(PERMISSION, MAKING)
def new_list(request: StaffRequest) -> HttpResponse:
    """Choose where the list comes from."""
    origin = request.POST.get("origin", "") if request.method == "POST" else ""
    if origin not in STARTS:
        return render(request, "taskboard/new_list.html", _choices(request, request.GET.get("from", "")))
    form = _start_form(request, origin, bound=True)
    if form.is_valid():
        try:
            return _plan_page(request, plan_of(request, origin, form.cleaned_data))
        except DomainError as refusal:
            form.add_error(None, refusal.message)
    return render(request, "taskboard/new_list.html", _choices(request, origin, form), status=400)


def _choices(request: StaffRequest, opened: str, form: forms.Form | None = None) -> dict[str, Any]:
    starts = [
        Start(
            origin,
            *SAID[origin],
            form if form is not None and origin == opened else _start_form(request, origin),
            origin == opened,
        )
        for origin in STARTS
    ]
    return {"starts": starts, "most_rows": MOST_ROWS}


def _start_form(request: StaffRequest, origin: str, *, bound: bool = False) -> forms.Form:
    data = (request.POST, request.FILES) if bound else ()
    more: dict[str, Any] = {"auto_id": f"{origin}-%s"}
    if STARTS[origin] is DirectiveForm:
        more |= {"user": request.user, "initial": {"directive": request.GET.get("directive")}}
    return STARTS[origin](*data, **more)


@require_POST
@staff_page(PERMISSION, MAKING)
def store_list(request: StaffRequest) -> HttpResponse:
    """What was typed comes back: more rows, or stored as a draft list."""
    try:
        plan = _read_back(request)
    except DomainError as refusal:
        notes.error(request, refusal.message)
        return redirect("taskboard:new_list")
    head = HeadForm(request.POST, user=request.user)
    if "more" in request.POST:
        more = [blank_task() for _ in range(min(BLANK_ROWS, max(0, MOST_TASKS - len(plan.rows))))]
        return _plan_page(request, replace(plan, rows=[*plan.rows, *more]), head=head)
    names = names_for(request.user)
    # A blank or left-out row stays on the page as it is; only what is kept is asked.
    rows = [checked(row, names) if row.keep and not row.blank else row for row in plan.rows]
    plan = replace(plan, rows=rows)
    if not head.is_valid() or any(row.errors for row in rows):
        return _plan_page(request, plan, head=head, status=400)
    if not any(row.keep and not row.blank for row in rows):
        head.add_error(None, "请至少填写并勾选一项任务。")
        return _plan_page(request, plan, head=head, status=400)
    try:
        made = make_list(
            actor=request.user,
            at=timezone.now(),
            origin=TaskList.Origin(plan.origin),
            rows=rows,
            **head.cleaned_data,
        )
    except DomainError as refusal:
        for field, sentences in refusal.fields.items():
            head.add_error(field if field in head.fields else None, sentences)
        if not refusal.fields:
            head.add_error(None, refusal.message)
        return _plan_page(request, plan, head=head, status=refusal.status)
    notes.success(request, f"已建立清单，{made.tasks.count()} 项任务，未下发，不计时。")
    return redirect(made)


def _lists_of(request: StaffRequest, plan: Plan) -> list[TaskList]:
    """Lists that the document of a plan has already, so that none is made twice unknowingly."""
    if plan.origin != TaskList.Origin.DIRECTIVE or plan.directive is None:
        return []
    return list(TaskList.objects.visible_to(request.user).filter(directive=plan.directive))


def _read_back(request: StaffRequest) -> Plan:
    try:
        kept: dict[str, Any] = signing.loads(
            request.POST.get("payload", ""), salt=SALT, max_age=MAX_AGE_SECONDS
        )
    except signing.BadSignature:
        raise StateConflict("页面已经过期，没有建立清单。请重新选择来源。") from None
    if kept["user"] != request.user.pk:
        raise StateConflict("这份预览不是您做的，没有建立清单。请重新选择来源。")
    rows = [_row_back(request, at, hidden) for at, hidden in enumerate(kept["rows"])]
    return Plan(kept["origin"], directive=kept["directive"], rows=rows)


def _row_back(request: StaffRequest, at: int, hidden: dict[str, Any]) -> PlannedTask:
    typed = {name: request.POST.get(f"{name}-{at}", "").strip() for name in TYPED}
    return restored(hidden, typed, keep=f"keep-{at}" in request.POST)


def _plan_page(
    request: StaffRequest, plan: Plan, *, head: HeadForm | None = None, status: int = 200
) -> HttpResponse:
    initial = {"title": plan.title, "ends_on": plan.ends_on, "directive": plan.directive}
    payload = {
        "user": request.user.pk,
        "origin": plan.origin,
        "directive": plan.directive,
        "rows": [hidden_part(row) for row in plan.rows],
    }
    context = {
        "plan": plan,
        "head": head if head is not None else HeadForm(initial=initial, user=request.user),
        "origin_word": SAID[plan.origin][0],
        "kept": sum(row.keep and not row.blank for row in plan.rows),
        "wrong": sum(bool(row.errors) for row in plan.rows if row.keep),
        "known": _lists_of(request, plan),
        "departments": department_names(),
        "payload": signing.dumps(payload, salt=SALT, compress=True),
        "may_add": len(plan.rows) < MOST_TASKS,
    }
    return render(request, "taskboard/plan.html", context, status=status)

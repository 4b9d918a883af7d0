"""The stages of a list: planned and real dates, inspections and assessments."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages as notes
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from foundation.errors import DomainError
from foundation.workbooks import CONTENT_TYPE, workbook_of
from organizations.access import StaffRequest, staff_page
from taskboard.looks import look_of
from taskboard.models import ListStage, StageResult, TaskList
from taskboard.services.stages import (
    enter_stage,
    leave_stage,
    record_stage_result,
    save_stage,
    take_over_stages,
)
from taskboard.stages.forms import DayForm, ResultForm, StageForm, departments_in

PERMISSION = "taskboard.view_task"
HEADER = ("阶段", "计划进入", "计划结束", "实际进入", "实际结束", "类别", "部门", "日期", "结果", "得分")
MORE_HEADER = ("情况", "整改时限", "登记人")


@dataclass(frozen=True, slots=True)
class Offer:
    """A step with its form; ``open`` when it was refused just now."""

    name: str
    button: str
    form: forms.Form
    open: bool = False


@dataclass(frozen=True, slots=True)
class StageRow:
    """A stage as the page shows it."""

    stage: ListStage
    word: str
    results: list[StageResult]
    offers: list[Offer]


Refused = tuple[str, int, forms.Form]
Names = list[tuple[int, str]]


@staff_page(PERMISSION, "查看清单阶段")
def stages(request: StaffRequest, pk: int) -> HttpResponse:
    """Read them; those who may also plan, move on and record."""
    found = get_object_or_404(TaskList.objects.visible_to(request.user).select_related("directive"), pk=pk)
    if request.method == "POST":
        return _taken(request, found)
    return _page(request, found)


def _taken(request: StaffRequest, found: TaskList) -> HttpResponse:
    name = request.POST.get("step", "")
    stage = _stage_of(request, found) if name != "add" and name != "take_over" else None
    form = _form(name, found, stage, request.POST)
    if form is not None and not form.is_valid():
        return _page(request, found, (name, stage.pk if stage else 0, form), 400)
    values: Mapping[str, Any] = form.cleaned_data if form is not None else {}
    try:
        said = _run(request, found, name, stage, values)
    except DomainError as refusal:
        if form is None:
            notes.error(request, refusal.message)
            return redirect("taskboard:stages", pk=found.pk)
        for field, sentences in refusal.fields.items():
            form.add_error(field if field in form.fields else None, sentences)
        if not refusal.fields:
            form.add_error(None, refusal.message)
        return _page(request, found, (name, stage.pk if stage else 0, form), refusal.status)
    notes.success(request, said)
    return redirect("taskboard:stages", pk=found.pk)


def _stage_of(request: StaffRequest, found: TaskList) -> ListStage:
    key = request.POST.get("stage", "")
    if not (key.isascii() and key.isdecimal() and len(key) < 16):
        raise Http404
    return get_object_or_404(found.stages, pk=int(key))


def _run(
    request: StaffRequest, found: TaskList, name: str, stage: ListStage | None, values: Mapping[str, Any]
) -> str:
    by: dict[str, Any] = {"actor": request.user, "at": timezone.now()}
    if stage is None:
        if name == "take_over":
            return f"已登记文件的 {take_over_stages(**by, task_list=found)} 个阶段。"
        save_stage(**by, task_list=found, **values)
        return "阶段已登记。"
    if name == "change":
        save_stage(**by, task_list=found, stage=stage, **values)
        return "阶段计划已修改。"
    services: Mapping[str, tuple[Callable[..., Any], str]] = {
        "enter": (enter_stage, f"已进入阶段“{stage.name}”。"),
        "leave": (leave_stage, f"阶段“{stage.name}”已结束。"),
        "result": (record_stage_result, "检查考核结果已登记。"),
    }
    service, said = services[name]
    service(**by, stage=stage, **values)
    return said


def _form(
    name: str, found: TaskList, stage: ListStage | None, data: Any = None, names: Names | None = None
) -> forms.Form | None:
    """The form of a step; None for a step that is a press of a button."""
    marked = f"{name}-{stage.pk if stage else 0}-%s"
    today = timezone.localdate()
    if name == "take_over":
        return None
    if name == "add":
        return StageForm(data, auto_id=marked)
    if name == "change" and stage is not None:
        plan = {"name": stage.name, "starts_on": stage.starts_on, "ends_on": stage.ends_on}
        return StageForm(data, auto_id=marked, initial=plan)
    if name in ("enter", "leave"):
        return DayForm(data, auto_id=marked, initial={"on": today})
    if name == "result":
        known = departments_in(found) if names is None else names
        return ResultForm(data, auto_id=marked, initial={"held_on": today}, task_list=found, names=known)
    raise Http404


def _page(
    request: StaffRequest, found: TaskList, refused: Refused | None = None, status: int = 200
) -> HttpResponse:
    look, user = look_of(request), request.user
    # What is seen as of a past day is read, not worked on.
    works = look.moment is None
    plans = works and user.has_perm("taskboard.change_list")
    supervises = works and user.has_perm("taskboard.supervise_task")
    kept = list(found.stages.prefetch_related("results__department", "results__recorded_by"))
    names = departments_in(found) if supervises and kept else []
    rows = [
        StageRow(
            stage,
            stage.word(look.day),
            [result for result in stage.results.all() if result.held_on <= look.day],
            _offers(found, stage, names, plans=plans, supervises=supervises, refused=refused),
        )
        for stage in kept
    ]
    adding = refused[2] if refused and refused[0] == "add" else _form("add", found, None)
    context = {
        "task_list": found,
        "rows": rows,
        "may_plan": plans,
        "add_form": adding,
        "add_open": bool(refused and refused[0] == "add") or not kept,
        "printed": found.directive.stages.count() if found.directive and not kept else 0,
        **look.context(),
    }
    return render(request, "taskboard/stages.html", context, status=status)


def _offers(
    found: TaskList,
    stage: ListStage,
    names: Names,
    *,
    plans: bool,
    supervises: bool,
    refused: Refused | None,
) -> list[Offer]:
    steps = []
    if supervises:
        steps += [("enter", "进入阶段")] if stage.entered_on is None else []
        steps += [("leave", "结束阶段")] if stage.entered_on and stage.left_on is None else []
        steps += [("result", "登记检查考核")]
    if plans and stage.left_on is None:
        steps.append(("change", "修改计划"))
    offers = []
    for name, button in steps:
        now = refused[2] if refused and refused[:2] == (name, stage.pk) else None
        form = now or _form(name, found, stage, names=names)
        if form is not None:
            offers.append(Offer(name, button, form, now is not None))
    return offers


@staff_page(PERMISSION, "导出清单阶段")
def stages_xlsx(request: StaffRequest, pk: int) -> HttpResponse:
    """Stages with their results as a workbook."""
    found = get_object_or_404(TaskList.objects.visible_to(request.user), pk=pk)
    kept = found.stages.prefetch_related("results__department", "results__recorded_by")
    lines = [line for stage in kept for line in _lines(stage)]
    response = HttpResponse(
        workbook_of(f"{found.title}阶段", (*HEADER, *MORE_HEADER), lines), content_type=CONTENT_TYPE
    )
    response["Content-Disposition"] = f'attachment; filename="stages-{pk}.xlsx"'
    return response


def _lines(stage: ListStage) -> list[list[Any]]:
    days = (stage.starts_on, stage.ends_on, stage.entered_on, stage.left_on)
    plan = [stage.name, *("" if day is None else day for day in days)]
    results = list(stage.results.all())
    if not results:
        return [[*plan, *[""] * (len(HEADER) + len(MORE_HEADER) - len(plan))]]
    return [
        [
            *plan,
            str(row.get_kind_display()),
            row.department.name if row.department else "整份清单",
            row.held_on,
            str(row.get_outcome_display()),
            "" if row.score is None else row.score,
            row.findings,
            row.rectify_by or "",
            str(row.recorded_by or ""),
        ]
        for row in results
    ]

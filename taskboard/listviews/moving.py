"""Moving a card on the board: asked, refused or done by the step that leads to the column."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages as notes
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from foundation.errors import DomainError, PermissionRefused, StateConflict
from organizations.access import StaffRequest, staff_page
from taskboard import services
from taskboard.acting import parts_in, require_mover, units_of
from taskboard.forms import DAY, StepForm, SubmitForm
from taskboard.listviews.board import ISSUE, WAYS, ways_from
from taskboard.models import Signature, Task
from taskboard.moves import Standing, allowed
from taskboard.views.onetask import STEPS, Step
from taskboard.views.ways import is_a_page

PERMISSION = "taskboard.view_task"
LABELS = dict(Task.State.choices)
# A supporter signs and reports without moving the task.
BY_LEAD_ONLY = frozenset({"sign", "progress"})


class HandInForm(SubmitForm):
    """The result, with a file that proves it."""

    upload = forms.FileField(
        label="佐证", required=False, help_text="图片、PDF 或办公文档；没有佐证的任务不能办结"
    )


class IssueOneForm(StepForm):
    """The list's end where the task has no day of its own and the list none to inherit."""

    ends_on = forms.DateField(label="清单期限", widget=DAY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.task is not None and self.task.effective_due_on is not None:
            del self.fields["ends_on"]


def _issue(*, actor: Any, at: Any, task: Task, ends_on: Any = None) -> Any:
    return services.issue_list(actor=actor, at=at, task_list=task.task_list, tasks=[task.pk], ends_on=ends_on)


MOVING_STEPS = {
    **STEPS,
    "submit": Step("反馈，申请办结", HandInForm, services.hand_in, "已反馈，等待复核。", "send"),
    ISSUE: Step("下发", IssueOneForm, _issue, "已下发，开始计时。", "send"),
}


@dataclass(frozen=True, slots=True)
class Target:
    """A column that the card may go to."""

    state: str
    word: str
    button: str


@staff_page(PERMISSION, "办理任务")
def move(request: StaffRequest, pk: int) -> HttpResponse:
    """Without a column: where the card may go. With one: the form of the step, then the step."""
    tasks = Task.objects.visible_to(request.user).select_related("task_list").prefetch_related("targets")
    task = get_object_or_404(tasks, pk=pk)
    to = (request.POST if request.method == "POST" else request.GET).get("to", "")
    if to not in LABELS:
        return _shown(request, task, {"targets": targets_of(task, request)})
    try:
        name = way(task, to, request)
    except DomainError as refusal:
        return _shown(request, task, {"refusal": refusal.message}, refusal.status)
    return _step(request, task, to, name)


def _step(request: StaffRequest, task: Task, to: str, name: str) -> HttpResponse:
    step = MOVING_STEPS[name]
    bound = (request.POST, request.FILES) if request.method == "POST" else ()
    initial = {"percent": task.percent} if name == "progress" else {}
    form = step.form(*bound, task=task, auto_id="move-%s", initial=initial)
    status = 400 if form.is_bound else 200
    if form.is_valid():
        try:
            step.service(actor=request.user, at=timezone.now(), task=task, **form.values)
        except DomainError as refusal:
            status = refusal.status
            for field, sentences in refusal.fields.items():
                form.add_error(field if field in form.fields else None, sentences)
            if not refusal.fields:
                form.add_error(None, refusal.message)
        else:
            return _done(request, task, step)
    context = {"to": to, "to_word": LABELS[to], "step": step, "move_form": form, "returning": to_return(task)}
    return _shown(request, task, context, status)


def to_return(task: Task) -> bool:
    """Whether the card goes back to where it was suspended, whatever column it was dropped on."""
    return task.state == Task.State.SUSPENDED


def _done(request: StaffRequest, task: Task, step: Step) -> HttpResponse:
    task.refresh_from_db()
    notes.success(request, f"“{task.title}”：{step.said}现在是“{task.get_state_display()}”。")
    if request.headers.get("X-Fragment"):
        return HttpResponse(status=204)
    return redirect(_way_back(request, task))


def _way_back(request: StaffRequest, task: Task) -> str:
    asked = request.POST.get("next") or request.GET.get("next") or ""
    return asked if is_a_page(asked) else task.task_list.get_absolute_url()


def _shown(request: StaffRequest, task: Task, more: dict[str, Any], status: int = 200) -> HttpResponse:
    """The card's page; only its middle where the board asks for it."""
    fragment = bool(request.headers.get("X-Fragment"))
    template = "taskboard/_move.html" if fragment else "taskboard/move.html"
    context = {"task": task, "next": _way_back(request, task), **more}
    return render(request, template, context, status=status)


def way(task: Task, to: str, request: StaffRequest) -> str:
    """The step that leads to the column; refused with a sentence where there is none for the reader."""
    if to == task.state:
        raise StateConflict(f"任务已经在“{LABELS[to]}”，不用移动。")
    name = WAYS.get((task.state, to))
    if name is None:
        possible = "、".join(f"“{LABELS[state]}”" for state in ways_from(task.state))
        hint = f"从“{LABELS[task.state]}”只能移到{possible}。"
        raise StateConflict(f"不能从“{LABELS[task.state]}”直接移到“{LABELS[to]}”。{hint}")
    if name == ISSUE:
        if not request.user.has_perm("taskboard.issue_list"):
            raise PermissionRefused("只有督查人员可以下发任务。")
        return name
    require_mover(request.user, task, name)
    standing = standing_of(task, request)
    if name in BY_LEAD_ONLY and not standing.leads:
        word = "签收" if name == "sign" else "报进展"
        raise PermissionRefused(f"配合部门{word}不改变任务状态，请打开任务页{word}。")
    if name not in allowed(task.state, standing):
        raise StateConflict("牵头部门还没有签收这项任务，请先移到“已签收”。")
    return name


def standing_of(task: Task, request: StaffRequest) -> Standing:
    """What the reader is to the task."""
    part = next(iter(parts_in(task, units_of(request.user))), None)
    signed = part is not None and Signature.objects.filter(task=task, department=part.department).exists()
    return Standing(
        leads=part is not None and part.leads,
        supports=part is not None and not part.leads,
        signed=signed,
        supervises=request.user.has_perm("taskboard.supervise_task"),
    )


def targets_of(task: Task, request: StaffRequest) -> list[Target]:
    """Columns that the reader may move the card to; of a suspended one the first that leads back."""
    standing = standing_of(task, request)
    found: list[Target] = []
    possible = set(allowed(task.state, standing))
    if request.user.has_perm("taskboard.issue_list"):
        possible.add(ISSUE)
    if not standing.leads:
        possible -= BY_LEAD_ONLY
    for state, name in ways_from(task.state).items():
        if name in possible and not (found and name == "resume"):
            found.append(Target(state, LABELS[state], MOVING_STEPS[name].button))
    return found

"""The page of a task, and the steps that are taken on it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages as notes
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from foundation.errors import DomainError
from organizations.access import StaffRequest, staff_page
from taskboard import boards, duedates, moves, services
from taskboard.acting import SUPERVISE
from taskboard.asof import as_it_stood
from taskboard.correcting.rights import correctable
from taskboard.desk.forms import USUAL
from taskboard.forms import (
    CommentForm,
    DecisionForm,
    EvidenceForm,
    ExtensionForm,
    ProgressForm,
    ReasonForm,
    RemarkForm,
    StepForm,
    SubmitForm,
)
from taskboard.lighthistories import history_of
from taskboard.linking.reading import links_of_task
from taskboard.listviews.reading import WITH_DUTIES
from taskboard.looks import look_of
from taskboard.models import Extension, Task
from taskboard.supervision.notices import why_no_notice
from taskboard.supervision.reads import supervision_of_task
from taskboard.targets import standing_of, with_reached
from taskboard.taskpage import Work, work_on
from taskboard.views.reading import PERMISSION, neighbours_of, reckoning_of
from taskboard.views.ways import way_back

Refused = tuple[str, forms.Form]


@dataclass(frozen=True, slots=True)
class Step:
    """How a move looks on the page: button, form, service, and what is said afterwards."""

    button: str
    form: type[StepForm]
    service: Callable[..., Any]
    said: str
    icon: str


STEPS = {
    "sign": Step("签收", StepForm, services.sign_task, "已签收。", "circle-check"),
    "progress": Step("报进展", ProgressForm, services.report_progress, "进展已报送。", "trending-up"),
    "evidence": Step("上传佐证", EvidenceForm, services.add_evidence, "佐证已上传。", "paperclip"),
    "submit": Step("反馈，申请办结", SubmitForm, services.submit_task, "已反馈，等待复核。", "send"),
    "extension": Step("申请延期", ExtensionForm, services.ask_extension, "已申请延期。", "calendar-plus"),
    "return": Step("退回", ReasonForm, services.return_task, "已退回。", "arrow-back-up"),
    "close": Step("办结", RemarkForm, services.close_task, "已办结。", "checks"),
    "reopen": Step("重新办理", ReasonForm, services.reopen_task, "已重新办理。", "refresh"),
    "suspend": Step("暂停", ReasonForm, services.suspend_task, "已暂停，不再计时。", "player-pause"),
    "resume": Step("恢复办理", StepForm, services.resume_task, "已恢复办理。", "player-play"),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """A step that the reader may take now, with its form; ``open`` when it was refused just now."""

    name: str
    step: Step
    form: forms.Form
    primary: bool
    open: bool

    @property
    def bare(self) -> bool:
        """Whether a press is all it takes."""
        return not self.form.fields


@staff_page(PERMISSION, "查看任务")
def task(request: StaffRequest, pk: int) -> HttpResponse:
    """One task: its sentence, who does it, when it is due and why then, how far it is, what to do next."""
    return _page(request, _found(request, pk, look_of(request).moment))


@staff_page(PERMISSION, "办理任务")
def take_step(request: StaffRequest, pk: int, name: str) -> HttpResponse:
    """Take a step; what was typed stays on the page when it is refused."""
    if name not in STEPS:
        raise Http404
    found, step = _found(request, pk), STEPS[name]
    if request.method != "POST":
        return redirect(found)
    services.require_mover(request.user, found, name)
    form = step.form(request.POST, request.FILES, task=found, auto_id=f"{name}-%s")
    if not form.is_valid():
        return _page(request, found, refused=(name, form), status=400)
    try:
        step.service(actor=request.user, at=timezone.now(), task=found, **form.values)
    except DomainError as refusal:
        return _refused(request, pk, (name, form), refusal)
    notes.success(request, step.said)
    return redirect(way_back(request, found))


@staff_page(PERMISSION, "留言")
def comment(request: StaffRequest, pk: int) -> HttpResponse:
    """Say something, and call departments to it."""
    found = _found(request, pk)
    if request.method != "POST":
        return redirect(found)
    form = CommentForm(request.POST, task=found, auto_id="comment-%s")
    if not form.is_valid():
        return _page(request, found, refused=("comment", form), status=400)
    try:
        services.add_comment(actor=request.user, at=timezone.now(), task=found, **form.cleaned_data)
    except DomainError as refusal:
        return _refused(request, pk, ("comment", form), refusal)
    notes.success(request, "已留言。")
    return redirect(found)


@staff_page(PERMISSION, "批复延期")
def decide(request: StaffRequest, pk: int) -> HttpResponse:
    """Decide on a later date that was asked for."""
    asked = Extension.objects.visible_to(request.user).select_related("task")
    extension = get_object_or_404(asked, pk=pk)
    if request.method != "POST":
        return redirect(extension.task)
    services.require_decider(request.user)
    form = DecisionForm(request.POST, auto_id="decide-%s")
    found = _found(request, extension.task_id)
    if not form.is_valid():
        return _page(request, found, refused=("decide", form), status=400)
    values = form.cleaned_data
    try:
        services.decide_extension(actor=request.user, at=timezone.now(), extension=extension, **values)
    except DomainError as refusal:
        return _refused(request, found.pk, ("decide", form), refusal)
    notes.success(request, "已批复。")
    return redirect(way_back(request, found))


def _found(request: StaffRequest, pk: int, moment: datetime | None = None) -> Task:
    """The task; as it stood just before the moment where its history says so, then only to be shown."""
    tasks = Task.objects.visible_to(request.user).select_related("task_list__directive")
    shown = tasks.prefetch_related(WITH_DUTIES, "milestones", with_reached(moment))
    past = shown.filter(transitions__isnull=False).then(moment) if moment else shown.none()
    return past.filter(pk=pk).first() or get_object_or_404(shown, pk=pk)


def _refused(request: StaffRequest, pk: int, refused: Refused, refusal: DomainError) -> HttpResponse:
    """The page as the task is now, with the sentence above what was typed."""
    form = refused[1]
    for field, sentences in refusal.fields.items():
        form.add_error(field if field in form.fields else None, sentences)
    if not refusal.fields:
        form.add_error(None, refusal.message)
    return _page(request, _found(request, pk), refused=refused, status=refusal.status)


def _page(
    request: StaffRequest, found: Task, *, refused: Refused | None = None, status: int = 200
) -> HttpResponse:
    look = look_of(request)
    on_day, today, works = look.day, look.today, look.moment is None
    work = work_on(found, request.user, on_day, look.moment)
    # What is seen as of a past day is read, not worked on.
    offers = _offers(found, work, refused) if works else []
    past = None if works else as_it_stood(found, on_day)
    now = found if works else Task.objects.get(pk=found.pk)
    context = {
        **look.context(),
        "task": found,
        "light": past.light if past else boards.light_of(found, on_day),
        "past": past,
        "now": now,
        "works": works,
        "lights": history_of(found, on_day),
        "reckoning": reckoning_of(found, work.granted),
        "runs": duedates.mark_dates(found.text, found.due_text, [m.printed for m in found.milestones.all()]),
        "standings": [standing_of(target) for target in found.targets.all()],
        "may_correct": works and correctable(found, request.user),
        "may_notify": works and request.user.has_perm(SUPERVISE) and not why_no_notice(found),
        "may_urge": works and request.user.has_perm(SUPERVISE) and found.state in moves.OWING,
        "usual": USUAL,
        "work": work,
        "offers": offers,
        "refusal": _sentence(offers, work, refused),
        "links": links_of_task(found, request.user),
        "supervised": supervision_of_task(found, request.user, today),
        "comment_form": _form_of("comment", refused) or CommentForm(task=found, auto_id="comment-%s"),
        "decision_form": _form_of("decide", refused) or DecisionForm(auto_id="decide-%s"),
        **neighbours_of(found),
    }
    return render(request, "taskboard/task.html", context, status=status)


def _form_of(name: str, refused: Refused | None) -> forms.Form | None:
    return refused[1] if refused and refused[0] == name else None


def _offers(found: Task, work: Work, refused: Refused | None) -> list[Offer]:
    """The steps that are possible, and the one that was refused even when it no longer is."""
    # Of later dates one is open at a time.
    names = set(work.possible) - ({"extension"} if work.pending else set())
    if refused and refused[0] in STEPS and refused[1].fields:
        names.add(refused[0])
    offers = []
    for name in sorted(names, key=lambda name: (name != work.primary, moves.ORDER.index(name))):
        form = _form_of(name, refused)
        initial = {"percent": found.percent} if name == "progress" else {}
        shown = form or STEPS[name].form(task=found, initial=initial, auto_id=f"{name}-%s")
        offers.append(Offer(name, STEPS[name], shown, name == work.primary, form is not None))
    return offers


def _sentence(offers: list[Offer], work: Work, refused: Refused | None) -> str:
    """What was refused where no form is left to say it above."""
    if refused is None:
        return ""
    name, form = refused
    shown = any(offer.open and not offer.bare for offer in offers)
    if shown or (name == "comment" and work.may_comment) or (name == "decide" and work.pending):
        return ""
    return " ".join(str(error) for errors in form.errors.values() for error in errors)

"""Entries of ledgers in the browser: entered, changed, shown with their history, one step at a time."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from foundation.errors import DomainError
from organizations.access import StaffRequest, staff_page
from taskboard.ledgers import reads
from taskboard.ledgers.clocks import Clock, clocks_of
from taskboard.ledgers.columns import columns_of
from taskboard.ledgers.forms import (
    CaseForm,
    CellsForm,
    CorrectionForm,
    NewRowForm,
    PlanForm,
    ReasonForm,
    show_refusal,
)
from taskboard.ledgers.past import then_of
from taskboard.ledgers.rowsteps import STEP_WORDS, run_step, step_form, steps_of
from taskboard.ledgers.stages import STAGES, WITHIN, stage_of
from taskboard.ledgers.views import PERMISSION, READING
from taskboard.looks import Look, look_of
from taskboard.models.ledgers import ApprovalCase, DisposalPlan, Ledger, LedgerRow
from taskboard.services.ledgers import (
    add_row,
    change_row,
    correct_row,
    keep_plan,
    record_case,
)
from taskboard.services.ledgers.cases import CaseContent, PlanContent
from taskboard.services.ledgers.steps import require_keeper
from taskboard.supervision.lights import Mark
from taskboard.supervision.reads import supervision_of_row
from taskboard.workcalendar import current_calendar

State, Kind = LedgerRow.State, Ledger.Kind
Write = Callable[[], Any]


@staff_page(PERMISSION, READING)
def new(request: StaffRequest, pk: int) -> HttpResponse:
    """Enter something for one's own department."""
    ledger = get_object_or_404(Ledger.objects.select_related("directive"), pk=pk)
    units = reads.units_kept_by(request.user)
    form = NewRowForm(request.POST or None, columns=columns_of(ledger), units=units)
    context = {"ledger": ledger, "form": form, "units": units, "title": "登记条目", "button": "登记"}
    context["barred"] = not units
    # The plan names who sets the ledger up; who else enters something is told so before it is typed.
    if not any(unit.name in ledger.responsible for unit in units):
        context["answering"] = ledger.responsible

    def write() -> LedgerRow:
        return add_row(
            actor=request.user,
            at=timezone.now(),
            ledger=ledger,
            department=form.cleaned_data["department"],
            values=form.typed(),
        )

    return _filled_in(request, form, write, context, ledger)


@staff_page(PERMISSION, READING)
def change(request: StaffRequest, pk: int) -> HttpResponse:
    """Change an entry that is not signed yet."""
    found = _row(request, pk)
    form = _cells_form(CellsForm, request, found)
    context = {"ledger": found.ledger, "row": found, "form": form, "title": "修改条目", "button": "保存"}

    def write() -> LedgerRow:
        found.version = form.cleaned_data.get("version") or found.version
        return change_row(actor=request.user, at=timezone.now(), row=found, values=form.typed())

    return _filled_in(request, form, write, context, found)


@staff_page(PERMISSION, READING)
def correct(request: StaffRequest, pk: int) -> HttpResponse:
    """Correct a signed entry, with the leading group's written decision."""
    found = _row(request, pk)
    form = _cells_form(CorrectionForm, request, found)
    context = {"ledger": found.ledger, "row": found, "form": form, "title": "更正条目", "button": "更正"}

    def write() -> LedgerRow:
        found.version = form.cleaned_data.get("version") or found.version
        return correct_row(
            actor=request.user,
            at=timezone.now(),
            row=found,
            reason=form.cleaned_data["reason"],
            upload=form.cleaned_data["file"],
            values=form.typed(),
        )

    return _filled_in(request, form, write, context, found)


def _cells_form(kind: type[CellsForm], request: StaffRequest, row: LedgerRow) -> CellsForm:
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    initial = {**row.values, "version": row.version}
    return kind(*posted, columns=columns_of(row.ledger), initial=initial)


def _filled_in(
    request: StaffRequest, form: forms.Form, write: Write, context: dict[str, Any], back: Ledger | LedgerRow
) -> HttpResponse:
    """The form, or what came of it; what was typed stays where it was refused."""
    status = 200
    if form.is_bound:
        status = 400
        if form.is_valid():
            try:
                written = write()
            except DomainError as refusal:
                show_refusal(form, refusal)
                status = refusal.status
            else:
                messages.success(request, "已保存。")
                return redirect(written if isinstance(written, LedgerRow) else back)
    template = context.get("template", "taskboard/ledgers/row_form.html")
    return render(request, template, {**context, "back": back.get_absolute_url()}, status=status)


@require_safe
@staff_page(PERMISSION, READING)
def row(request: StaffRequest, pk: int) -> HttpResponse:
    """One entry with its history and what the person may do with it."""
    look, found = look_of(request), _row(request, pk)
    return _page(request, found) if look.moment is None else _page_then(request, found, look)


def _page_then(request: StaffRequest, found: LedgerRow, look: Look) -> HttpResponse:
    """The entry as it stood at the end of a past day: to read, not to work on."""
    assert look.moment is not None  # or the page of today is shown
    columns = columns_of(found.ledger)
    then = then_of(LedgerRow.objects.filter(pk=found.pk), columns, look.moment)
    if not then.rows([found]):
        raise Http404
    plan = then.plan(found, DisposalPlan.objects.filter(row=found).select_related("file").first())
    case = then.case(found, ApprovalCase.objects.filter(row=found).select_related("approver").first())
    context = {
        "row": found,
        "ledger": found.ledger,
        "line": reads.lines_of(columns, [found])[0],
        "events": found.events.filter(at__lt=look.moment).select_related("actor", "file"),
        "case": case,
        "clocks": _clocks(case, look.day),
        "plan": plan,
        "stage": stage_of(plan.stage) if plan else None,
        "stages": STAGES,
        "within": WITHIN,
        **look.context(),
    }
    return render(request, "taskboard/ledgers/row.html", context)


def _row(request: StaffRequest, pk: int) -> LedgerRow:
    rows = LedgerRow.objects.visible_to(request.user).select_related("department", "ledger", "signed_by")
    return get_object_or_404(rows.select_related("ledger__directive"), pk=pk)


def _page(
    request: StaffRequest, found: LedgerRow, refused: tuple[str, ReasonForm] | None = None, status: int = 200
) -> HttpResponse:
    """The page; a step that was refused stands open with what was typed."""
    name, form = refused or ("", None)
    plan = DisposalPlan.objects.filter(row=found).select_related("file").first()
    case = ApprovalCase.objects.filter(row=found).select_related("approver").first()
    steps = steps_of(request.user, found)
    # A step that somebody else has made impossible still shows what was typed for it.
    open_steps = [step for step in STEP_WORDS if step in steps or step == name]
    context = {
        "row": found,
        "ledger": found.ledger,
        "line": reads.lines_of(columns_of(found.ledger), [found])[0],
        "events": found.events.select_related("actor", "file"),
        "case": case,
        "clocks": _clocks(case, timezone.localdate()),
        "plan": plan,
        "stage": stage_of(plan.stage) if plan else None,
        "stages": STAGES,
        "within": WITHIN,
        "steps": steps,
        "supervised": supervision_of_row(found, request.user, timezone.localdate()),
        "panels": [
            (step, STEP_WORDS[step], form if step == name else step_form(step)) for step in open_steps
        ],
        "refused": name,
        **look_of(request).context(),
    }
    return render(request, "taskboard/ledgers/row.html", context, status=status)


def _clocks(case: ApprovalCase | None, day: date) -> list[tuple[Clock, Mark]]:
    """The clocks of a case with their lights of the day."""
    if case is None:
        return []
    found = clocks_of(case, current_calendar())
    return [(clock, Mark(clock.shape(day), clock.word(day))) for clock in found]


@require_POST
@staff_page(PERMISSION, READING)
def take_step(request: StaffRequest, pk: int, step: str) -> HttpResponse:
    """A step that a reason, and perhaps a file, are enough for."""
    if step not in STEP_WORDS:
        raise Http404
    found = _row(request, pk)
    form = step_form(step, request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, found, (step, form), 400)
    try:
        run_step(request.user, timezone.now(), found, step, form.cleaned_data)
    except DomainError as refusal:
        show_refusal(form, refusal)
        return _page(request, _row(request, pk), (step, form), refusal.status)
    messages.success(request, f"已办理：{STEP_WORDS[step][0]}。")
    return redirect(found)


@staff_page(PERMISSION, READING)
def case(request: StaffRequest, pk: int) -> HttpResponse:
    """Record how a pending approval is dealt with."""
    found = _row(request, pk)
    require_keeper(request.user, found.department, "办理")
    known = ApprovalCase.objects.filter(row=found).first()
    names = tuple(CaseContent.__dataclass_fields__)
    initial = {name: getattr(known, name) for name in names} if known else {}
    form = CaseForm(request.POST or None, row=found, initial=initial)
    context = {"ledger": found.ledger, "row": found, "form": form, "title": "审批办理", "button": "保存"}

    def write() -> ApprovalCase:
        content = CaseContent(**{name: form.cleaned_data[name] for name in names})
        return record_case(actor=request.user, at=timezone.now(), row=found, content=content)

    return _filled_in(request, form, write, context, found)


@staff_page(PERMISSION, READING)
def plan(request: StaffRequest, pk: int) -> HttpResponse:
    """The one plan of a stalled project."""
    found = _row(request, pk)
    require_keeper(request.user, found.department, "制定处置方案")
    known = DisposalPlan.objects.filter(row=found).first()
    names = tuple(PlanContent.__dataclass_fields__)
    initial = {name: getattr(known, name) for name in names} if known else {}
    posted: tuple[Any, Any] = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = PlanForm(posted[0], posted[1], initial=initial)
    context = {"ledger": found.ledger, "row": found, "form": form, "title": "处置方案", "button": "保存"}

    def write() -> DisposalPlan:
        content = PlanContent(**{name: form.cleaned_data[name] for name in names})
        return keep_plan(
            actor=request.user,
            at=timezone.now(),
            row=found,
            content=content,
            upload=form.cleaned_data["file"],
        )

    return _filled_in(request, form, write, context, found)

"""Pending approvals with their clocks, and stalled projects with their plans, in the browser."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from organizations.access import StaffRequest, staff_page
from taskboard.ledgers.approvals import Approval, approvals_of, by_light, by_outcome, months_of
from taskboard.ledgers.disposals import Disposal, count_by, disposals_of
from taskboard.ledgers.stages import STAGES, WITHIN
from taskboard.looks import Look, look_of, strict_look_of
from taskboard.models.ledgers import ApprovalCase, DisposalPlan, Ledger
from taskboard.supervision.lights import Mark
from taskboard.supervision.tables import Cell, Head, Spec, table_page, table_workbook

PERMISSION, READING = "taskboard.view_task", "查看台账"
ALL = "全部"
SHAPES = (("red", "超期"), ("yellow", "临期"), ("green", "正常"), ("closed", "已办结"), ("grey", "未计时"))
COMPLAINED = (("", ALL), ("1", "有投诉"), ("open", "未答复"))
APPROVAL_HEADS = (
    Head("项目", "title"),
    Head("审批部门", "department"),
    Head("审批人", "approver"),
    Head("受理日期", "received"),
    Head("下一时限", "due"),
    Head("红绿灯"),
    Head("去向", "outcome"),
    Head("12345投诉", "complaints"),
)
APPROVAL_ORDERS = {
    "title": ["title"],
    "department": ["department"],
    "approver": ["approver"],
    "received": ["received_on"],
    "due": ["due"],
    "outcome": ["outcome"],
    "complaints": ["complaints"],
}
DISPOSAL_HEADS = (
    Head("项目", "title"),
    Head("责任单位", "department"),
    Head("类型", "kind"),
    Head("处置方式", "way"),
    Head("阶段", "stage"),
    Head("方案"),
    Head("状态"),
)
DISPOSAL_ORDERS = {
    "title": ["title"],
    "department": ["department"],
    "kind": ["kind"],
    "way": ["way"],
    "stage": ["stage_order"],
}


class ApprovalFilter(forms.Form):
    """Which approvals."""

    q = forms.CharField(
        label="词语", max_length=100, required=False, widget=forms.TextInput({"type": "search"})
    )
    light = forms.ChoiceField(label="红绿灯", choices=[("", ALL), *SHAPES], required=False)
    outcome = forms.ChoiceField(
        label="去向", choices=[("", ALL), ("none", "未定"), *ApprovalCase.Outcome.choices], required=False
    )
    complained = forms.ChoiceField(
        label="12345投诉", choices=[("", ALL), ("1", "有投诉"), ("open", "未答复")], required=False
    )


class DisposalFilter(forms.Form):
    """Which stalled projects."""

    q = forms.CharField(
        label="词语", max_length=100, required=False, widget=forms.TextInput({"type": "search"})
    )
    kind = forms.ChoiceField(label="类型", choices=[("", ALL), *DisposalPlan.Kind.choices], required=False)
    way = forms.ChoiceField(label="处置方式", choices=[("", ALL), *DisposalPlan.Way.choices], required=False)
    stage = forms.ChoiceField(
        label="阶段", choices=[("", ALL), *((stage.key, stage.name) for stage in STAGES)], required=False
    )
    plan = forms.ChoiceField(
        label="方案", choices=[("", ALL), ("with", "已制定"), ("without", "未制定")], required=False
    )


def _approval_line(row: Approval, today: date, query: str) -> Sequence[Cell]:
    return (
        Cell(row.title, f"{row.row.get_absolute_url()}{query}"),
        Cell(row.department),
        Cell(row.approver or "未定"),
        Cell(day=row.received_on) if row.received_on else Cell("未登记"),
        Cell(day=row.due) if row.due else Cell("—"),
        Cell(mark=Mark(row.shape, row.word)),
        Cell(row.outcome or "未定"),
        Cell(number=row.complaints, small=f"{row.unanswered} 件未答复" if row.unanswered else ""),
    )


def _disposal_line(row: Disposal, today: date, query: str) -> Sequence[Cell]:
    return (
        Cell(row.title, f"{row.row.get_absolute_url()}{query}"),
        Cell(row.department),
        Cell(row.kind or "未定", small=_listed_as(row.kind, row.listed_kind)),
        Cell(row.way or "未定", small=_listed_as(row.way, row.listed_way)),
        Cell(mark=row.mark),
        Cell("已制定" if row.plan else "未制定"),
        Cell(row.row.get_state_display()),
    )


def _listed_as(planned: str, listed: str) -> str:
    """Where the plan says otherwise than the entry, what the entry says."""
    return f"台账登记为{listed}" if listed and listed != planned else ""


@require_safe
@staff_page(PERMISSION, READING)
def approvals(request: StaffRequest, pk: int) -> HttpResponse:
    """The approvals of a ledger by their clocks, the counts by month, the complaints."""
    look = look_of(request)
    ledger, everything = _approvals(pk, look)
    form = ApprovalFilter(request.GET)
    lights = by_light(everything)
    return table_page(
        request,
        _approval_spec(ledger, look),
        _matching_approvals(form, everything),
        form,
        ledger=ledger,
        lights=[(shape, word, lights[shape]) for shape, word in SHAPES],
        outcomes=by_outcome(everything),
        months=months_of(ledger, everything, look.day, look.moment),
        **look.context(),
    )


@require_safe
@staff_page(PERMISSION, "导出台账")
def approvals_workbook(request: StaffRequest, pk: int) -> HttpResponse:
    """The same as a workbook."""
    look = strict_look_of(request)
    ledger, everything = _approvals(pk, look)
    rows = _matching_approvals(ApprovalFilter(request.GET), everything)
    return table_workbook(request, _approval_spec(ledger, look), rows)


def _approvals(pk: int, look: Look) -> tuple[Ledger, list[Approval]]:
    ledger = get_object_or_404(Ledger, pk=pk, kind=Ledger.Kind.PENDING_APPROVAL)
    return ledger, approvals_of(ledger, look.day, look.moment)


def _approval_spec(ledger: Ledger, look: Look) -> Spec:
    return Spec(
        title=f"{ledger.title}办理情况",
        name="taskboard:approvals",
        key=ledger.pk,
        heads=APPROVAL_HEADS,
        orders=APPROVAL_ORDERS,
        day=look.day,
        line=partial(_approval_line, query=look.query),
        empty="还没有待批项目。审批部门在台账登记条目和受理日期后列在这里，并开始计时。",
        template="taskboard/ledgers/approvals.html",
    )


def _matching_approvals(form: ApprovalFilter, rows: Sequence[Approval]) -> list[Approval]:
    chosen = _chosen(form)
    found = [row for row in rows if _has_words(chosen, row.title, row.department, row.approver)]
    if light := chosen.get("light"):
        found = [row for row in found if row.shape == light]
    if outcome := chosen.get("outcome"):
        wanted = "" if outcome == "none" else outcome
        found = [row for row in found if (row.case.outcome if row.case else "") == wanted]
    if complained := chosen.get("complained"):
        found = [row for row in found if (row.unanswered if complained == "open" else row.complaints)]
    return found


@require_safe
@staff_page(PERMISSION, READING)
def disposals(request: StaffRequest, pk: int) -> HttpResponse:
    """The stalled projects of a ledger by kind, way and stage."""
    look = look_of(request)
    ledger, everything = _disposals(pk, look)
    form = DisposalFilter(request.GET)
    return table_page(
        request,
        _disposal_spec(ledger, look),
        _matching_disposals(form, everything),
        form,
        ledger=ledger,
        kinds=count_by(everything, "kind"),
        ways=count_by(everything, "way"),
        stages=STAGES,
        within=WITHIN,
        **look.context(),
    )


@require_safe
@staff_page(PERMISSION, "导出台账")
def disposals_workbook(request: StaffRequest, pk: int) -> HttpResponse:
    """The same as a workbook."""
    look = strict_look_of(request)
    ledger, everything = _disposals(pk, look)
    rows = _matching_disposals(DisposalFilter(request.GET), everything)
    return table_workbook(request, _disposal_spec(ledger, look), rows)


def _disposals(pk: int, look: Look) -> tuple[Ledger, list[Disposal]]:
    ledger = get_object_or_404(Ledger, pk=pk, kind=Ledger.Kind.STALLED_PROJECT)
    return ledger, disposals_of(ledger, look.day, look.moment)


def _disposal_spec(ledger: Ledger, look: Look) -> Spec:
    return Spec(
        title=f"{ledger.title}处置情况",
        name="taskboard:disposals",
        key=ledger.pk,
        heads=DISPOSAL_HEADS,
        orders=DISPOSAL_ORDERS,
        day=look.day,
        line=partial(_disposal_line, query=look.query),
        empty="还没有“半拉子”工程。责任单位在台账登记、负责人签字后列在这里，逐一制定处置方案。",
        template="taskboard/ledgers/disposals.html",
    )


def _matching_disposals(form: DisposalFilter, rows: Sequence[Disposal]) -> list[Disposal]:
    chosen = _chosen(form)
    found = [row for row in rows if _has_words(chosen, row.title, row.department)]
    for name, words in (("kind", DisposalPlan.Kind), ("way", DisposalPlan.Way)):
        if wanted := chosen.get(name):
            found = [row for row in found if getattr(row, name) == words(wanted).label]
    if wanted := chosen.get("stage"):
        found = [row for row in found if row.plan and row.plan.stage == wanted]
    if wanted := chosen.get("plan"):
        found = [row for row in found if bool(row.plan) == (wanted == "with")]
    return found


def _chosen(form: forms.Form) -> dict[str, Any]:
    """What can be read; a condition that cannot is left out."""
    form.is_valid()
    return form.cleaned_data


def _has_words(chosen: dict[str, Any], *texts: str) -> bool:
    words = chosen.get("q", "").lower().split()
    return all(any(word in text.lower() for text in texts) for word in words)

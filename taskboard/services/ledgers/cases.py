"""What is recorded of pending approvals and stalled projects besides their columns."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from foundation.errors import InvalidInput
from notifications.services import cancel_messages
from organizations.models import User
from taskboard.ledgers.clocks import ONLINE_FROM
from taskboard.ledgers.stages import STAGES
from taskboard.models.ledgers import ApprovalCase, DisposalPlan, Ledger, LedgerRow
from taskboard.services.ledgers.redlights import about_red_light
from taskboard.services.ledgers.steps import (
    ON_BOOK,
    Action,
    claim,
    hang,
    record_step,
    require_keeper,
    require_kind,
    required_words,
)


@dataclass(frozen=True, slots=True)
class CaseContent:
    """How an approval is dealt with."""

    received_on: date
    promised_on: date | None = None
    reviewed_on: date | None = None
    outcome: str = ""
    outcome_on: date | None = None
    approver: User | None = None
    to_forward: bool = False
    offline: bool = False


@dataclass(frozen=True, slots=True)
class PlanContent:
    """How a stalled project is disposed of, and how far that has come."""

    kind: str
    way: str
    measures: str
    stage: str


@transaction.atomic
def record_case(*, actor: User | None, at: datetime, row: LedgerRow, content: CaseContent) -> ApprovalCase:
    """Record receipt, review and outcome of a pending approval of one's own department."""
    require_keeper(actor, row.department, "办理")
    require_kind(row, Ledger.Kind.PENDING_APPROVAL, "待批项目台账")
    _require_order(content, timezone.localdate(at))
    known = ApprovalCase.objects.filter(row=row).select_related("approver").first()
    old = _case_words(known) if known else {}
    before = claim(row, *ON_BOOK, what="办理", updated_at=at)
    values = {name: getattr(content, name) for name in CaseContent.__dataclass_fields__}
    case, _ = ApprovalCase.objects.update_or_create(row=row, defaults=values)
    record_step(row, Action.CASE, actor=actor, at=at, before=before, old=old, new=_case_words(case))
    if case.outcome:
        cancel_messages(about=about_red_light(row.pk), at=at, why="已登记去向")
    return case


def _require_order(content: CaseContent, today: date) -> None:
    """Nothing before the receipt, nothing in the future, an outcome together with its day."""
    fields: dict[str, list[str]] = {}
    if content.promised_on and content.promised_on < content.received_on:
        fields["promised_on"] = ["承诺时限不能早于受理日期。"]
    for name, words in (("received_on", "受理日期"), ("reviewed_on", "初审日期"), ("outcome_on", "办结日期")):
        day = getattr(content, name)
        if day and day > today:
            fields[name] = [f"{words}不能晚于今天。"]
        elif day and day < content.received_on:
            fields[name] = [f"{words}不能早于受理日期。"]
    if content.outcome and content.outcome not in ApprovalCase.Outcome.values:
        fields["outcome"] = ["请从移除、退回、审批、转报中选择去向。"]
    if content.offline and content.received_on >= ONLINE_FROM:
        fields["offline"] = ["2022年10月起审批业务都在线上办理，不能登记为线下受理。"]
    if bool(content.outcome) != bool(content.outcome_on):
        fields["outcome_on"] = ["去向和办结日期应同时填写。"]
    if fields:
        raise InvalidInput(
            "".join(words for sentences in fields.values() for words in sentences), fields=fields
        )


def _case_words(case: ApprovalCase) -> dict[str, str]:
    """The case by the labels of its fields, for the history."""
    shown = {
        "审批人": str(case.approver or ""),
        "受理日期": case.received_on,
        "审批权限": "在上级" if case.to_forward else "",
        "办理渠道": "线下" if case.offline else "",
        "承诺时限": case.promised_on,
        "初审日期": case.reviewed_on,
        "去向": case.get_outcome_display(),
        "办结日期": case.outcome_on,
    }
    return {name: str(value) for name, value in shown.items() if value}


@transaction.atomic
def keep_plan(
    *,
    actor: User | None,
    at: datetime,
    row: LedgerRow,
    content: PlanContent,
    upload: "File[Any] | None" = None,
) -> DisposalPlan:
    """The one plan of a stalled project (一项目一方案), first with its paper; later changes may keep it."""
    require_keeper(actor, row.department, "制定处置方案")
    require_kind(row, Ledger.Kind.STALLED_PROJECT, "“半拉子”工程台账")
    _require_choices(content)
    words = required_words(content.measures, "measures", "处置措施")
    known = DisposalPlan.objects.filter(row=row).first()
    old = _plan_words(known) if known else {}
    file = known.file if known and upload is None else hang(actor, at, row, upload, "处置方案文件")
    before = claim(row, *ON_BOOK, what="制定处置方案", updated_at=at)
    values = {**asdict(content), "measures": words, "file": file}
    plan, _ = DisposalPlan.objects.update_or_create(row=row, defaults=values)
    shown = file if upload is not None else None
    record_step(
        row, Action.PLAN, actor=actor, at=at, before=before, old=old, new=_plan_words(plan), file=shown
    )
    return plan


def _require_choices(content: PlanContent) -> None:
    fields = {}
    allowed = (
        ("kind", DisposalPlan.Kind.values, "类型"),
        ("way", DisposalPlan.Way.values, "处置方式"),
        ("stage", [stage.key for stage in STAGES], "阶段"),
    )
    for name, values, words in allowed:
        if getattr(content, name) not in values:
            fields[name] = [f"请选择{words}。"]
    if fields:
        raise InvalidInput("".join(sentences[0] for sentences in fields.values()), fields=fields)


def _plan_words(plan: DisposalPlan) -> dict[str, str]:
    stages = {stage.key: stage.name for stage in STAGES}
    return {
        "类型": plan.get_kind_display(),
        "处置方式": plan.get_way_display(),
        "处置措施": plan.measures,
        "阶段": stages.get(plan.stage, plan.stage),
    }

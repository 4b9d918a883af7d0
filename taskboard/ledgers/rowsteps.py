"""Steps of an entry that a reason, and perhaps a file, are enough for."""

from datetime import datetime
from typing import Any

from organizations.models import User
from taskboard.ledgers import reads
from taskboard.ledgers.forms import EvidenceForm, ReasonForm
from taskboard.models.ledgers import Ledger, LedgerRow
from taskboard.services.ledgers import (
    answer_complaint,
    close_row,
    correct_row,
    record_complaint,
    spot_check,
    withdraw_row,
)
from taskboard.services.ledgers.complaints import unanswered
from taskboard.services.ledgers.steps import HEADS, departments_of

State, Kind = LedgerRow.State, Ledger.Kind

# Steps that a reason, and where it says so a file, are enough for: button, what to write, what to attach.
STEP_WORDS: dict[str, tuple[str, str, str]] = {
    "close": ("销号", "投用或整改完成的情况", "销号佐证（照片、PDF 或办公文件）"),
    "remove": ("更正移出", "移出的理由", "领导小组的书面决定"),
    "check": ("抽查通过", "抽查情况", ""),
    "reopen": ("抽查退回", "退回的理由", ""),
    "withdraw": ("撤回", "撤回的理由", ""),
    "reply": ("答复12345投诉", "答复内容", ""),
    "complaint": ("登记12345投诉", "投诉内容", ""),
}


def step_form(name: str, data: Any = None, files: Any = None) -> ReasonForm:
    """The form of a step, with a file where it needs one."""
    return (EvidenceForm if STEP_WORDS[name][2] else ReasonForm)(data, files, auto_id=f"{name}-%s")


def steps_of(user: User, found: LedgerRow) -> list[str]:
    """What the person may do with the entry in the state it is in."""
    keeps = found.department in reads.units_kept_by(user)
    heads = user.has_perm("taskboard.sign_ledger") and found.department in departments_of(user, HEADS)
    corrects, checks = user.has_perm("taskboard.correct_ledger"), user.has_perm("taskboard.check_ledger")
    draft, signed, closed = (found.state == state for state in (State.DRAFT, State.SIGNED, State.CLOSED))
    on_book = keeps and (draft or signed)
    approval = found.ledger.kind == Kind.PENDING_APPROVAL
    possible = (
        ("close", heads and signed),
        ("change", keeps and draft),
        ("case", on_book and approval),
        ("plan", on_book and found.ledger.kind == Kind.STALLED_PROJECT),
        ("correct", corrects and signed),
        ("check", checks and (signed or closed)),
        ("reopen", checks and closed),
        ("remove", corrects and signed),
        ("reply", on_book and approval and unanswered(found) > 0),
        ("complaint", approval and (on_book or (checks and (draft or signed)))),
        ("withdraw", keeps and draft),
    )
    return [name for name, allowed in possible if allowed]


def run_step(actor: User, at: datetime, found: LedgerRow, step: str, typed: dict[str, Any]) -> None:
    """Take the step by its service."""
    common: dict[str, Any] = {
        "actor": actor,
        "at": at,
        "row": found,
        "reason": typed["reason"],
    }
    if step == "close":
        close_row(**common, upload=typed["file"])
    elif step == "remove":
        correct_row(**common, upload=typed["file"])
    elif step in ("check", "reopen"):
        spot_check(**common, passed=step == "check")
    elif step == "complaint":
        record_complaint(**common)
    elif step == "reply":
        answer_complaint(**common)
    else:
        withdraw_row(**common)

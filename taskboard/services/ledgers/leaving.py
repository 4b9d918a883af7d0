"""How an entry leaves a signed ledger: closed with evidence, or corrected by a written decision."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.files.base import File
from django.db import transaction

from organizations.models import User
from organizations.permissions import require
from taskboard.models.ledgers import LedgerRow
from taskboard.services.ledgers.rows import checked_values, in_words
from taskboard.services.ledgers.steps import (
    CORRECT,
    Action,
    State,
    claim,
    hang,
    record_step,
    require_head,
    required_words,
)

DECISION = "领导小组的书面决定"


@transaction.atomic
def close_row(
    *, actor: User | None, at: datetime, row: LedgerRow, reason: str, upload: "File[Any] | None"
) -> LedgerRow:
    """Close an entry (销号): what was achieved, with evidence; only the unit's head does."""
    require_head(actor, row.department, "销号")
    words = required_words(reason, "reason", "销号说明")
    file = hang(actor, at, row, upload, "销号佐证")
    before = claim(row, State.SIGNED, what="销号", state=State.CLOSED, closed_at=at, updated_at=at)
    record_step(row, Action.CLOSE, actor=actor, at=at, before=before, reason=words, file=file)
    return row


@transaction.atomic
def correct_row(
    *,
    actor: User | None,
    at: datetime,
    row: LedgerRow,
    reason: str,
    upload: "File[Any] | None",
    values: Mapping[str, str] | None = None,
) -> LedgerRow:
    """Correct the cells of a signed entry, or move it out where ``values`` is None."""
    require(actor, CORRECT, "更正台账")
    words = required_words(reason, "reason", "更正的理由")
    old, new = in_words(row.ledger, row.values), {}
    changes: dict[str, Any] = {"state": State.REMOVED}
    if values is not None:
        title, cells = checked_values(row.ledger, values)
        new, changes = in_words(row.ledger, cells), {"title": title, "values": cells}
    file = hang(actor, at, row, upload, DECISION)
    before = claim(row, State.SIGNED, what="更正", updated_at=at, **changes)
    action = Action.REMOVE if values is None else Action.CORRECT
    record_step(row, action, actor=actor, at=at, before=before, reason=words, old=old, new=new, file=file)
    return row

"""The supervisor looks at entries here and there."""

from datetime import datetime

from django.db import transaction

from organizations.models import User
from organizations.permissions import require
from taskboard.models.ledgers import LedgerRow
from taskboard.services.ledgers.steps import CHECK, Action, State, claim, record_step, required_words


@transaction.atomic
def spot_check(
    *, actor: User | None, at: datetime, row: LedgerRow, passed: bool, reason: str = ""
) -> LedgerRow:
    """Pass an entry that stands signed or closed, or put a closed one back on the ledger with a reason."""
    require(actor, CHECK, "抽查台账")
    words = required_words(reason, "reason", "抽查情况" if passed else "退回的理由")
    if passed:
        before = claim(row, State.SIGNED, State.CLOSED, what="抽查", updated_at=at)
        record_step(row, Action.CHECK, actor=actor, at=at, before=before, reason=words)
        return row
    values = {"state": State.SIGNED, "closed_at": None, "updated_at": at}
    before = claim(row, State.CLOSED, what="退回", **values)
    record_step(row, Action.REOPEN, actor=actor, at=at, before=before, reason=words)
    return row

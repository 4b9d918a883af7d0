"""The unit's head signs its part of a ledger."""

from datetime import datetime

from django.db import transaction

from foundation.errors import StateConflict
from organizations.models import Department, User
from taskboard.models.ledgers import Ledger, LedgerRow
from taskboard.services.ledgers.steps import Action, State, record_step, require_head


@transaction.atomic
def sign_ledger(
    *, actor: User | None, at: datetime, ledger: Ledger, department: Department
) -> list[LedgerRow]:
    """Sign all entries of the unit that are not signed yet; from now on nothing leaves at will."""
    require_head(actor, department, "签字确认台账")
    drafts = LedgerRow.objects.filter(ledger=ledger, department=department, state=State.DRAFT)
    rows = list(drafts.select_for_update().order_by("pk"))
    if not rows:
        raise StateConflict(
            f"{department.name}在“{ledger}”中没有待签字的条目，可能已经签过。请刷新页面查看。"
        )
    for row in rows:
        row.state, row.signed_by, row.signed_at = State.SIGNED, actor, at
        row.version, row.updated_at = row.version + 1, at
    # Locked above, so that none is changed or signed by somebody else in between.
    LedgerRow.objects.bulk_update(rows, ["state", "signed_by", "signed_at", "version", "updated_at"])
    for row in rows:
        row.department = department
        record_step(row, Action.SIGN, actor=actor, at=at, before=State.DRAFT)
    return rows

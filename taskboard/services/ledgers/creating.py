"""Ledgers that a plan asks for."""

from datetime import datetime

from django.db import transaction

from directives.models import Directive
from foundation.services.audit import record_change
from organizations.models import User
from organizations.permissions import require
from taskboard.models import Ledger, LedgerColumn
from taskboard.services.content import LedgerContent


@transaction.atomic
def create_ledger(
    *, actor: User | None, at: datetime, directive: Directive, order: int, content: LedgerContent
) -> Ledger:
    """Create a ledger with its columns."""
    require(actor, "taskboard.change_list", "建立台账")
    ledger = Ledger.objects.create(
        directive=directive,
        kind=content.kind,
        title=content.title,
        due_on=content.due_on,
        responsible=content.responsible,
        responsible_leader=content.responsible_leader,
        rules=content.rules,
        order=order,
    )
    LedgerColumn.objects.bulk_create(
        LedgerColumn(ledger=ledger, order=n, name=c.name, type=c.type, unit=c.unit, choices=list(c.choices))
        for n, c in enumerate(content.columns, start=1)
    )
    record_change(actor=actor, action="ledger.create", target=ledger, at=at, after={"title": ledger.title})
    return ledger

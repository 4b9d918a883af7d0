"""Approvals that wait for a person who leaves, and handing them to somebody else."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from foundation.services.audit import record_change
from organizations.models import User
from organizations.permissions import require
from taskboard.models.ledgers import ApprovalCase


def approvals_of(user: User) -> QuerySet[ApprovalCase]:
    """Cases without an outcome that name the person as approver."""
    waiting = ApprovalCase.objects.filter(approver=user, outcome="")
    return waiting.select_related("row", "row__ledger", "row__department").order_by("pk")


@transaction.atomic
def hand_over_approvals(*, actor: User, at: datetime, leaver: User, successor: User, reason: str) -> int:
    """Name somebody else as approver of all of them; how many."""
    require(actor, "organizations.guard_sign_ins", "移交离岗人员的审批")
    cases = list(approvals_of(leaver).select_for_update(of=("self",)))
    for case in cases:
        ApprovalCase.objects.filter(pk=case.pk).update(approver=successor)
        record_change(
            actor=actor,
            action="ledger_row.hand_over",
            target=case.row,
            at=at,
            before={"approver": str(leaver)},
            after={"approver": str(successor)},
            reason=reason[:200],
        )
    return len(cases)

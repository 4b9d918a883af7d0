"""Small records that one person proposes and another confirms; both stay on record."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.models import Proposal
from foundation.services.audit import record_change

Actor = AbstractBaseUser | None
S = Proposal.Standing


def proposed_values(actor: Actor, at: datetime) -> dict[str, Any]:
    """How a new one stands: what the portal itself writes counts at once."""
    if actor is None:
        return {"standing": S.CONFIRMED}
    return {"standing": S.PROPOSED, "proposed_by_id": actor.pk, "proposed_at": at}


@transaction.atomic
def confirm_proposal(*, actor: Actor, at: datetime, proposal: Any, about: Any, action: str) -> None:
    """Let a proposal count; the owning room has checked the right to it.

    Raises PermissionRefused when its own author would confirm it, StateConflict when it does not wait.
    """
    if actor is not None and proposal.proposed_by_id == actor.pk:
        raise PermissionRefused("此项由您登记，须由另一位签发人签发。")
    _settle(actor, at, proposal, S.CONFIRMED, (S.PROPOSED,))
    record_change(
        actor=actor, action=f"{action}.confirm", target=about, at=at, after={"settled": str(proposal)}
    )


@transaction.atomic
def void_proposal(*, actor: Actor, at: datetime, proposal: Any, about: Any, action: str, reason: str) -> None:
    """Take a proposal or a confirmed one back, with a reason; the row stays and counts no more."""
    if not reason.strip():
        raise InvalidInput("请写明作废的理由。", fields={"reason": ["请写明理由。"]})
    _settle(actor, at, proposal, S.VOID, (S.PROPOSED, S.CONFIRMED), reason.strip()[:200])
    before = {"settled": str(proposal)}
    record_change(
        actor=actor, action=f"{action}.void", target=about, at=at, before=before, reason=reason.strip()
    )


def _settle(
    actor: Actor, at: datetime, proposal: Any, standing: str, sources: tuple[str, ...], reason: str = ""
) -> None:
    claimed = type(proposal)._default_manager.filter(pk=proposal.pk, standing__in=sources)
    values = {"standing": standing, "settled_at": at, "settled_reason": reason}
    if claimed.update(**values, settled_by_id=actor.pk if actor else None) != 1:
        proposal.refresh_from_db()
        raise StateConflict(f"此项现在是“{proposal.get_standing_display()}”，请刷新页面查看。")
    proposal.refresh_from_db()

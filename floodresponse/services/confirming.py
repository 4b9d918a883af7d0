"""Confirming that the plan of one year holds in another (沿用)."""

from datetime import datetime

from django.db import IntegrityError, transaction

from floodresponse.models import Plan, PlanConfirmation
from floodresponse.services.obligations import require_office
from foundation.errors import InvalidInput, StateConflict
from foundation.services.audit import record_change
from organizations.models import User
from organizations.permissions import require


@transaction.atomic
def confirm_plan(*, actor: User, plan: Plan, year: int, basis: str, at: datetime) -> PlanConfirmation:
    """Record on whose word the plan is used in a year that is not its own."""
    require(actor, "floodresponse.confirm_plan", "确认沿用防内涝方案")
    require_office(actor, "确认沿用防内涝方案")
    if year == plan.year:
        raise InvalidInput("这就是本年度的方案，无需确认沿用。")
    if not basis.strip():
        raise InvalidInput("请写明依据，例如哪次会议或哪位领导同意。", fields={"basis": ["请写明依据。"]})
    try:
        with transaction.atomic():
            made = PlanConfirmation.objects.create(
                plan=plan, year=year, basis=basis.strip()[:200], confirmed_at=at, confirmed_by=actor
            )
    except IntegrityError:
        raise StateConflict(f"{year} 年已确认沿用，无需重复。") from None
    record_change(
        actor=actor, action="plan.confirm", target=plan, at=at, after={"year": year}, reason=made.basis
    )
    return made

"""Settling which units owe daily reports, where the plan's lists leave it open."""

from datetime import datetime

from django.db import transaction

from floodresponse.members import member_units
from floodresponse.models import Plan, ReportingUnit
from floodresponse.services.obligations import require_office
from foundation.errors import InvalidInput, StateConflict
from foundation.services.audit import record_change
from organizations.models import Department, User

LONGEST_REASON = 200


@transaction.atomic
def settle_reporting_unit(
    *, actor: User, plan: Plan, unit: Department, owes: bool, reason: str, at: datetime
) -> ReportingUnit:
    """From the next round on the unit owes daily reports or does not; what is owed already stays owed.

    Raises InvalidInput without a ground or for what is no unit, StateConflict for what is settled so already.
    """
    require_office(actor, "确认应报单位")
    checked = reason.strip()[:LONGEST_REASON]
    if not checked:
        raise InvalidInput("请写明依据。", fields={"reason": ["请写明依据。"]})
    if unit.kind == Department.Kind.COLLECTIVE or not unit.is_active:
        sentence = f"{unit.name}不是可以报告的单位，请选具体单位。"
        raise InvalidInput(sentence, fields={"unit": [sentence]})
    # Two who settle it at once wait for each other here, also before there is a row of the unit.
    Plan.objects.select_for_update().get(pk=plan.pk)
    before = ReportingUnit.objects.filter(plan=plan, unit=unit).select_related("decided_by").first()
    if before is not None and (before.owes, before.reason) == (owes, checked):
        raise StateConflict(f"{before.decided_by}已按同样的依据确认“{before}”，无需重复。")
    was = before.owes if before else member_units(plan).filter(pk=unit.pk).exists()
    settled, _ = ReportingUnit.objects.update_or_create(
        plan=plan,
        unit=unit,
        defaults={"owes": owes, "reason": checked, "decided_at": at, "decided_by": actor},
    )
    record_change(
        actor=actor,
        action="flood_plan.settle_unit",
        target=plan,
        at=at,
        before={"unit": unit.name, "owes": was},
        after={"unit": unit.name, "owes": owes},
        reason=checked,
    )
    return settled

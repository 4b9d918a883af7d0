"""Where an incident is counted: its street, and whether it was told before by somebody else (同一起)."""

from datetime import datetime

from django.db import transaction

from floodresponse.models import Incident
from floodresponse.services.obligations import require_office
from foundation.errors import InvalidInput
from foundation.services.audit import record_change
from organizations.models import Department, User


@transaction.atomic
def count_incident(
    *, actor: User, incident: Incident, street: Department | None, same_as: Incident | None, at: datetime
) -> Incident:
    """Set both; raises InvalidInput for another that is no possible twin. What each owes stays owed."""
    require_office(actor, "确定险情的统计口径")
    keys = [incident.pk, *([same_as.pk] if same_as else [])]
    locked = {one.pk: one for one in Incident.objects.select_for_update().filter(pk__in=keys).order_by("pk")}
    this, twin = locked[incident.pk], locked[same_as.pk] if same_as else None
    problem = _problem(this, twin)
    if problem:
        raise InvalidInput(problem, fields={"same_as": [problem]})
    before = {"street": this.street_id, "same_as": this.same_as_id}
    after = {"street": street.pk if street else None, "same_as": twin.pk if twin else None}
    if before == after:
        return this
    this.street, this.same_as = street, twin
    this.save(update_fields=["street", "same_as"])
    record_change(
        actor=actor,
        action="incident.count",
        target=this,
        at=at,
        before=before,
        after={**after, "exercise": this.exercise},
    )
    return this


def _problem(this: Incident, twin: Incident | None) -> str:
    if twin is None:
        return ""
    if twin.pk == this.pk:
        return "不能并入自己，请选另一起。"
    if twin.exercise != this.exercise:
        return "演练和实际的险情不能并为一起。"
    if twin.same_as_id is not None:
        return f"“{twin}”已经并入另一起，请直接并入那一起。"
    if this.told_again.exists():
        return "已有别的险情并入这一起，不能再把它并入另一起。"
    return ""

"""Names that were corrected, carried into rosters that stand: the printed forms stay."""

from datetime import datetime

from django.db import transaction

from directives.models import RosterMember
from foundation.services.audit import record_change
from organizations.models import Person, User
from organizations.permissions import require

REASON = "名称更正回填"


@transaction.atomic
def carry_name_into_roster(*, actor: User | None, at: datetime, member: RosterMember, person: Person) -> bool:
    """Point a line of a roster at whom it means now; returns whether anything was changed."""
    require(actor, "organizations.change_names", REASON)
    locked = RosterMember.objects.select_for_update(of=("self",)).select_related("roster__directive")
    line = locked.get(pk=member.pk)
    if line.person_id == person.pk:
        return False
    before = {"member": line.printed_name, "person": line.person_id}
    line.person = person
    line.save(update_fields=["person"])
    record_change(
        actor=actor,
        action="directive.names",
        target=line.roster.directive,
        at=at,
        before=before,
        after={"member": line.printed_name, "person": person.pk},
        reason=REASON,
    )
    return True

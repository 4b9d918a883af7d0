"""Moving households out of danger and home again, each checked off by a person."""

from datetime import datetime

from django.db import IntegrityError, transaction

from floodresponse.models import Household, HouseholdMove, Response, Shelter
from floodresponse.standing import acts_for
from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.services.audit import record_change
from organizations.models import User
from organizations.permissions import require

MOST_PEOPLE = 200


def _require_moving(actor: User, household: Household) -> None:
    require(actor, "floodresponse.view_households", "登记转移")
    if not acts_for(actor, household.street):
        raise PermissionRefused(f"{household.street.name}的转移由该街道或防涝办登记。")


@transaction.atomic
def move_household(
    *,
    actor: User,
    household: Household,
    response: Response,
    shelter: Shelter | None,
    people: int,
    at: datetime,
) -> HouseholdMove:
    """Check off that a household has left its home; a full shelter is shown, never a reason to refuse."""
    _require_moving(actor, household)
    if not 1 <= people <= MOST_PEOPLE:
        raise InvalidInput("转移人数应在 1 到 200 之间。", fields={"people": ["请核对人数。"]})
    still = Response.objects.select_for_update().active().filter(pk=response.pk)
    if not still.exists():
        raise StateConflict("这次响应已经终止，不能再登记转移。")
    try:
        with transaction.atomic():
            move = HouseholdMove.objects.create(
                household=household,
                response=response,
                shelter=shelter,
                people=people,
                moved_at=at,
                moved_by=actor,
            )
    except IntegrityError:
        raise StateConflict(f"{household.head}户在这次响应中已登记转移，请刷新页面。") from None
    after = {"shelter": str(shelter or "自行投靠"), "people": people}
    record_change(actor=actor, action="household.move", target=household, at=at, after=after)
    return move


def note_list_taken(*, actor: User, households: int, at: datetime) -> None:
    """Keep who took the list of names, addresses and numbers out of the portal, and how long it was."""
    require(actor, "floodresponse.view_households", "导出转移避险户")
    record_change(actor=actor, action="household.export", target=actor, at=at, after={"rows": households})


@transaction.atomic
def return_household(*, actor: User, move: HouseholdMove, at: datetime) -> HouseholdMove:
    """Check off that it came home."""
    _require_moving(actor, move.household)
    claimed = HouseholdMove.objects.filter(pk=move.pk, returned_at=None, moved_at__lte=at)
    if claimed.update(returned_at=at, returned_by=actor) != 1:
        raise StateConflict("这户已登记返回，请刷新页面。")
    move.refresh_from_db()
    record_change(actor=actor, action="household.return", target=move.household, at=at)
    return move

"""Moving households out of danger and home again, each checked off by a person."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from floodresponse.models import Household, HouseholdMove, Response, Shelter
from floodresponse.standing import acts_for
from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.services.audit import record_change
from organizations.models import User
from organizations.permissions import require

MOST_PEOPLE, LONGEST_REASON = 200, 200
# Where a household went that no shelter took in.
ALONE = "自行投靠"


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
    """Check off that a household has left its home, for the first time or after it came back.

    A full shelter is shown, never a reason to refuse.
    """
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
        raise StateConflict(f"{household.head}户已登记转移，还没有返回，请刷新页面。") from None
    after = {"shelter": str(shelter or ALONE), "people": people}
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


@transaction.atomic
def take_back_move(*, actor: User, move: HouseholdMove, reason: str, at: datetime) -> bool:
    """Undo the last step of a household checked off by mistake: the way home first, then the way out.

    Returns whether that was the way home. What was registered stays in the audit log.
    """
    _require_moving(actor, move.household)
    if not reason.strip():
        raise InvalidInput("请写明撤销理由。", fields={"reason": ["请写明理由。"]})
    if not Response.objects.select_for_update().active().filter(pk=move.response_id).exists():
        raise StateConflict("这次响应已经终止，转移记录不能再撤销。")
    was_home = move.returned_at is not None
    of_household = HouseholdMove.objects.filter(household=move.household_id, response=move.response_id)
    claimed = of_household.filter(pk=move.pk, returned_at=move.returned_at)
    is_last = of_household.last_of_each().filter(pk=move.pk).exists()
    if not is_last or _undo(claimed, home=was_home) != 1:
        raise StateConflict("这户的转移记录刚刚有改动，请刷新页面。")
    record_change(
        actor=actor,
        action="household.take_back",
        target=move.household,
        at=at,
        before={
            "shelter": str(move.shelter or ALONE),
            "people": move.people,
            "moved_at": move.moved_at,
            "returned_at": move.returned_at,
        },
        reason=reason.strip()[:LONGEST_REASON],
    )
    return was_home


def _undo(claimed: QuerySet[HouseholdMove], *, home: bool) -> int:
    return claimed.update(returned_at=None, returned_by=None) if home else claimed.delete()[0]

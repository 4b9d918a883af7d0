"""Where a household is in a response: still to be moved, moved, home again, or not meant at this level."""

from collections.abc import Iterable
from dataclasses import dataclass

from floodresponse.models import Household, HouseholdMove
from floodresponse.resources.situation import Running, running_responses

STATES = [
    ("", "全部"),
    ("waiting", "待转移"),
    ("moved", "已转移"),
    ("returned", "已返回"),
    ("later", "本级不转移"),
]
WORDS = dict(STATES)
# Colour of the light by state.
COLOURS = {"waiting": "red", "moved": "green", "returned": "closed", "later": "grey"}


@dataclass(frozen=True, slots=True)
class Line:
    """A household in the response; ``state``: waiting, moved, returned, later."""

    household: Household
    move: HouseholdMove | None
    state: str

    @property
    def colour(self) -> str:
        """The colour of its light."""
        return COLOURS[self.state]

    @property
    def word(self) -> str:
        """Its state in a word."""
        return WORDS[self.state]


def running_of(asked: str | None, found: list[Running] | None = None) -> Running | None:
    """The one with the number asked for, else the real one, else the exercise; of those ``found`` to run."""
    found = running_responses() if found is None else found
    wanted = [one for one in found if str(one.response.pk) == asked]
    return next(iter(wanted or found), None)


def lines_in(running: Running | None, households: Iterable[Household]) -> list[Line]:
    """Households with where they are; one query for all moves of the response."""
    response = running.response if running else None
    rows = HouseholdMove.objects.filter(response=response).last_of_each().select_related("shelter")
    moves = {move.household_id: move for move in rows}
    return [_line(household, moves.get(household.pk), running) for household in households]


def _line(household: Household, move: HouseholdMove | None, running: Running | None) -> Line:
    if move is not None:
        return Line(household, move, "returned" if move.returned_at else "moved")
    due = running is not None and running.level <= household.from_level
    return Line(household, None, "waiting" if due else "later")

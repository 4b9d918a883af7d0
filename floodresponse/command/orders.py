"""What units were told to do and how far they are. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from floodresponse.command.roster import Line, Roster
from floodresponse.models import UnitAction
from organizations.models import Department

State = UnitAction.State
# Word, shape, colour of the light.
LOOKS = {
    State.OPEN: ("未收到", "square", "red"),
    State.ACKNOWLEDGED: ("收到", "circle-half-2", "grey"),
    State.DONE: ("完成", "circle-check", "green"),
}


@dataclass(frozen=True, slots=True)
class UnitProgress:
    """A unit stands where its least advanced action stands."""

    name: str
    unit: Department | None
    state: str
    left: int
    waiting: UnitAction | None = None
    line: Line | None = None

    @property
    def called(self) -> str:
        """The last call about what it has not answered."""
        if self.waiting is None or self.waiting.called_at is None:  # type: ignore[attr-defined]
            return ""
        when = timezone.localtime(self.waiting.called_at)  # type: ignore[attr-defined]
        return f"{when:%H:%M} {'已接' if self.waiting.answered else '未接'}"  # type: ignore[attr-defined]

    @property
    def caller(self) -> str:
        """Who made that call."""
        return self.waiting.called_by or "" if self.waiting else ""  # type: ignore[attr-defined]

    @property
    def word(self) -> str:
        """The state in a word."""
        return LOOKS[State(self.state)][0]

    @property
    def icon(self) -> str:
        """Its shape."""
        return LOOKS[State(self.state)][1]

    @property
    def colour(self) -> str:
        """The colour of its light."""
        return LOOKS[State(self.state)][2]

    @property
    def phone(self) -> str:
        """The number to tap."""
        return self.line.number if self.line else ""


@dataclass(frozen=True, slots=True)
class ActionsPanel:
    """Streets and units, those that have not answered first."""

    streets: tuple[UnitProgress, ...]
    units: tuple[UnitProgress, ...]

    @property
    def all(self) -> tuple[UnitProgress, ...]:
        """Both."""
        return (*self.streets, *self.units)

    @property
    def acknowledged(self) -> int:
        """How many have answered."""
        return sum(one.state != State.OPEN for one in self.all)

    @property
    def done(self) -> int:
        """How many have done all."""
        return sum(one.state == State.DONE for one in self.all)

    @property
    def unanswered(self) -> tuple[UnitProgress, ...]:
        """Who has not answered."""
        return tuple(one for one in self.all if one.state == State.OPEN)

    @property
    def to_call(self) -> tuple[UnitProgress, ...]:
        """The units among them: the command post does not call itself."""
        return tuple(one for one in self.unanswered if one.unit is not None)


def actions_panel(actions: Iterable[UnitAction], roster: Roster) -> ActionsPanel:
    """By unit; what belongs to nobody is the command post's own."""
    by_unit: dict[str, list[UnitAction]] = {}
    for action in actions:
        by_unit.setdefault(str(action.unit or "指挥部"), []).append(action)
    rows = sorted((_progress(name, own, roster) for name, own in by_unit.items()), key=_order)
    streets = tuple(row for row in rows if row.unit and row.unit.kind == Department.Kind.STREET)
    return ActionsPanel(streets, tuple(row for row in rows if row not in streets))


def _progress(name: str, own: list[UnitAction], roster: Roster) -> UnitProgress:
    states = {action.state for action in own}
    state = next(one for one in (State.OPEN, State.ACKNOWLEDGED, State.DONE) if one in states)
    unit = own[0].unit
    label = (unit.short_name or unit.name).removesuffix("街道") if unit else name
    waiting = next((action for action in own if action.state == State.OPEN), None)
    line = roster.line_to(unit) if unit else None
    return UnitProgress(label, unit, state, sum(action.state != State.DONE for action in own), waiting, line)


def _order(row: UnitProgress) -> int:
    return list(LOOKS).index(State(row.state))

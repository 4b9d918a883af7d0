"""Who sits in the command post and who owes what: seats, duties and the gaps between them.

Pure, from rows that were fetched before. A unit may have a seat and no
printed duty, or the reverse; the office has to settle it, so it is shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from floodresponse.models import CommandPostMember, Duty
from organizations.models import Department

HEAD_ROLES = frozenset({"总指挥", "副总指挥", "指挥长", "副指挥长"})
COLLECTIVE_OF_STREETS = "街道"


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat; ``without_duty`` when its unit has no printed duty."""

    member: CommandPostMember
    without_duty: bool


@dataclass(frozen=True, slots=True)
class PrintedDuty:
    """A printed duty; ``seatless`` are its units that have no seat."""

    duty: Duty
    units: tuple[Department, ...]
    seatless: tuple[Department, ...]


@dataclass(frozen=True, slots=True)
class CommandPost:
    """Heads, seats, duties and their gaps."""

    heads: tuple[CommandPostMember, ...]
    seats: tuple[Seat, ...]
    duties: tuple[PrintedDuty, ...]
    units: int
    streets: int

    @property
    def size(self) -> int:
        """How many people are named."""
        return len(self.heads) + len(self.seats)

    @property
    def units_without_duty(self) -> list[Department]:
        """Units with a seat and no printed duty, each once."""
        found = {seat.member.unit_id: seat.member.unit for seat in self.seats if seat.without_duty}
        return [unit for unit in found.values() if unit is not None]

    @property
    def units_without_seat(self) -> list[Department]:
        """Units with a printed duty and no seat, each once."""
        found = {unit.pk: unit for duty in self.duties for unit in duty.seatless}
        return list(found.values())


def assemble(members: Sequence[CommandPostMember], duties: Sequence[Duty]) -> CommandPost:
    """Members come with ``unit``, duties with ``units`` fetched."""
    units_of_duties = [unit for duty in duties for unit in duty.units.all()]
    seated = {member.unit_id for member in members if member.unit_id is not None}
    seated_units = {m.unit_id: m.unit for m in members if m.unit is not None}.values()
    heads = tuple(member for member in members if member.role in HEAD_ROLES)
    seats = tuple(
        Seat(member, member.unit is not None and not _covered(member.unit, units_of_duties))
        for member in members
        if member.role not in HEAD_ROLES
    )
    return CommandPost(
        heads=heads,
        seats=seats,
        duties=tuple(_duty(duty, seated) for duty in duties),
        units=sum(not _is_street(unit) for unit in seated_units),
        streets=sum(_is_street(unit) for unit in seated_units),
    )


def _duty(duty: Duty, seated: set[int]) -> PrintedDuty:
    units = tuple(duty.units.all())
    # A collective (各机关、学校…) has no seat of its own by nature: not a gap.
    single = (unit for unit in units if unit.kind != Department.Kind.COLLECTIVE)
    return PrintedDuty(duty, units, tuple(unit for unit in single if unit.pk not in seated))


def _covered(unit: Department, units: Sequence[Department]) -> bool:
    """Whether a duty is laid on the unit itself or on a collective that it belongs to."""
    collectives = [other for other in units if other.kind == Department.Kind.COLLECTIVE]
    own = any(other.pk == unit.pk for other in units)
    parent = any(other.pk == unit.parent_id for other in collectives)
    street = _is_street(unit) and any(COLLECTIVE_OF_STREETS in other.name for other in collectives)
    return own or parent or street


def _is_street(unit: Department) -> bool:
    return unit.kind == Department.Kind.STREET

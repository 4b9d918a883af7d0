"""Who is on duty now, and the number on which a unit is reached. Pure, from the shifts of the moment."""

from collections.abc import Sequence
from dataclasses import dataclass

from floodresponse.models import DutyShift
from organizations.models import Department

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Line:
    """A number to tap and whose it is."""

    label: str
    number: str


@dataclass(frozen=True, slots=True)
class Roster:
    """The office first, then leaders; ``more``: how many others are on duty."""

    shifts: tuple[DutyShift, ...]
    more: int
    by_unit: dict[int, DutyShift]

    def line_to(self, unit: Department) -> Line | None:
        """The officer on duty, else the unit's own telephone; None where neither is known."""
        shift = self.by_unit.get(unit.pk)
        if shift is not None and shift.phone:
            return Line(f"值班 {shift.name}", shift.phone)
        return Line("值班电话", unit.office_phone) if unit.office_phone else None


def roster_of(shifts: Sequence[DutyShift]) -> Roster:
    """``shifts``: all of the moment, with their units."""
    ordered = sorted(shifts, key=_order)
    # Of a unit's people the officer is called; the leader where no officer has a number.
    by_unit: dict[int, DutyShift] = {}
    for shift in sorted(shifts, key=lambda one: one.role == DutyShift.Role.OFFICER):
        if shift.phone:
            by_unit[shift.unit_id] = shift
    return Roster(tuple(ordered[:SHOWN]), max(len(ordered) - SHOWN, 0), by_unit)


def _order(shift: DutyShift) -> tuple[bool, bool]:
    office = shift.unit.kind == Department.Kind.GROUP
    return not office, shift.role != DutyShift.Role.LEADER

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
    """The people of the office, then one of each unit; ``more``: how many others are on duty."""

    shifts: tuple[DutyShift, ...]
    more: int
    by_unit: dict[int, DutyShift]

    def line_to(self, unit: Department) -> Line | None:
        """The officer on duty, else the unit's own telephone; None where neither is known."""
        shift = self.by_unit.get(unit.pk)
        if shift is not None and shift.phone:
            return Line(f"值班 {shift.name}", shift.phone)
        return Line("值班电话", unit.office_phone) if unit.office_phone else None


def callee(unit: Department, line: Line | None) -> tuple[str, str]:
    """Who is called, on which number, as the record of a call says it."""
    return (f"{unit} {line.label}", line.number) if line else (str(unit), "")


def roster_of(shifts: Sequence[DutyShift]) -> Roster:
    """``shifts``: all of the moment, with their units."""
    by_unit: dict[int, DutyShift] = {}
    # Of a unit's people the officer is called; the leader where no officer has a number.
    for shift in sorted(shifts, key=lambda one: one.role == DutyShift.Role.OFFICER):
        if shift.phone or shift.unit_id not in by_unit:
            by_unit[shift.unit_id] = shift
    office = [shift for shift in shifts if _of_the_office(shift)]
    office.sort(key=lambda one: one.role != DutyShift.Role.LEADER)
    shown = [*office, *(shift for shift in by_unit.values() if not _of_the_office(shift))]
    return Roster(tuple(shown[:SHOWN]), len(shifts) - min(len(shown), SHOWN), by_unit)


def _of_the_office(shift: DutyShift) -> bool:
    return shift.unit.kind == Department.Kind.GROUP

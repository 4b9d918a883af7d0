"""The roster as people see it: a day by unit, a month as a grid. From rows that were fetched before."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from floodresponse.models import DutyShift
from floodresponse.roster import days
from organizations.models import Department

ROLES = (DutyShift.Role.LEADER, DutyShift.Role.OFFICER)
# Colour of the light and word, by state.
LOOKS = {
    "gap": ("red", "空缺"),
    "none": ("grey", "无登记"),
    "late": ("yellow", "未签到"),
    "waiting": ("grey", "未到班"),
    "signed": ("green", "已签到"),
    "signed_late": ("yellow", "迟签到"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A role of a unit on a day, held or not."""

    unit: Department
    day: date
    role: DutyShift.Role
    shift: DutyShift | None
    now: datetime

    @property
    def state(self) -> str:
        """Whether somebody is there: gap, none (over and empty), waiting, late, signed, signed_late."""
        if self.shift is None:
            return "none" if self.day < days.duty_day(timezone.localtime(self.now)) else "gap"
        begins = days.begins(self.day, timezone.get_current_timezone())
        signed = self.shift.signed_in_at
        if signed is not None:
            return "signed" if signed <= begins + days.IN_TIME_FOR else "signed_late"
        return "late" if self.now > begins + days.IN_TIME_FOR else "waiting"

    @property
    def colour(self) -> str:
        """The colour of its light."""
        return LOOKS[self.state][0]

    @property
    def word(self) -> str:
        """Its state in a word."""
        return LOOKS[self.state][1]


@dataclass(frozen=True, slots=True)
class UnitDay:
    """A unit on a day."""

    unit: Department
    leader: Place
    officer: Place

    @property
    def places(self) -> tuple[Place, Place]:
        """Leader and officer."""
        return (self.leader, self.officer)

    @property
    def over(self) -> bool:
        """Whether the shift is over: what is missing can no longer be filled."""
        return self.leader.day < days.duty_day(timezone.localtime(self.leader.now))

    @property
    def gaps(self) -> int:
        """How many of its places nobody holds."""
        return sum(place.shift is None for place in self.places)


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A unit in a month."""

    unit: Department
    cells: tuple[UnitDay, ...]

    @property
    def gaps(self) -> int:
        """Places that nobody holds, from the day of duty on."""
        return sum(cell.gaps for cell in self.cells if not cell.over)


def unit_days(
    units: Sequence[Department], days_shown: Sequence[date], shifts: Iterable[DutyShift], now: datetime
) -> Iterator[UnitDay]:
    """Each unit on each day, by unit."""
    held = {(shift.unit_id, shift.day, shift.role): shift for shift in shifts}
    for unit in units:
        for day in days_shown:
            leader, officer = (Place(unit, day, r, held.get((unit.pk, day, r.value)), now) for r in ROLES)
            yield UnitDay(unit, leader, officer)


def month_rows(
    units: Sequence[Department], days_shown: Sequence[date], shifts: Iterable[DutyShift], now: datetime
) -> list[MonthRow]:
    """A row for each unit."""
    cells = list(unit_days(units, days_shown, shifts, now))
    width = len(days_shown)
    return [
        MonthRow(unit, tuple(cells[place * width : (place + 1) * width])) for place, unit in enumerate(units)
    ]

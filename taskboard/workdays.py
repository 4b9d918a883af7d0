"""Working days from a trigger (自收到之日起N个工作日): pure, the calendar is handed in.

The day of the trigger is not counted. Weekends rest, unless the calendar marks
them as made up; weekdays work, unless it marks them as a holiday. Outside the
calendar's years there is no answer: a clear error, never a guess (domain.md 4).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from foundation.errors import InvalidInput

SATURDAY = 5
WEEKEND = "周末"
MOST_DAYS = 1000


class OutsideCalendar(InvalidInput):
    """A day that the calendar does not know."""


class DayMark(Protocol):
    """What a calendar says of a day that is not as its weekday is."""

    @property
    def is_working(self) -> bool:
        """Whether people work."""

    @property
    def name(self) -> str:
        """The holiday that is kept, or for which the day is made up."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark that is not a row."""

    is_working: bool
    name: str


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The years whose holidays are known, and the days that are not as their weekday is."""

    years: frozenset[int]
    marks: Mapping[date, DayMark]

    @property
    def last_year(self) -> int | None:
        """The last year that is known without a gap before it."""
        if not self.years:
            return None
        year = min(self.years)
        while year + 1 in self.years:
            year += 1
        return year

    def is_working(self, day: date) -> bool:
        """Whether people work on the day."""
        self.require(day)
        mark = self.marks.get(day)
        return mark.is_working if mark else day.weekday() < SATURDAY

    def require(self, day: date) -> None:
        """Refuse a day of a year whose holidays are not known."""
        if day.year not in self.years:
            reach = f"日历表现在到 {self.last_year} 年" if self.years else "日历表还是空的"
            sentence = f"工作日日历没有 {day.year} 年的放假安排，无法推算工作日；{reach}，请先补录后再推算。"
            raise OutsideCalendar(sentence)


@dataclass(frozen=True, slots=True)
class Passed:
    """A day that is worth a word: left out, or worked though it is a weekend."""

    day: date
    name: str


@dataclass(frozen=True, slots=True)
class Count:
    """Working days counted from a trigger: the last of them, the days left out, the days made up."""

    trigger: date
    days: int
    due: date
    skipped: tuple[Passed, ...]
    made_up: tuple[Passed, ...]


def count_workdays(trigger: date, days: int, calendar: WorkCalendar) -> Count:
    """The day on which ``days`` working days after the trigger are over; that day is included."""
    if not 1 <= days <= MOST_DAYS:
        raise InvalidInput(f"工作日数应为 1 到 {MOST_DAYS} 的整数。")
    calendar.require(trigger)
    skipped, made_up = [], []
    day, counted = trigger, 0
    while counted < days:
        if day == date.max:
            raise OutsideCalendar("推算的日期超出日历。")
        day += timedelta(days=1)
        mark = calendar.marks.get(day)
        if not calendar.is_working(day):
            skipped.append(Passed(day, mark.name if mark else WEEKEND))
            continue
        counted += 1
        if mark and day.weekday() >= SATURDAY:
            made_up.append(Passed(day, mark.name))
    return Count(trigger, days, day, tuple(skipped), tuple(made_up))

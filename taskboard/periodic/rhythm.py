"""When a report is due by its rhythm: pure.

The documents print the rhythm and not the days. Our reading, shown as 待确认:
half-monthly on the 15th and the last day of the month, monthly on the last
day, weekly on Friday (domain.md 4). A period ends on the day its report is due.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

WEEKLY, HALF_MONTHLY, MONTHLY = "weekly", "half_monthly", "monthly"
MID_MONTH, FRIDAY = 15, 4
READING = {
    WEEKLY: "每周五报送",
    HALF_MONTHLY: "每月15日和月末最后一天报送",
    MONTHLY: "每月最后一天报送",
}


@dataclass(frozen=True, slots=True)
class Period:
    """The days that a report is about."""

    start: date
    end: date

    @property
    def due_on(self) -> date:
        """The day on which it is owed."""
        return self.end


def periods(rhythm: str, starts_on: date, ends_on: date | None, until: date) -> Iterator[Period]:
    """The periods that have begun by ``until``, the first and last cut to the rule's own dates."""
    start = starts_on
    while start <= until and (ends_on is None or start <= ends_on):
        end = _end_of(rhythm, start)
        yield Period(start, end if ends_on is None else min(end, ends_on))
        if end == date.max:
            return
        start = end + timedelta(days=1)


def _end_of(rhythm: str, day: date) -> date:
    """The last day of the period in which the day lies."""
    if rhythm == WEEKLY:
        ahead = (FRIDAY - day.weekday()) % 7
        return day + min(timedelta(days=ahead), date.max - day)
    if rhythm == HALF_MONTHLY and day.day <= MID_MONTH:
        return day.replace(day=MID_MONTH)
    return day.replace(day=monthrange(day.year, day.month)[1])

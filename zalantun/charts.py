"""Plots drawn on the server as SVG: pure, from plain numbers."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

DAY_WIDTH = 25
HEIGHT = 92
FOOT = 22
HEAD = 18


@dataclass(frozen=True, slots=True)
class DayBar:
    """A day's bar; lengths in units of the drawing."""

    day: date
    count: int
    x: float
    y: float
    height: float
    middle: float
    current: bool

    @property
    def label_y(self) -> float:
        """Where the number above the bar stands."""
        return self.y - 5

    @property
    def minor(self) -> bool:
        """Whether its day is left out where there is little room: all but the first and every fifth."""
        return self.day.day != 1 and self.day.day % 5 != 0

    @property
    def weekend(self) -> bool:
        """Saturday or Sunday."""
        return self.day.weekday() >= 5


@dataclass(frozen=True, slots=True)
class DayChart:
    """Entries per day of one month."""

    first: date
    bars: tuple[DayBar, ...]
    width: int
    height: int
    base: int
    bar_width: int

    @property
    def most(self) -> int:
        """The largest number of a day."""
        return max((bar.count for bar in self.bars), default=0)

    @property
    def foot(self) -> int:
        """Where the days below the bars stand."""
        return self.base + 17


def day_chart(day: date, counts: Mapping[date, int], today: date) -> DayChart:
    """The plot of the month of ``day``; ``counts`` holds the days that have entries."""
    first = day.replace(day=1)
    last = monthrange(first.year, first.month)[1]
    most = max(counts.values(), default=0) or 1
    base = HEAD + HEIGHT
    bars = []
    for number in range(1, last + 1):
        on = first.replace(day=number)
        height = round(counts.get(on, 0) / most * HEIGHT, 1)
        x = (number - 1) * DAY_WIDTH
        bars.append(
            DayBar(on, counts.get(on, 0), x + 3, base - height, height, x + DAY_WIDTH / 2, on == today)
        )
    return DayChart(first, tuple(bars), last * DAY_WIDTH, base + FOOT, base, DAY_WIDTH - 6)

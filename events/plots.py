"""Drawings of the chronicle's numbers as SVG: pure, from plain numbers; lengths in units of the drawing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

CELL, GAP, LEFT, TOP = 13, 3, 26, 20
STEP = CELL + GAP
# 184 days are at most 28 weeks.
HALF_WIDTH = LEFT + 28 * STEP
# From how many entries on a day is shaded darker.
SHADES = (1, 2, 4, 7)
BAR, BAR_GAP, HEIGHT, HEAD, FOOT = 22, 8, 110, 20, 24


@dataclass(frozen=True, slots=True)
class DayCell:
    """A day of the year; ``shade`` 0 for none to 4 for the most."""

    day: date
    count: int
    shade: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class YearMap:
    """The days of a year, a column for each week from Monday on."""

    year: int
    cells: tuple[DayCell, ...]
    months: tuple[tuple[int, int], ...]
    width: int
    height: int

    @property
    def recorded(self) -> list[DayCell]:
        """Days that have entries."""
        return [cell for cell in self.cells if cell.count]

    @property
    def halves(self) -> tuple["YearMap", "YearMap"]:
        """January to June and July to December, each in a drawing of its own: two fit a phone."""
        return self._part(1, 6), self._part(7, 12)

    def _part(self, first: int, last: int) -> "YearMap":
        cells = [cell for cell in self.cells if first <= cell.day.month <= last]
        shift = cells[0].x - LEFT
        moved = tuple(replace(cell, x=cell.x - shift) for cell in cells)
        months = tuple((month, x - shift) for month, x in self.months if first <= month <= last)
        return YearMap(self.year, moved, months, HALF_WIDTH, self.height)


def year_map(year: int, counts: Mapping[date, int]) -> YearMap:
    """The heat map of a year; ``counts`` holds the days that have entries."""
    first = date(year, 1, 1)
    days = (date(year, 12, 31) - first).days + 1
    cells = tuple(_cell(first + timedelta(days=n), counts, first.weekday()) for n in range(days))
    months = tuple((cell.day.month, cell.x) for cell in cells if cell.day.day == 1)
    return YearMap(year, cells, months, cells[-1].x + STEP, TOP + 7 * STEP)


def _cell(day: date, counts: Mapping[date, int], offset: int) -> DayCell:
    count = counts.get(day, 0)
    week = ((day - day.replace(month=1, day=1)).days + offset) // 7
    x, y = LEFT + week * STEP, TOP + day.weekday() * STEP
    return DayCell(day, count, sum(count >= least for least in SHADES), x, y)


@dataclass(frozen=True, slots=True)
class MonthBar:
    """A month's bar."""

    first: date
    count: int
    x: int
    y: float
    height: float

    @property
    def middle(self) -> float:
        """Where the words stand."""
        return self.x + BAR / 2

    @property
    def label_y(self) -> float:
        """Where the number above the bar stands."""
        return self.y - 5


@dataclass(frozen=True, slots=True)
class YearChart:
    """The months of a year as bars, on the scale of all years shown beside it."""

    year: int
    bars: tuple[MonthBar, ...]
    width: int = 12 * (BAR + BAR_GAP)
    height: int = HEAD + HEIGHT + FOOT
    base: int = HEAD + HEIGHT
    bar_width: int = BAR

    @property
    def total(self) -> int:
        """All entries of the year."""
        return sum(bar.count for bar in self.bars)

    @property
    def foot(self) -> int:
        """Where the names of the months stand."""
        return self.base + 17


def year_chart(year: int, counts: Mapping[date, int], most: int) -> YearChart:
    """The plot of a year; ``counts`` by the first day of a month, ``most`` the largest of all years."""
    bars = []
    for month in range(1, 13):
        first = date(year, month, 1)
        height = round(counts.get(first, 0) / max(most, 1) * HEIGHT, 1)
        x = (month - 1) * (BAR + BAR_GAP) + BAR_GAP // 2
        bars.append(MonthBar(first, counts.get(first, 0), x, HEAD + HEIGHT - height, height))
    return YearChart(year, tuple(bars))

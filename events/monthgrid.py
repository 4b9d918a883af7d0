"""A month as a calendar, and ranges as bars and brackets: pure, from plain values."""

from calendar import Calendar
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WEEKDAYS = "一二三四五六日"
MAX_LANES = 4
MAX_BOXES = 7


def next_month(first: date) -> date:
    """The first day of the month after."""
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1)


@dataclass(frozen=True, slots=True)
class Span:
    """An entry that covers several days; ``lane`` keeps bars that meet apart."""

    pk: int
    start: date
    end: date
    title: str
    lane: int = 0


@dataclass(frozen=True, slots=True)
class Segment:
    """The part of a bar or bracket beside one day or group."""

    lane: int
    first: bool
    last: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """A day: how many entries begin on it, and the bars below it; None is an empty lane."""

    day: date
    count: int
    bars: tuple[Segment | None, ...]

    @property
    def covered(self) -> bool:
        """Whether there is anything to read on this day."""
        return bool(self.count or any(self.bars))


@dataclass(frozen=True, slots=True)
class MonthGrid:
    """Weeks from Monday to Sunday; days of neighbouring months are None."""

    year: int
    month: int
    weeks: tuple[tuple[Cell | None, ...], ...]
    spans: tuple[Span, ...]

    @property
    def cells(self) -> list[Cell]:
        """All days in a row."""
        return [cell for week in self.weeks for cell in week if cell]

    @property
    def total(self) -> int:
        """Entries that begin in the month."""
        return sum(cell.count for cell in self.cells)

    @property
    def recorded_days(self) -> int:
        """Days on which an entry begins."""
        return sum(1 for cell in self.cells if cell.count)


def month_grid(year: int, month: int, starts: Iterable[date], spans: Iterable[Span]) -> MonthGrid:
    """The calendar of a month; ``starts`` holds the first day of each entry."""
    counts = Counter(starts)
    placed = in_lanes(spans)
    lanes = max((span.lane for span in placed), default=-1) + 1
    weeks = tuple(
        tuple(_cell(day, month, counts[day], placed, lanes) for day in week)
        for week in Calendar().monthdatescalendar(year, month)
    )
    return MonthGrid(year, month, weeks, placed)


def _cell(day: date, month: int, count: int, spans: Sequence[Span], lanes: int) -> Cell | None:
    if day.month != month:
        return None
    bars: list[Segment | None] = [None] * lanes
    for span in spans:
        if span.start <= day <= span.end:
            bars[span.lane] = Segment(span.lane, day == span.start, day == span.end)
    return Cell(day, count, tuple(bars))


def in_lanes(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Each span in the first lane that is free from its first day on; past the last lane they share it."""
    free_from: list[date] = []
    placed: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, s.pk)):
        lane = next((n for n, day in enumerate(free_from) if day <= span.start), len(free_from))
        lane = min(lane, MAX_LANES - 1)
        free_from[lane : lane + 1] = [span.end + timedelta(days=1)]
        placed.append(Span(span.pk, span.start, span.end, span.title, lane))
    return tuple(placed)


def brackets(groups: Sequence[tuple[date, date]], spans: Sequence[Span]) -> list[tuple[Segment, ...]]:
    """For each group of entries (first day, last day) the brackets that run beside it.

    A bracket begins at the group of its own range and runs to the last group
    that begins within the range.
    """
    beside: list[list[Segment]] = [[] for _ in groups]
    for span in spans:
        inside = [n for n, (start, _) in enumerate(groups) if span.start <= start <= span.end]
        own = next((n for n in inside if groups[n] == (span.start, span.end)), None)
        begins = span.start < groups[0][0] if groups else False
        inside = [n for n in inside if own is None or n >= own]
        if own is None and not begins:
            continue
        for n in inside:
            beside[n].append(Segment(span.lane, n == inside[0] and not begins, n == inside[-1]))
    return [tuple(segments) for segments in beside]


def span_label(start: date, end: date) -> str:
    """1, 25～29, 30～10月2日, or with years across a year's end."""
    if start == end:
        return str(start.day)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}～{end.day}"
    if start.year == end.year:
        return f"{start.day}～{end.month}月{end.day}日"
    return f"{start.day}～{end.year}年{end.month}月{end.day}日"


def span_words(start: date, end: date) -> str:
    """周一, or 周一至周五 · 5 天."""
    first = f"周{WEEKDAYS[start.weekday()]}"
    if start == end:
        return first
    return f"{first}至周{WEEKDAYS[end.weekday()]} · {(end - start).days + 1} 天"


def day_boxes(start: date, end: date) -> list[int]:
    """The days of a short range, for small boxes before its text; empty for a day or a long range."""
    days = (end - start).days + 1
    return [(start + timedelta(days=n)).day for n in range(days)] if 1 < days <= MAX_BOXES else []

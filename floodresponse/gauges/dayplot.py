"""The last 24 hours of a station as a drawing's numbers: pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720.0, 220.0, 48.0, 16.0, 20.0, 30.0
HOURS = 24
NICE = (Decimal(1), Decimal(2), Decimal(5))
LEAST_TOP = Decimal(5)
Measured = tuple[datetime, Decimal]


@dataclass(frozen=True, slots=True)
class Bar:
    """What fell within an hour; ``label`` is empty where nothing fell."""

    x: float
    y: float
    width: float
    height: float
    label: str
    title: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across, or an hour below."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class DayPlot:
    """Bars of rain or the line of a depth, with the axis and the thresholds that fit in."""

    bars: tuple[Bar, ...]
    line: str
    points: tuple[tuple[float, float], ...]
    levels: tuple[Tick, ...]
    hours: tuple[Tick, ...]
    thresholds: tuple[Tick, ...]


def rain_plot(readings: Sequence[Measured], ends: datetime) -> DayPlot:
    """The sum of each hour, the last one up to now."""
    sums = hourly(readings, ends)
    top = _top(max(sums))
    slot = (WIDTH - LEFT - RIGHT) / HOURS
    bars = []
    for number, mm in enumerate(sums):
        until = ends - timedelta(hours=HOURS - 1 - number)
        y = _y(mm, top)
        bars.append(
            Bar(
                round(LEFT + slot * number + 2, 1),
                y,
                round(slot - 4, 1),
                round(HEIGHT - BOTTOM - y, 1),
                f"{mm.normalize():f}" if mm else "",
                f"{until - timedelta(hours=1):%H:%M} 至 {until:%H:%M}",
            )
        )
    return DayPlot(tuple(bars), "", (), _levels(top), _hours(ends), ())


def hourly(readings: Sequence[Measured], ends: datetime) -> list[Decimal]:
    """Sums of the 24 hours up to a moment, each (t − 1 h, t], the oldest first."""
    sums = [Decimal(0)] * HOURS
    for moment, value in readings:
        back = ends - moment
        if timedelta() <= back < timedelta(hours=HOURS):
            sums[HOURS - 1 - int(back // timedelta(hours=1))] += value
    return sums


def depth_plot(readings: Sequence[Measured], ends: datetime, thresholds: Sequence[Decimal]) -> DayPlot:
    """Depths as points with steps between them; thresholds up to a little above the highest."""
    begins = ends - timedelta(hours=HOURS)
    within = sorted((moment, value) for moment, value in readings if begins < moment <= ends)
    top = _top(max((value for _, value in within), default=Decimal(0)))
    top = max(top, min(thresholds, default=top))
    points = tuple((_x(moment, begins), _y(value, top)) for moment, value in within)
    line = f"M{points[0][0]} {points[0][1]}" + "".join(f"H{x}V{y}" for x, y in points[1:]) if points else ""
    marks = tuple(Tick(_y(value, top), f"{value.normalize():f} cm") for value in thresholds if value <= top)
    return DayPlot((), line, points, _levels(top), _hours(ends), marks)


def _x(moment: datetime, begins: datetime) -> float:
    part = (moment - begins) / timedelta(hours=HOURS)
    return round(LEFT + (WIDTH - LEFT - RIGHT) * part, 1)


def _y(value: Decimal, top: Decimal) -> float:
    return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * float(value / top), 1)


def _top(highest: Decimal) -> Decimal:
    """The next round number: 5, 10, 20, 50, 100…"""
    power = Decimal(1)
    while True:
        for nice in NICE:
            if nice * power >= max(highest, LEAST_TOP):
                return nice * power
        power *= 10


def _levels(top: Decimal) -> tuple[Tick, ...]:
    return tuple(Tick(_y(part, top), f"{part.normalize():f}") for part in (Decimal(0), top / 2, top))


def _hours(ends: datetime) -> tuple[Tick, ...]:
    """Every sixth hour, counted back from the end."""
    begins = ends - timedelta(hours=HOURS)
    moments = [ends - timedelta(hours=back) for back in (24, 18, 12, 6, 0)]
    return tuple(Tick(_x(moment, begins), f"{moment:%H:%M}") for moment in moments)

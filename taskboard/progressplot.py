"""Reported progress as steps over time: a drawing's numbers, pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720.0, 200.0, 44.0, 16.0, 18.0, 28.0
# A label needs this much room to the right of its point.
ROOM = 44.0


@dataclass(frozen=True, slots=True)
class Point:
    """A report; ``label`` is empty where it would cover its neighbour's."""

    x: float
    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Plot:
    """Points, the line of steps through them, the due day and the ends of the axis."""

    points: tuple[Point, ...]
    line: str
    due_x: float | None
    first: date
    last: date


def plot_of(reports: Sequence[tuple[date, int]], today: date, due: date | None) -> Plot | None:
    """Steps without interpolation between the days of report; None while nothing was reported."""
    if not reports:
        return None
    first = reports[0][0]
    now = max(today, reports[-1][0])
    last = max(now, due or now)
    span = max((last - first).days, 1)

    def across(day: date) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (day - first).days / span, 1)

    points: list[Point] = []
    free_from = 0.0
    for day, percent in reports:
        x, y = across(day), round(TOP + (HEIGHT - TOP - BOTTOM) * (100 - percent) / 100, 1)
        label = f"{percent}%" if x >= free_from else ""
        free_from = x + ROOM if label else free_from
        points.append(Point(x, y, label))
    line = f"M{points[0].x} {points[0].y}" + "".join(f"H{p.x}V{p.y}" for p in points[1:])
    due_x = across(due) if due and due >= first else None
    return Plot(tuple(points), f"{line}H{across(now)}", due_x, first, last)

"""Ponding by point: the latest depth against the depth lines, and where it is going. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from floodresponse.command.evidence import Evidence, Reached
from floodresponse.command.facts import Heard
from floodresponse.command.meters import Scale, gap_words, next_rule
from floodresponse.levels import PONDING_VALID
from floodresponse.matrix import plain

TREND = timedelta(minutes=10)
SHOWN = 9
# The chart's own measures, in units of its view box.
TOP, BASE, LEFT, PITCH, COLUMN = 24, 250, 20, 54, 28


@dataclass(frozen=True, slots=True)
class Point:
    """A point; ``reached`` is None where its last depth is too old to count, ``age`` in minutes."""

    heard: Heard
    reached: Reached | None
    width: float
    change: Decimal | None
    age: int | None
    x: int = 0

    @property
    def depth(self) -> str:
        """The last depth in cm."""
        return plain(self.heard.last.value) if self.heard.last else "—"

    @property
    def by_hand(self) -> bool:
        """Read by a person."""
        return self.heard.last is not None and self.heard.last.by_hand

    @property
    def arrow(self) -> str:
        """Rising, falling or steady; blank where nothing was read ten minutes before."""
        if self.change is None:
            return ""
        return "↑" if self.change > 0 else "↓" if self.change < 0 else "→"

    @property
    def trend(self) -> str:
        """+4/10分."""
        if self.change is None:
            return ""
        return "持平" if not self.change else f"{'+' if self.change > 0 else ''}{plain(self.change)}/10分"

    @property
    def middle(self) -> int:
        """The middle of its column."""
        return self.x + COLUMN // 2

    @property
    def height(self) -> float:
        """Of its column in the chart."""
        return round((BASE - TOP) * self.width / 100, 1)

    @property
    def y(self) -> float:
        """Where its column begins from above."""
        return BASE - self.height

    @property
    def label_y(self) -> float:
        """Where its depth is written."""
        return self.y - 6


@dataclass(frozen=True, slots=True)
class DepthLine:
    """A depth line of the chart."""

    y: float
    level: int
    value: str
    drawn: bool = True


@dataclass(frozen=True, slots=True)
class PondingPanel:
    """All points, the deepest counted ones first."""

    points: tuple[Point, ...]
    more: tuple[Point, ...]
    scale: Scale
    lines: tuple[DepthLine, ...]
    counted: int
    speaking: int
    gap: str

    @property
    def chart_width(self) -> int:
        """Of the view box."""
        return max(LEFT + len(self.points) * PITCH + 64, 380)

    @property
    def line_end(self) -> int:
        """Where the depth lines end."""
        return self.chart_width - 64


def ponding_panel(heard: Iterable[Heard], evidence: Evidence, at: datetime) -> PondingPanel:
    """The panel; ``heard`` are points of ponding."""
    stations, rules = list(heard), evidence.rules(0)
    depths = [one.last.value for one in stations if one.last and at - one.last.at <= PONDING_VALID]
    scale = Scale.of(rules, [max(depths)] if depths else [])
    points = sorted((_point(one, evidence, scale, at) for one in stations), key=_urgency)
    placed = tuple(_placed(point, place) for place, point in enumerate(points[:SHOWN]))
    lines = [DepthLine(_height(tick.x), tick.level, tick.value) for tick in scale.lines()]
    lines += [DepthLine(_height(tick.x), tick.level, "", drawn=False) for tick in scale.zones()]
    counted = [point for point in points if point.heard.counts]
    top = counted[0].reached if counted else None
    gap = gap_words(next_rule(rules, top.level), top.value) if top else ""
    return PondingPanel(
        placed,
        tuple(points[SHOWN:]),
        scale,
        tuple(lines),
        len(counted),
        sum(point.reached is not None for point in counted),
        gap,
    )


def _height(x: float) -> float:
    return round(BASE - (BASE - TOP) * x / 100, 1)


def _point(heard: Heard, evidence: Evidence, scale: Scale, at: datetime) -> Point:
    age = (at - heard.last.at) // timedelta(minutes=1) if heard.last else None
    width = scale.width(heard.last.value) if heard.last else 0.0
    return Point(heard, evidence.of(heard, 0), width, _change(heard), age)


def _placed(point: Point, place: int) -> Point:
    return Point(point.heard, point.reached, point.width, point.change, point.age, LEFT + place * PITCH)


def _change(heard: Heard) -> Decimal | None:
    """Against the last reading at least ten minutes older, as a change in ten minutes."""
    if heard.last is None:
        return None
    earlier = [one for one in heard.readings if heard.last.at - one.at >= TREND]
    if not earlier:
        return None
    spans = (heard.last.at - earlier[-1].at) / TREND
    return round((heard.last.value - earlier[-1].value) / Decimal(spans), 1).normalize() + 0


def _urgency(point: Point) -> tuple[bool, bool, int, Decimal]:
    """Counted ones first, those that report before those that do not, by level, by depth."""
    level = point.reached.level if point.reached else None
    depth = point.heard.last.value if point.heard.last else Decimal()
    return not point.heard.counts, point.reached is None, level or 9, -depth

"""A schematic map of streets with their gauges and points: no tiles, not to scale. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from floodresponse.command.facts import Heard
from floodresponse.command.maplayout import Layout
from floodresponse.command.ponding import Point
from floodresponse.command.rain import Gauge
from floodresponse.matrix import Badge
from floodresponse.ownstations import short_street

WIDTH = 400
EXTRA_COLUMNS, EXTRA_HEIGHT, GUTTER = 4, 104, 6
HEAD, POINT_ROW, GAUGE_ROW, COLUMN = 24, 42, 26, 92
ELSEWHERE = "未列街道"


@dataclass(frozen=True, slots=True)
class Marker:
    """A point (circle with its depth) or a gauge (box with its rain of three hours) at its place."""

    x: float
    y: float
    label: str
    value: str
    badge: Badge | None
    counts: bool
    silent: bool
    is_rain: bool
    by_hand: bool = False

    @property
    def left(self) -> float:
        """Of a gauge's box."""
        return self.x - 34

    @property
    def top(self) -> float:
        """Of a gauge's box."""
        return self.y - 10


@dataclass(slots=True)
class Street:
    """A street's field with what lies in it; ``hidden``: how many found no room."""

    name: str
    x: float
    y: float
    width: float
    height: float
    markers: list[Marker] = field(default_factory=list)
    hidden: int = 0

    @property
    def level(self) -> int:
        """The most severe level of what counts here; 0 for none."""
        return min((m.badge.level for m in self.markers if m.badge and m.counts), default=0)

    @property
    def incomplete(self) -> bool:
        """Whether something that counts is silent."""
        return any(marker.silent and marker.counts for marker in self.markers)

    @property
    def badge(self) -> Badge | None:
        """The level in words."""
        return Badge(self.level) if self.level else None


@dataclass(frozen=True, slots=True)
class StreetMap:
    """All streets; river and railway as paths, where the streets are those of the layout."""

    streets: tuple[Street, ...]
    height: int
    river: str = ""
    railway: str = ""


def street_map(gauges: Sequence[Gauge], points: Sequence[Point], layout: Layout) -> StreetMap:
    """Places everything into its street; streets that the layout does not name follow below."""
    gauges, points = [g for g in gauges if _placeable(g.heard)], [p for p in points if _placeable(p.heard)]
    placed = [*(gauge.heard for gauge in gauges), *(point.heard for point in points)]
    names = [_short(heard.station.street) for heard in placed]
    known = layout if set(names) & set(layout.fields) else None
    streets, height = _fields(dict.fromkeys(names), known)
    for name, street in streets.items():
        _fill(
            street,
            [point for point in points if _short(point.heard.station.street) == name],
            [gauge for gauge in gauges if _short(gauge.heard.station.street) == name],
        )
    ways = (known.river, known.railway) if known else ()
    return StreetMap(tuple(streets.values()), height, *ways)


def _placeable(heard: Heard) -> bool:
    """What neither counts nor names a street lies somewhere outside."""
    return heard.counts or bool(heard.station.street)


def _short(name: str) -> str:
    return short_street(name) or ELSEWHERE


def _fields(names: Iterable[str], known: Layout | None) -> tuple[dict[str, Street], int]:
    fields = {name: Street(name, *place) for name, place in known.fields.items()} if known else {}
    below = known.height if known else 4
    extra = [name for name in names if name not in fields]
    width = (WIDTH - 8 - GUTTER * (EXTRA_COLUMNS - 1)) / EXTRA_COLUMNS
    for place, name in enumerate(extra):
        row, column = divmod(place, EXTRA_COLUMNS)
        y = below + row * (EXTRA_HEIGHT + GUTTER)
        fields[name] = Street(name, 4 + column * (width + GUTTER), y, width, EXTRA_HEIGHT)
    rows = -(-len(extra) // EXTRA_COLUMNS)
    return fields, int(below + rows * (EXTRA_HEIGHT + GUTTER))


def _fill(street: Street, points: Sequence[Point], gauges: Sequence[Gauge]) -> None:
    """Column by column from the top, points first."""
    columns = max(1, int(street.width // COLUMN))
    wide, column, y = street.width / columns, 0, street.y + HEAD
    items: list[Point | Gauge] = [*points, *gauges]
    for item in items:
        row = POINT_ROW if isinstance(item, Point) else GAUGE_ROW
        if y + row > street.y + street.height and column + 1 < columns:
            column, y = column + 1, street.y + 8
        if y + row > street.y + street.height:
            street.hidden += 1
            continue
        x = street.x + wide * (column + 0.5)
        marker = _point(item, x, y + 13) if isinstance(item, Point) else _gauge(item, x, y + 12)
        street.markers.append(marker)
        y += row


def _point(point: Point, x: float, y: float) -> Marker:
    station, reached = point.heard.station, point.reached
    badge = reached.badge if reached and point.heard.counts else None
    return Marker(
        x, y, station.name, point.depth, badge, point.heard.counts, reached is None, False, point.by_hand
    )


def _gauge(gauge: Gauge, x: float, y: float) -> Marker:
    first = gauge.sums[0].reached if gauge.sums else None
    worst = min((one.reached.level for one in gauge.sums if one.reached.level), default=None)
    badge = Badge(worst) if worst and gauge.heard.counts else None
    value = f"静默 {gauge.minutes} 分" if gauge.silent and gauge.minutes is not None else ""
    value = value or ("无数据" if first is None else f"雨 {first.shown}")
    return Marker(x, y, gauge.heard.station.name, value, badge, gauge.heard.counts, gauge.silent, True)

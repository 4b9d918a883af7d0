"""The most rain in a window and the deepest water of a response. Pure, in exact decimals."""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

Measured = tuple[datetime, Decimal]
WINDOWS = (3, 6)


def plain(value: Decimal) -> str:
    """12, 12.5: no zeros behind."""
    return f"{value.normalize():f}"


class Site(NamedTuple):
    """Where it was measured; two stations may bear one name. ``counts``: whether a level rests on it."""

    code: str
    name: str
    counts: bool = True

    @property
    def label(self) -> str:
        """柳桥洞, 山口站（不计入）."""
        return self.name if self.counts else f"{self.name}（不计入）"


@dataclass(frozen=True, slots=True)
class Peak:
    """The greatest value and when it was reached."""

    value: Decimal
    at: datetime

    @property
    def text(self) -> str:
        """12, 12.5."""
        return plain(self.value)


@dataclass(frozen=True, slots=True)
class GaugePeaks:
    """A gauge in a response: what fell in all, and the most in 3 and 6 hours."""

    site: Site
    total: Decimal
    peaks: Mapping[int, Peak]

    @property
    def total_text(self) -> str:
        """12, 12.5."""
        return plain(self.total)

    @property
    def in_3h(self) -> Peak:
        """The most in three hours."""
        return self.peaks[3]

    @property
    def in_6h(self) -> Peak:
        """The most in six hours."""
        return self.peaks[6]


@dataclass(frozen=True, slots=True)
class PointPeak:
    """The deepest water at a point."""

    site: Site
    deepest: Peak


def most_in(readings: Sequence[Measured], hours: int) -> Peak | None:
    """The greatest sum of a window (t − hours, t]; the earliest of equal ones; None without readings."""
    window: deque[Measured] = deque()
    total, best = Decimal(0), None
    for at, value in sorted(readings):
        window.append((at, value))
        total += value
        while window[0][0] <= at - timedelta(hours=hours):
            total -= window.popleft()[1]
        if best is None or total > best.value:
            best = Peak(total, at)
    return best


def gauge_peaks(rows: Iterable[tuple[Site, datetime, Decimal]]) -> list[GaugePeaks]:
    """By gauge, the one with the most rain in three hours first."""
    found = []
    for site, readings in _by_site(rows).items():
        peaks = {hours: peak for hours in WINDOWS if (peak := most_in(readings, hours)) is not None}
        found.append(GaugePeaks(site, sum((value for _, value in readings), Decimal(0)), peaks))
    return sorted(found, key=lambda gauge: (-gauge.in_3h.value, gauge.site))


def point_peaks(rows: Iterable[tuple[Site, datetime, Decimal]]) -> list[PointPeak]:
    """By point, the deepest first; a point that stayed dry is left out."""
    found = []
    for site, readings in _by_site(rows).items():
        at, value = max(sorted(readings), key=lambda reading: reading[1])
        if value > 0:
            found.append(PointPeak(site, Peak(value, at)))
    return sorted(found, key=lambda point: (-point.deepest.value, point.site))


def _by_site(rows: Iterable[tuple[Site, datetime, Decimal]]) -> dict[Site, list[Measured]]:
    found: dict[Site, list[Measured]] = defaultdict(list)
    for site, at, value in rows:
        found[site].append((at, value))
    return found

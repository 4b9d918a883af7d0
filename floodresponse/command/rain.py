"""Rain by gauge: bars of ten minutes, sums of three and six hours against the thresholds. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from floodresponse.command.evidence import Evidence, Reached
from floodresponse.command.facts import WINDOW, Heard, Measurement
from floodresponse.command.meters import Scale

STEP = timedelta(minutes=10)
FULL = Decimal(5)
BAR_HEIGHT = 30
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Bar:
    """What fell in ten minutes; ``recent``: within the last three hours, ``gap``: nothing was heard."""

    x: int
    height: float
    recent: bool
    gap: bool

    @property
    def y(self) -> float:
        """Where it begins from above."""
        return BAR_HEIGHT - self.height


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum of a window on its scale."""

    hours: int
    reached: Reached
    scale: Scale

    @property
    def width(self) -> float:
        """How far the bar reaches, in per cent."""
        return self.scale.width(self.reached.value)


@dataclass(frozen=True, slots=True)
class Gauge:
    """A gauge's row; ``minutes`` since its last word, ``silent`` when that is too long ago.

    Bars are drawn for those that are shown at once.
    """

    heard: Heard
    bars: tuple[Bar, ...]
    sums: tuple[Sum, ...]
    silent: bool
    minutes: int | None

    @property
    def word(self) -> str:
        """“≥” before a sum that lacks readings."""
        return "≥ " if self.silent else ""


@dataclass(frozen=True, slots=True)
class RainPanel:
    """All gauges, those that matter first; windows name the columns with their threshold lines."""

    gauges: tuple[Gauge, ...]
    more: tuple[Gauge, ...]
    windows: tuple[tuple[int, Scale], ...]
    hours: tuple[str, ...]
    counted: int
    speaking: int


def rain_panel(heard: Iterable[Heard], evidence: Evidence, at: datetime) -> RainPanel:
    """The panel; ``heard`` are gauges."""
    stations = list(heard)
    matrix = evidence.matrix
    scales = {hours: _scale(stations, evidence, hours) for hours in (matrix.windows if matrix else ())}
    codes = {silent.heard.station.code for silent in evidence.silent}
    gauges = [_gauge(one, scales, evidence, at, silent=one.station.code in codes) for one in stations]
    gauges.sort(key=_urgency)
    counted = [one for one in stations if one.counts]
    return RainPanel(
        tuple(replace(one, bars=_bars(one.heard.readings, at, one.heard.last)) for one in gauges[:SHOWN]),
        tuple(gauges[SHOWN:]),
        tuple(scales.items()),
        tuple(f"{timezone.localtime(moment):%H:%M}" for moment in (at - WINDOW, at - WINDOW / 2, at)),
        len(counted),
        len(counted) - len(codes),
    )


def _scale(stations: Sequence[Heard], evidence: Evidence, hours: int) -> Scale:
    sums = [reached.value for one in stations if (reached := evidence.of(one, hours))]
    return Scale.of(evidence.rules(hours), sums)


def _gauge(
    heard: Heard, scales: dict[int, Scale], evidence: Evidence, at: datetime, *, silent: bool
) -> Gauge:
    sums = [
        Sum(hours, reached, scale)
        for hours, scale in scales.items()
        if (reached := evidence.of(heard, hours))
    ]
    minutes = (at - heard.last.at) // timedelta(minutes=1) if heard.last else None
    return Gauge(heard, (), tuple(sums), silent, minutes)


def _bars(readings: Sequence[Measurement], at: datetime, last: Measurement | None) -> tuple[Bar, ...]:
    """36 bars, each of what fell after its beginning up to its end; hatched where the gauge fell silent."""
    begins = at - WINDOW
    fallen = [Decimal()] * (WINDOW // STEP)
    for one in readings:
        if begins < one.at <= at:
            fallen[-((begins - one.at) // STEP) - 1] += one.value
    bars = []
    for place, mm in enumerate(fallen):
        starts = begins + STEP * place
        height = float(min(mm / FULL, Decimal(1)) * BAR_HEIGHT)
        gap = last is None or (last.at <= starts and at - last.at > STEP)
        bars.append(Bar(place, round(height, 1), starts >= at - WINDOW / 2, gap))
    return tuple(bars)


def _urgency(gauge: Gauge) -> tuple[bool, int, bool, Decimal]:
    """Counted first, by level, silent ones before those that report less."""
    levels = [one.reached.level for one in gauge.sums if one.reached.level]
    wettest = max((one.reached.value for one in gauge.sums), default=Decimal())
    return not gauge.heard.counts, min(levels, default=9), not gauge.silent, -wettest

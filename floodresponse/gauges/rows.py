"""A reading as lists show it: its unit, and how its station's clock stands to ours. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from floodresponse.models import Reading
from floodresponse.readings import UNITS

HEADER = ("站号", "站名", "类别", "站网", "观测时间", "数值", "单位", "收到时间", "到报", "来源", "更正次数")
# What arrives within these is usual.
AHEAD, BEHIND = timedelta(seconds=30), timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a reading arrived; ``tone`` is ahead, late or usual."""

    words: str
    tone: str


def arrival_of(observed_at: datetime, received_at: datetime) -> Arrival:
    """A station's clock that is ahead is named; so is what came late."""
    lag = received_at - observed_at
    if lag < -AHEAD:
        return Arrival(f"站钟快 {_span(-lag)}", "ahead")
    if lag > BEHIND:
        return Arrival(f"迟 {_span(lag)}", "late")
    return Arrival("及时", "usual")


def _span(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    if seconds < 60:
        return f"{seconds} 秒"
    minutes = seconds // 60
    if minutes < 60:
        return f"{minutes} 分"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} 小时 {minutes} 分" if hours < 48 else f"{hours // 24} 天 {hours % 24} 小时"


def shown_number(value: Decimal) -> str:
    """Without zeros at its end."""
    return f"{value.normalize():f}"


@dataclass(frozen=True, slots=True)
class Line:
    """A reading in a list."""

    reading: Any
    value: str
    unit: str
    arrival: Arrival


def line_of(reading: Any) -> Line:
    """Of a measured reading or of a drill's; both have a station, a moment, a value."""
    unit = UNITS[reading.station.kind]
    return Line(
        reading, shown_number(reading.value), unit, arrival_of(reading.observed_at, reading.received_at)
    )


def cells_of(readings: Iterable[Reading], zone: Any) -> Iterator[tuple[str, ...]]:
    """For an export; the readings come with ``revised``, how often each was corrected."""
    for line in map(line_of, readings):
        reading, station = line.reading, line.reading.station
        yield (
            station.code,
            station.name,
            station.get_kind_display(),
            station.network,
            f"{reading.observed_at.astimezone(zone):%Y-%m-%d %H:%M:%S}",
            line.value,
            line.unit,
            f"{reading.received_at.astimezone(zone):%Y-%m-%d %H:%M:%S}",
            line.arrival.words,
            reading.batch.get_source_display(),
            str(reading.revised),
        )

"""Taking in readings: idempotent, in any order, corrected later with history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from floodresponse.models import Reading, ReadingBatch, ReadingRevision, Station
from floodresponse.ownstations import is_own, own_names
from floodresponse.readings import KINDS, Row, UnusableRow, read_row, shown
from floodresponse.services.networks import network_of
from foundation.errors import InvalidInput
from foundation.services.audit import record_change
from organizations.models import User
from organizations.permissions import require

PERMISSION, ENTERING = "floodresponse.enter_observations", "报送雨量和积水数据"
LARGEST_LIST = 5000
LONGEST_REASON = 200
Moment = tuple[int, datetime]


@dataclass(slots=True)
class Intake:
    """What became of a list: how many were new or corrected, how many known, which refused and why."""

    accepted: int = 0
    corrected: int = 0
    duplicates: int = 0
    rejected: list[dict[str, Any]] = field(default_factory=list)

    def reject(self, index: int, error: str) -> None:
        """Refuse a row by its place in the list."""
        self.rejected.append({"index": index, "error": error})


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """How a list came in; ``reason`` says why a person corrects."""

    source: str = ReadingBatch.Source.API
    file_name: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which stations somebody may report: those of one network, those of the own units, or all."""

    network: str | None = None
    units: frozenset[str] | None = None

    def fault(self, station: Station) -> str:
        """Why the station is not among them; empty when it is."""
        code = shown(station.code)
        if self.network is not None and station.network != self.network:
            return f"站点“{code}”不属于站网“{self.network}”，本账号不能报送。"
        if not is_own(station, self.units):
            return f"站点“{code}”不属于您的单位，不能报送。请由所在街道、所属单位或防涝办值班员报送。"
        return ""


def require_entering(actor: User | None) -> Scope:
    """Refuse whoever may not hand in readings; returns for which stations the person may."""
    network = network_of(actor)
    if network is not None:
        return Scope(network=network)
    require(actor, PERMISSION, ENTERING)
    return Scope(units=own_names(actor))


@transaction.atomic
def record_readings(
    *, actor: User | None, at: datetime, rows: Sequence[Any], handover: Handover | None = None
) -> Intake:
    """Store a list of readings; the same list twice changes nothing.

    A row for a known station and moment with another value corrects it; the
    value before is kept. An account of a gauge network reports the stations of
    that network only, a unit's duty officer those of the unit. Raises InvalidInput when the list is too long.
    """
    scope = require_entering(actor)
    if len(rows) > LARGEST_LIST:
        raise InvalidInput(f"一次最多报送 {LARGEST_LIST} 条，本次有 {len(rows)} 条，请分批报送。")
    intake = Intake()
    wanted = readable(rows, at, intake, scope)
    known = known_of(wanted)
    fresh = {key: value for key, value in wanted.items() if key not in known}
    changed = {key: value for key, value in wanted.items() if key in known and known[key].value != value}
    intake.duplicates += len(wanted) - len(fresh) - len(changed)
    intake.accepted, intake.corrected = len(fresh) + len(changed), len(changed)
    intake.rejected.sort(key=lambda refusal: refusal["index"])
    if intake.accepted:
        batch = _write_batch(actor, at, intake, handover or Handover())
        _write_readings(batch, fresh, {known[key]: value for key, value in changed.items()})
    return intake


def readable(rows: Sequence[Any], at: datetime, intake: Intake, scope: Scope) -> dict[Moment, Decimal]:
    """By station and moment the values that can be stored; the others go to the intake."""
    read: list[tuple[int, Row]] = []
    for index, row in enumerate(rows):
        try:
            read.append((index, read_row(row, now=at)))
        except UnusableRow as error:
            intake.reject(index, error.message)
    stations = _stations({row.station for _, row in read})
    wanted: dict[Moment, Decimal] = {}
    for index, row in read:
        station = stations.get(row.station)
        fault = _misfit(row, station, scope)
        if fault or station is None:
            intake.reject(index, fault)
            continue
        earlier = wanted.setdefault((station.pk, row.observed_at), row.value)
        if earlier != row.value:
            # Taking either would make the same list, sent twice, change its mind.
            intake.reject(
                index, f"站点“{shown(row.station)}”的同一时刻在本批中有两个不同的数值，只收了前一个。"
            )
    intake.duplicates = len(read) - len(wanted) - (len(intake.rejected) - (len(rows) - len(read)))
    return wanted


def _stations(codes: set[str]) -> Mapping[str, Station]:
    """Locked in one order: two lists at once for the same station follow one another."""
    found = Station.objects.filter(code__in=codes).order_by("pk").select_for_update()
    return {station.code: station for station in found}


def _misfit(row: Row, station: Station | None, scope: Scope) -> str:
    if station is None:
        return f"站点“{shown(row.station)}”未登记。"
    if fault := scope.fault(station):
        return fault
    if not station.is_active:
        return f"站点“{shown(row.station)}”已停用。"
    if station.kind != row.kind:
        return f"站点“{shown(row.station)}”是{station.get_kind_display()}，不报{KINDS[row.kind]}。"
    return ""


def known_of(wanted: Mapping[Moment, Decimal]) -> dict[Moment, Reading]:
    """What is stored of these moments."""
    stations, moments = {station for station, _ in wanted}, {moment for _, moment in wanted}
    found = Reading.objects.filter(station__in=stations, observed_at__in=moments).order_by()
    return {(reading.station_id, reading.observed_at): reading for reading in found}


def _write_batch(actor: User | None, at: datetime, intake: Intake, handover: Handover) -> ReadingBatch:
    counts = {
        "accepted": intake.accepted,
        "corrected": intake.corrected,
        "duplicates": intake.duplicates,
        "rejected": len(intake.rejected),
    }
    batch = ReadingBatch.objects.create(
        received_at=at,
        received_by=actor,
        source=handover.source,
        file_name=handover.file_name[:120],
        reason=handover.reason[:LONGEST_REASON],
        **counts,
    )
    record_change(
        actor=actor,
        action="flood_readings.record",
        target=batch,
        at=at,
        after={**counts, "source": str(handover.source)},
        reason=handover.reason,
    )
    return batch


def _write_readings(
    batch: ReadingBatch, fresh: Mapping[Moment, Decimal], changed: Mapping[Reading, Decimal]
) -> None:
    at = batch.received_at
    Reading.objects.bulk_create(
        Reading(station_id=station, observed_at=moment, value=value, received_at=at, batch=batch)
        for (station, moment), value in fresh.items()
    )
    ReadingRevision.objects.bulk_create(
        ReadingRevision(
            reading=reading,
            value=reading.value,
            received_at=reading.received_at,
            replaced_at=at,
            batch=batch,
        )
        for reading in changed
    )
    for reading, value in changed.items():
        reading.value, reading.received_at, reading.batch = value, at, batch
    Reading.objects.bulk_update(changed, ["value", "received_at", "batch"], batch_size=200)

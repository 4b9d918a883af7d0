"""Readings that a person enters: one by hand, a table after a look at it, a correction with its reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from floodresponse.models import Reading, ReadingBatch, Station
from floodresponse.readings import KINDS, UNITS, read_row
from floodresponse.services.readings import (
    LONGEST_REASON,
    Handover,
    Intake,
    known_of,
    readable,
    record_readings,
    require_entering,
)
from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from organizations.models import User

SHORTEST_REASON = 4
Source = ReadingBatch.Source


@transaction.atomic
def enter_reading(
    *, actor: User, at: datetime, station: Station, observed_at: datetime, value: str
) -> Reading:
    """One reading by hand; the same one twice is harmless.

    Raises StateConflict where the moment has another value: that is a correction and needs a reason.
    """
    _require_own(actor, station)
    Station.objects.select_for_update().get(pk=station.pk)
    row = _row(station, observed_at, value)
    stored = Reading.objects.filter(station=station, observed_at=observed_at).first()
    if stored is not None and _differs(row, stored, at):
        now = f"{stored.value.normalize():f} {UNITS[station.kind]}"
        raise StateConflict(f"{station.name}这一时刻已有数值 {now}，没有覆盖。如需更正，请在数据页写明理由。")
    _hand_in(actor, at, row, Handover(source=Source.HAND))
    return Reading.objects.get(station=station, observed_at=observed_at)


def _differs(row: Mapping[str, Any], stored: Reading, at: datetime) -> bool:
    return read_row(row, now=at).value != stored.value


@transaction.atomic
def correct_reading(
    *, actor: User, at: datetime, reading: Reading, value: str, reason: str, seen: Decimal
) -> Reading:
    """Correct one value, with a reason; ``seen`` is the value that stood on the person's screen.

    Raises StateConflict when somebody corrected it meanwhile, InvalidInput when nothing differs.
    """
    _require_own(actor, reading.station)
    checked = check_reason(reason)
    Station.objects.select_for_update().get(pk=reading.station_id)
    stored = Reading.objects.select_related("station").get(pk=reading.pk)
    if stored.value != seen:
        raise StateConflict(
            f"页面打开之后，这条数据已更正为 {stored.value.normalize():f}，没有重复更正。请刷新页面。"
        )
    row = _row(stored.station, stored.observed_at, value)
    if not _hand_in(actor, at, row, Handover(source=Source.HAND, reason=checked)).corrected:
        raise InvalidInput("更正前后的数值相同。", fields={"value": ["与现在的数值相同。"]})
    stored.refresh_from_db()
    return stored


def _require_own(actor: User, station: Station) -> None:
    if fault := require_entering(actor).fault(station):
        raise PermissionRefused(fault)


def check_reason(reason: str) -> str:
    """Why a value is corrected; raises InvalidInput."""
    stripped = reason.strip()
    if not SHORTEST_REASON <= len(stripped) <= LONGEST_REASON:
        sentence = f"请写明更正理由（{SHORTEST_REASON} 至 {LONGEST_REASON} 字）。"
        raise InvalidInput(sentence, fields={"reason": [sentence]})
    return stripped


def _row(station: Station, observed_at: datetime, value: str) -> dict[str, Any]:
    moment = observed_at.isoformat()
    return {"station": station.code, "kind": station.kind, "observed_at": moment, "value": value.strip()}


def _hand_in(actor: User, at: datetime, row: Mapping[str, Any], handover: Handover) -> Intake:
    """One row; a refusal becomes an error."""
    intake = record_readings(actor=actor, at=at, rows=[row], handover=handover)
    if intake.rejected:
        sentence = intake.rejected[0]["error"]
        name = "value" if KINDS[row["kind"]] in sentence else "observed_at"
        raise InvalidInput(sentence, fields={name: [sentence]})
    return intake


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would become of a row: refused, new, known already, or a correction of ``before``."""

    error: str = ""
    before: Decimal | None = None
    known: bool = False

    @property
    def corrects(self) -> bool:
        """Whether it replaces another value."""
        return self.before is not None and not self.known


@transaction.atomic
def foresee_readings(*, actor: User, at: datetime, rows: Sequence[Mapping[str, Any]]) -> list[Foreseen]:
    """What would become of each row if the list were handed in now; writes nothing."""
    scope = require_entering(actor)
    intake = Intake()
    wanted = readable(rows, at, intake, scope)
    errors = {refusal["index"]: refusal["error"] for refusal in intake.rejected}
    codes = dict(Station.objects.filter(code__in={row["station"] for row in rows}).values_list("code", "pk"))
    known = known_of(wanted)
    seen: set[tuple[int, datetime]] = set()
    foreseen = []
    for index, row in enumerate(rows):
        if index in errors:
            foreseen.append(Foreseen(error=errors[index]))
            continue
        read = read_row(row, now=at)
        key = (codes[read.station], read.observed_at)
        stored = known.get(key)
        twice = key in seen
        seen.add(key)
        same = twice or (stored is not None and stored.value == read.value)
        foreseen.append(Foreseen(before=stored.value if stored else None, known=same))
    return foreseen


def enter_sheet(
    *, actor: User, at: datetime, rows: Sequence[Mapping[str, Any]], file_name: str, reason: str = ""
) -> Intake:
    """Hand in the rows of a table that was looked at; where they correct anything, a reason is needed.

    Raises InvalidInput without one. What was stored since the preview is looked at again.
    """
    with transaction.atomic():
        foreseen = foresee_readings(actor=actor, at=at, rows=rows)
        corrections = sum(one.corrects for one in foreseen)
        checked = check_reason(reason) if corrections else ""
        handover = Handover(source=Source.SHEET, file_name=file_name, reason=checked)
        return record_readings(actor=actor, at=at, rows=rows, handover=handover)

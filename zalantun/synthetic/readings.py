"""Synthetic stations and their readings: day by day of past flood seasons, storms on some days."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from random import Random
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Min

from floodresponse.models import Reading, ReadingBatch, Station
from floodresponse.storms import shape_storm
from zalantun.synthetic.cast import Cast
from zalantun.synthetic.wording import MARK, PLACES, SOURCE, STREETS, dice_for

GAUGES, POINTS, STEP_MINUTES = 48, 16, 5
MINUTES_A_DAY = 24 * 60
A_DAY = (GAUGES + POINTS) * MINUTES_A_DAY // STEP_MINUTES
# All of it lies before the first gazette: no level of today rests on it.
LAST_DAY = date(2021, 9, 30)
FIRST_MONTH, LAST_MONTH = 6, 9
STORM_SHARE = 0.2
ROWS = 1_000
Values = Mapping[tuple[str, int], str]


def write_readings(number: int, seed: int, cast: Cast) -> Iterator[int]:
    """Write the days before those that are there; yields how many readings each day took."""
    if not number:
        return
    stations = _stations()
    for day, size in days_for(number, _first_day()):
        _write(day, size, stations, storm_values(day, dice_for(seed, "readings", day)))
        yield size


def days_for(number: int, before: date | None = None) -> Iterator[tuple[date, int]]:
    """Days of flood seasons, the latest first, with how many readings each gets; all before a day."""
    day = before - timedelta(days=1) if before else LAST_DAY
    while number > 0:
        if not FIRST_MONTH <= day.month <= LAST_MONTH:
            day = date(day.year - (day.month < FIRST_MONTH), LAST_MONTH, LAST_DAY.day)
        size = min(number, A_DAY)
        yield day, size
        number, day = number - size, day - timedelta(days=1)


def _first_day() -> date | None:
    """The earliest day that has synthetic readings."""
    first = Reading.objects.filter(station__network=SOURCE).aggregate(first=Min("observed_at"))["first"]
    # The last reading of a day is that of midnight, so the earliest one lies within its day.
    return first.astimezone(ZoneInfo(settings.TIME_ZONE)).date() if first else None


def _stations() -> list[Station]:
    """The stations, created where they are missing; out of use, so that nobody waits for them."""
    wanted = [_station(Station.Kind.RAIN, n) for n in range(1, GAUGES + 1)]
    wanted += [_station(Station.Kind.PONDING, n) for n in range(1, POINTS + 1)]
    Station.objects.bulk_create(wanted, ignore_conflicts=True)
    return list(Station.objects.filter(network=SOURCE).order_by("code"))


def _station(kind: str, number: int) -> Station:
    is_gauge = kind == Station.Kind.RAIN
    place = PLACES[number % len(PLACES)]
    return Station(
        code=f"SIM-{'R' if is_gauge else 'P'}{number:03d}",
        name=f"{MARK}{place}{number}号{'雨量站' if is_gauge else '积水点'}",
        kind=kind,
        is_urban=is_gauge,
        is_low_spot=not is_gauge,
        street=f"模拟{STREETS[number % len(STREETS)]}街道",
        network=SOURCE,
        interval_minutes=STEP_MINUTES,
        is_active=False,
    )


def storm_values(day: date, dice: Random) -> Values:
    """What is not zero, by station code and minute of the day: a storm on some days."""
    if dice.random() >= STORM_SHARE:
        return {}
    minutes = STEP_MINUTES * dice.randint(6, 48)
    begins = STEP_MINUTES * dice.randint(0, (MINUTES_A_DAY - minutes) // STEP_MINUTES)
    steps = shape_storm(
        gauges=[f"SIM-R{n:03d}" for n in range(1, GAUGES + 1)],
        points=[f"SIM-P{n:03d}" for n in range(1, POINTS + 1)],
        total=Decimal(dice.randint(5, 90)),
        minutes=minutes,
        peak=Decimal(dice.randint(1, 9)) / 10,
    )
    return {(step.station, begins + int(step.minute)): step.value for step in steps}


@transaction.atomic
def _write(day: date, size: int, stations: list[Station], values: Values) -> None:
    midnight = datetime.combine(day, time.min, tzinfo=ZoneInfo(settings.TIME_ZONE))
    batch = ReadingBatch.objects.create(
        received_at=midnight + timedelta(days=1), file_name=SOURCE, accepted=size
    )
    rows = (
        Reading(
            station=station,
            observed_at=midnight + timedelta(minutes=minute),
            value=Decimal(values.get((station.code, minute), "0")),
            received_at=midnight + timedelta(minutes=minute + 1),
            batch=batch,
        )
        for minute in range(STEP_MINUTES, MINUTES_A_DAY + 1, STEP_MINUTES)
        for station in stations
    )
    Reading.objects.bulk_create(islice(rows, size), batch_size=ROWS)

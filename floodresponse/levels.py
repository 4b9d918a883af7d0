"""From observations to a recommended level: pure, exact, the thresholds handed in.

The system recommends and a person declares. Rain counts in the window
(at − h, at], judged by what has fallen so far; of each point the latest depth
counts while it is fresh; the most severe level wins. A sign never sets a level.
Missing data is not safety: a silent gauge makes the assessment incomplete.

Whoever calls hands in only what counts: gauges of the urban area, points on
the list of low spots.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Context, Decimal, Inexact, localcontext

from floodresponse.thresholds import PONDING, LevelMatrix, Rule
from foundation.errors import InvalidInput

SIGN = "sign"
PONDING_VALID = timedelta(hours=2)
# How long a gauge may be silent: while it rains, and otherwise.
SILENCE_IN_RAIN = timedelta(minutes=30)
SILENCE_OTHERWISE = timedelta(hours=24)
# Wide enough for any sum of records as checked below, so that nothing is ever rounded.
EXACT = Context(prec=600, traps=[Inexact])
MAX_DIGITS, MAX_EXPONENT, MIN_EXPONENT = 100, 12, -400
YEARS = range(1900, 2200)


class UnusableObservation(InvalidInput):
    """A record that cannot be judged; the sentence names it."""


# -- observations --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reading:
    """What a station measured: mm since the gauge's record before, or cm of ponding at a point."""

    station: str
    at: datetime
    value: Decimal


@dataclass(frozen=True, slots=True)
class Observations:
    """All that is known at a moment; ``max_silence`` None means the limits of the plan."""

    at: datetime
    rain: Sequence[Reading] = ()
    ponding: Sequence[Reading] = ()
    signs: Sequence[str] = ()
    expected_gauges: Sequence[str] = ()
    max_silence: timedelta | None = None
    ponding_valid: timedelta = PONDING_VALID


def check(seen: Observations) -> None:
    """Refuse negative, non-finite, future-dated and duplicate records; times need an offset."""
    if seen.at.utcoffset() is None:
        raise UnusableObservation("评估时刻 at 没有写明时区。")
    if seen.at.year not in YEARS:
        raise UnusableObservation(f"评估时刻 at（{seen.at.isoformat()}）不是合理的时间。")
    _check_readings("雨量", "雨量站", seen.rain, seen.at)
    _check_readings("积水", "积水点", seen.ponding, seen.at)


def _check_readings(kind: str, place: str, readings: Iterable[Reading], at: datetime) -> None:
    known: set[tuple[str, datetime]] = set()
    for number, reading in enumerate(readings, start=1):
        fault = _fault(reading, at)
        if not fault:
            # Moments with different offsets are equal when they are the same moment.
            key = (reading.station, reading.at)
            fault = "与前面的记录重复（同一站点、同一时刻）" if key in known else ""
            known.add(key)
        if fault:
            when = reading.at.isoformat()
            raise UnusableObservation(f"{kind}第 {number} 条（{place}“{reading.station}”，{when}）{fault}。")


def _fault(reading: Reading, at: datetime) -> str:
    if reading.at.utcoffset() is None:
        return "的时间没有写明时区"
    if reading.at > at:
        return "的时间晚于评估时刻"
    if reading.at.year not in YEARS:
        return "的时间不合理"
    if not reading.value.is_finite():
        return "的数值不是有限的数"
    if reading.value < 0:
        return f"的数值是负数（{reading.value}）"
    sensible = MIN_EXPONENT <= reading.value.adjusted() <= MAX_EXPONENT
    if not sensible or len(reading.value.as_tuple().digits) > MAX_DIGITS:
        return "的数值不合理"
    return ""


# -- the assessment ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a level: what was measured where, against which threshold, from when to when.

    ``single`` says that no other station reaches this level (单点).
    """

    level: int | None
    criterion: str
    where: str
    value: Decimal | str
    threshold: Decimal | None
    begins: datetime
    ends: datetime
    single: bool = False


@dataclass(frozen=True, slots=True)
class Assessment:
    """The recommended level with its reasons; ``silent`` gauges make it incomplete."""

    level: int | None
    silent: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    max_silence: timedelta = SILENCE_IN_RAIN

    @property
    def complete(self) -> bool:
        """Whether every expected gauge has reported in time."""
        return not self.silent

    @property
    def single_station(self) -> bool:
        """Whether the level rests on one station (单点)."""
        return any(reason.single and reason.level == self.level for reason in self.measured)

    @property
    def measured(self) -> tuple[Reason, ...]:
        """Reasons that set the level: all but signs."""
        return tuple(reason for reason in self.reasons if reason.criterion != SIGN)


def assess(seen: Observations, matrix: LevelMatrix) -> Assessment:
    """The recommended level; raises UnusableObservation for records that cannot be judged."""
    check(seen)
    measured = _marked_single([*_rain_reasons(seen, matrix), *_ponding_reasons(seen, matrix)])
    levels = [reason.level for reason in measured if reason.level is not None]
    max_silence = seen.max_silence if seen.max_silence is not None else _usual_silence(seen, matrix)
    return Assessment(
        level=min(levels, default=None),
        silent=_silent(seen, max_silence),
        reasons=(*measured, *_sign_reasons(seen, matrix)),
        max_silence=max_silence,
    )


def _rain_reasons(seen: Observations, matrix: LevelMatrix) -> list[Reason]:
    reasons = []
    for hours in matrix.windows:
        begins, rules = seen.at - timedelta(hours=hours), matrix.of(hours)
        for gauge, fallen in sorted(_sums(seen.rain, begins).items()):
            reasons += _reasons(rules, gauge, fallen, begins, seen.at)
    return reasons


def _sums(readings: Iterable[Reading], begins: datetime) -> dict[str, Decimal]:
    """What fell at each gauge after a moment, added up without rounding."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    with localcontext(EXACT):
        for reading in readings:
            if reading.at > begins:
                sums[reading.station] += reading.value
    return sums


def _ponding_reasons(seen: Observations, matrix: LevelMatrix) -> list[Reason]:
    latest: dict[str, Reading] = {}
    for reading in seen.ponding:
        known = latest.get(reading.station)
        if known is None or known.at < reading.at:
            latest[reading.station] = reading
    rules = matrix.of(0)
    return [
        reason
        for _, reading in sorted(latest.items())
        if seen.at - reading.at <= seen.ponding_valid
        for reason in _reasons(rules, reading.station, reading.value, reading.at, seen.at)
    ]


def _reasons(
    rules: Iterable[Rule], station: str, value: Decimal, begins: datetime, ends: datetime
) -> list[Reason]:
    """The most severe rule that holds, if any."""
    met = [rule for rule in rules if rule.holds(value)]
    return [
        Reason(rule.level, rule.criterion, station, value, rule.lower, begins, ends)
        for rule in sorted(met, key=lambda rule: rule.level)[:1]
    ]


def _marked_single(reasons: Iterable[Reason]) -> list[Reason]:
    """Most severe first, each with whether its station is alone in reaching that level."""
    ordered = sorted(reasons, key=lambda reason: reason.level or 0)
    reaching: dict[int | None, int] = {}
    stations: set[tuple[bool, str]] = set()
    for reason in ordered:
        stations.add((reason.criterion == PONDING, reason.where))
        reaching[reason.level] = len(stations)
    return [replace(reason, single=reaching[reason.level] == 1) for reason in ordered]


def _sign_reasons(seen: Observations, matrix: LevelMatrix) -> list[Reason]:
    reasons = []
    for code in dict.fromkeys(seen.signs):
        rule = matrix.sign(code)
        reasons.append(Reason(rule.level if rule else None, SIGN, "", code, None, seen.at, seen.at))
    return reasons


def _usual_silence(seen: Observations, matrix: LevelMatrix) -> timedelta:
    begins = seen.at - timedelta(hours=max(matrix.windows, default=0))
    raining = any(reading.value > 0 for reading in seen.rain if reading.at > begins)
    return SILENCE_IN_RAIN if raining else SILENCE_OTHERWISE


def _silent(seen: Observations, max_silence: timedelta) -> tuple[str, ...]:
    """Expected gauges whose last record is older than the limit, or that have none."""
    heard = {reading.station for reading in seen.rain if seen.at - reading.at <= max_silence}
    return tuple(gauge for gauge in dict.fromkeys(seen.expected_gauges) if gauge not in heard)

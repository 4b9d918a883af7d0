"""What the measurements say: the recommended level, each reason for it, how far to the next level. Pure."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from floodresponse.assessing import rule_of
from floodresponse.command.facts import Facts, Heard, Measurement
from floodresponse.command.meters import condition, gap_words, level_of, next_rule, rule_at
from floodresponse.levels import (
    PONDING_VALID,
    SILENCE_IN_RAIN,
    SILENCE_OTHERWISE,
    Assessment,
    Observations,
    Reading,
    assess,
)
from floodresponse.matrix import Badge, plain
from floodresponse.thresholds import LevelMatrix, Rule, SignRule
from foundation.errors import DomainError

UNITS = {True: "mm", False: "cm"}


@dataclass(frozen=True, slots=True)
class Reached:
    """A station against the rules of one criterion."""

    heard: Heard
    value: Decimal
    level: int | None
    since: datetime | None
    rules: tuple[Rule, ...]

    @property
    def badge(self) -> Badge | None:
        """The level it supports."""
        return Badge(self.level) if self.level else None

    @property
    def shown(self) -> str:
        """The value without useless zeros."""
        return plain(self.value)

    @property
    def gap(self) -> str:
        """How far to the next level of this criterion."""
        return gap_words(next_rule(self.rules, self.level), self.value)


@dataclass(frozen=True, slots=True)
class Criterion:
    """A line of the evidence: the station that is furthest, how many others reach the same level."""

    what: str
    unit: str
    top: Reached
    others: int
    single: bool
    all: tuple[Reached, ...]

    @property
    def condition(self) -> str:
        """The threshold that holds, or the next one."""
        rule = rule_at(self.top.rules, self.top.level) or next_rule(self.top.rules, None)
        return condition(rule) if rule else ""


@dataclass(frozen=True, slots=True)
class Silent:
    """A counted gauge that has not reported in time."""

    heard: Heard
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """The whole of it. ``blind``: nothing that counts has been heard, so there is nothing to judge by."""

    assessment: Assessment | None
    error: str
    criteria: tuple[Criterion, ...]
    silent: tuple[Silent, ...]
    limit: timedelta
    blind: bool
    matrix: LevelMatrix | None
    reached: Mapping[tuple[int, str], Reached] = field(default_factory=dict)

    @property
    def level(self) -> int | None:
        """The recommended level."""
        return self.assessment.level if self.assessment else None

    @property
    def badge(self) -> Badge | None:
        """The recommended level as people see it."""
        return Badge(self.level) if self.level else None

    @property
    def limit_words(self) -> str:
        """How long a gauge may be silent."""
        minutes = self.limit // timedelta(minutes=1)
        return f"{minutes} 分钟" if minutes < 60 else f"{minutes // 60} 小时"

    def of(self, heard: Heard, hours: int) -> Reached | None:
        """What a station measured in a window (0: its depth); None where it said nothing that counts."""
        return self.reached.get((hours, heard.station.code))

    def rules(self, hours: int) -> tuple[Rule, ...]:
        """The rules of a window (0: ponding)."""
        return tuple(self.matrix.of(hours)) if self.matrix else ()


def weigh(facts: Facts) -> Evidence:
    """Judge as ``assess_flood`` does, from what was fetched; never raises."""
    counted = [heard for heard in facts.stations if heard.counts]
    gauges = [heard for heard in counted if heard.is_rain]
    points = [heard for heard in counted if not heard.is_rain]
    try:
        matrix = _matrix(facts)
        assessment = assess(_observations(facts, gauges, points), matrix)
    except DomainError as error:
        return Evidence(None, error.message, (), (), SILENCE_IN_RAIN, blind=True, matrix=None)
    alone = {(reason.where, reason.criterion) for reason in assessment.measured if reason.single}
    reached = _reached(facts, matrix)
    criteria = [
        _criterion(
            [
                one
                for heard in (gauges if hours else points)
                if (one := reached.get((hours, heard.station.code)))
            ],
            hours,
            alone,
        )
        for hours in (0, *matrix.windows)
    ]
    codes = set(assessment.silent)
    fresh = any(_fresh(point, facts.at) for point in points)
    return Evidence(
        assessment,
        "",
        tuple(sorted((one for one in criteria if one), key=lambda one: one.top.level or 9)),
        tuple(Silent(g, _minutes_silent(g, facts.at)) for g in gauges if g.station.code in codes),
        assessment.max_silence,
        blind=len(codes) == len(gauges) and not fresh,
        matrix=matrix,
        reached=reached,
    )


def _reached(facts: Facts, matrix: LevelMatrix) -> dict[tuple[int, str], Reached]:
    """Every station, also those that do not count, against the rules of every window."""
    rules = {hours: tuple(matrix.of(hours)) for hours in (0, *matrix.windows)}
    found = {}
    for heard in facts.stations:
        for hours in matrix.windows if heard.is_rain else (0,):
            one = _measure(heard, rules[hours], facts.at, hours)
            if one is not None:
                found[hours, heard.station.code] = one
    return found


def _matrix(facts: Facts) -> LevelMatrix:
    signs = [SignRule(sign.code, sign.level, sign.label) for sign in facts.signs if sign.level]  # type: ignore[attr-defined]
    unique = {rule.code: rule for rule in signs}
    return LevelMatrix(tuple(rule_of(row) for row in facts.criteria), tuple(unique.values()))


def _observations(facts: Facts, gauges: Sequence[Heard], points: Sequence[Heard]) -> Observations:
    raining = any(
        reading.value > 0 for heard in facts.stations if heard.is_rain for reading in heard.readings
    )
    strict = bool(facts.records) or raining
    return Observations(
        at=facts.at,
        rain=[_said(gauge, reading) for gauge in gauges for reading in gauge.readings or _last(gauge)],
        ponding=[_said(point, point.last) for point in points if point.last and _fresh(point, facts.at)],
        signs=list(dict.fromkeys(sign.code for sign in reversed(facts.signs))),
        expected_gauges=[gauge.station.code for gauge in gauges],
        max_silence=SILENCE_IN_RAIN if strict else SILENCE_OTHERWISE,
    )


def _said(heard: Heard, reading: Measurement) -> Reading:
    return Reading(heard.station.code, reading.at, reading.value)


def _last(gauge: Heard) -> list[Measurement]:
    return [gauge.last] if gauge.last else []


def _fresh(point: Heard, at: datetime) -> bool:
    return point.last is not None and at - point.last.at <= PONDING_VALID


def _minutes_silent(gauge: Heard, at: datetime) -> int | None:
    return (at - gauge.last.at) // timedelta(minutes=1) if gauge.last else None


def _criterion(reached: Sequence[Reached], hours: int, alone: set[tuple[str, str]]) -> Criterion | None:
    """The line of one criterion; None where no station says anything or the plan has no rule for it.

    ``alone``: stations that no other joins in their level (单点), with the criterion.
    """
    if not reached or not reached[0].rules:
        return None
    ordered = sorted(reached, key=lambda one: (one.level or 9, -one.value, one.heard.station.code))
    top, met = ordered[0], tuple(one for one in ordered if one.level)
    return Criterion(
        what=f"{hours} 小时雨量" if hours else "积水深度",
        unit=UNITS[hours > 0],
        top=top,
        others=sum(one.level == top.level for one in met[1:]),
        single=(top.heard.station.code, top.rules[0].criterion) in alone,
        all=met or (top,),
    )


def _measure(heard: Heard, rules: tuple[Rule, ...], at: datetime, hours: int) -> Reached | None:
    """A gauge's sum in a window, or a point's latest depth while it is fresh."""
    if not hours:
        if heard.last is None or not _fresh(heard, at):
            return None
        level = level_of(rules, heard.last.value)
        return Reached(heard, heard.last.value, level, _deep_since(heard, rules, level), rules)
    if heard.last is None:
        return None
    inside = heard.readings[bisect_right(heard.readings, at - timedelta(hours=hours), key=_moment) :]
    fallen = sum((reading.value for reading in inside), Decimal())
    level = level_of(rules, fallen)
    return Reached(heard, fallen, level, _fallen_since(inside, rule_at(rules, level)), rules)


def _moment(reading: Measurement) -> datetime:
    return reading.at


def _fallen_since(inside: Sequence[Measurement], rule: Rule | None) -> datetime | None:
    """When what has fallen in the window reached the threshold."""
    fallen = Decimal()
    for reading in inside:
        fallen += reading.value
        if rule and rule.holds(fallen):
            return reading.at
    return None


def _deep_since(heard: Heard, rules: Sequence[Rule], level: int | None) -> datetime | None:
    """Since when the point has stood at this level or a more severe one, without a break."""
    if level is None or heard.last is None:
        return None
    since = heard.last.at
    for reading in reversed(heard.readings):
        then = level_of(rules, reading.value)
        if then is None or then > level:
            break
        since = reading.at
    return since

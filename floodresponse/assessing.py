"""The recommended level from what is stored: one question for the screen, the interface and a declaration."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from floodresponse.levels import (
    PONDING_VALID,
    SILENCE_IN_RAIN,
    SILENCE_OTHERWISE,
    YEARS,
    Assessment,
    Observations,
)
from floodresponse.levels import (
    Reading as Measured,
)
from floodresponse.levels import assess as assess_observations
from floodresponse.matrix import HOURS
from floodresponse.models import Criterion, Plan, Reading, Response, SignObservation, Station
from floodresponse.thresholds import LevelMatrix, Rule, SignRule
from foundation.errors import InvalidInput, StateConflict


def assess(at: datetime) -> Assessment:
    """The assessment of a moment, from what was really measured; a drill has its own (``drilling.py``).

    Raises InvalidInput for a moment that is none, StateConflict while there is
    no plan to judge by.
    """
    matrix = matrix_for(at)
    return assess_observations(_seen(at, max(matrix.windows, default=0)), matrix)


def matrix_for(at: datetime) -> LevelMatrix:
    """The matrix of the plan that holds at a moment; raises InvalidInput or StateConflict as ``assess``."""
    if at.year not in YEARS:
        raise InvalidInput("评估时刻不是合理的时间。", fields={"at": ["不是合理的时间。"]})
    plan = Plan.objects.holding_in(timezone.localtime(at).year)
    if plan is None:
        raise StateConflict("还没有防内涝方案入库，无法评估。请先导入载有方案的公报。")
    return matrix_of(plan)


def matrix_of(plan: Plan) -> LevelMatrix:
    """A plan's rows as the matrix, checked; raises UnusableMatrix."""
    return LevelMatrix(
        rules=tuple(rule_of(criterion) for criterion in plan.criteria.all()),
        signs=tuple(SignRule(sign.code, sign.level, sign.label) for sign in plan.signs.all()),
    )


def rule_of(criterion: Criterion) -> Rule:
    """A threshold of the plan as the assessment takes it."""
    return Rule(
        level=criterion.level,
        hours=HOURS.get(Criterion.Kind(criterion.kind), 0),
        lower=criterion.lower,
        lower_inclusive=criterion.lower_inclusive,
        upper=criterion.upper,
        upper_inclusive=criterion.upper_inclusive,
    )


def _seen(at: datetime, hours: int) -> Observations:
    """What the counted stations measured, and which signs were confirmed and not over."""
    stations = list(Station.objects.counted().with_last_heard(at))
    gauges = [station for station in stations if station.kind == Station.Kind.RAIN]
    begins = at - timedelta(hours=hours)
    return Observations(
        at=at,
        rain=[*_rain(gauges, begins, at), *_heard_before(gauges, begins)],
        ponding=_depths(stations, at),
        signs=_signs(at),
        expected_gauges=[gauge.code for gauge in gauges],
        max_silence=silence_limit(at, begins),
    )


def _rain(gauges: Iterable[Station], begins: datetime, at: datetime) -> list[Measured]:
    codes = {gauge.pk: gauge.code for gauge in gauges}
    rows = Reading.objects.between(begins, at).filter(station__in=codes).order_by()
    return [
        Measured(codes[station], moment, value)
        for station, moment, value in rows.values_list("station", "observed_at", "value")
    ]


def _heard_before(gauges: Iterable[Station], begins: datetime) -> list[Measured]:
    """The last word of gauges without a reading in the windows: it tells how long they are silent."""
    return [
        Measured(gauge.code, gauge.last_at, gauge.last_value)  # type: ignore[attr-defined]  # annotated
        for gauge in gauges
        if gauge.last_at is not None and gauge.last_at <= begins  # type: ignore[attr-defined]
    ]


def _depths(stations: Iterable[Station], at: datetime) -> list[Measured]:
    return [
        Measured(point.code, point.last_at.astimezone(at.tzinfo), point.last_value)  # type: ignore[attr-defined]
        for point in stations
        if point.kind == Station.Kind.PONDING
        and point.last_at is not None  # type: ignore[attr-defined]
        and at - point.last_at <= PONDING_VALID  # type: ignore[attr-defined]
    ]


def _signs(at: datetime) -> list[str]:
    seen = SignObservation.objects.filter(observed_at__lte=at).exclude(ended_at__lte=at)
    seen = seen.filter(observed_at__gt=at - SILENCE_OTHERWISE)
    return list(dict.fromkeys(seen.order_by("observed_at", "pk").values_list("code", flat=True)))


def silence_limit(at: datetime, begins: datetime) -> timedelta:
    """How long a gauge may be silent: short while a real response is active or any gauge reports rain."""
    if Response.objects.real().active_at(at).exists():
        return SILENCE_IN_RAIN
    wet = Reading.objects.between(begins, at).filter(station__kind=Station.Kind.RAIN, value__gt=0)
    return SILENCE_IN_RAIN if wet.exists() else SILENCE_OTHERWISE

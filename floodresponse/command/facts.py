"""What the command screen asks the database: eleven questions, however much there is."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from floodresponse.command.journal import ON_SCREEN
from floodresponse.command.maplayout import Layout, city_layout
from floodresponse.command.ownlog import readable_by
from floodresponse.keptlevels import kept_columns, kept_of
from floodresponse.models import (
    CallOut,
    Criterion,
    DrillReading,
    DutyShift,
    FloodWarning,
    FloodWatch,
    KeptLevel,
    LevelRecord,
    Obligation,
    Plan,
    PlanConfirmation,
    RainOrder,
    Reading,
    ReadingBatch,
    Recommendation,
    Response,
    Sign,
    SignObservation,
    SirenOrder,
    Station,
    UnitAction,
)
from floodresponse.plans import nearest
from floodresponse.querysets import StationQuerySet
from floodresponse.reportqueries import CALLER
from floodresponse.roster.reads import on_duty_at
from foundation.models import AuditEntry
from organizations.models import User

WINDOW = timedelta(hours=6)
SIGNS_LAST = timedelta(hours=24)
LOG_LINES = 13
RECOMMENDATIONS = 12


class Measurement(NamedTuple):
    """A reading: mm since the gauge's record before, or cm of ponding."""

    at: datetime
    value: Decimal
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """A station with what it reported in the last six hours, and its last word before."""

    station: Station
    readings: list[Measurement]
    last: Measurement | None

    @property
    def counts(self) -> bool:
        """Whether the level rests on it."""
        station = self.station
        return station.is_urban if station.kind == Station.Kind.RAIN else station.is_low_spot

    @property
    def is_rain(self) -> bool:
        """A gauge; else a point of ponding."""
        return self.station.kind == Station.Kind.RAIN


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a command screen is made of. ``at`` is the moment shown, in a drill that of its storm."""

    at: datetime
    exercise: bool
    plan: Plan | None = None
    criteria: list[Criterion] = field(default_factory=list)
    real: list[LevelRecord] = field(default_factory=list)
    drill: list[LevelRecord] = field(default_factory=list)
    stations: list[Heard] = field(default_factory=list)
    signs: list[SignObservation] = field(default_factory=list)
    recommendations: list[Recommendation] = field(default_factory=list)
    obligations: list[Obligation] = field(default_factory=list)
    actions: list[UnitAction] = field(default_factory=list)
    sirens: list[SirenOrder] = field(default_factory=list)
    shifts: list[DutyShift] = field(default_factory=list)
    log: list[AuditEntry] = field(default_factory=list)
    rain_order: RainOrder | None = None
    warnings: list[FloodWarning] = field(default_factory=list)
    kept: KeptLevel | None = None
    layout: Layout = field(default_factory=city_layout)

    @property
    def records(self) -> list[LevelRecord]:
        """Levels of the response that this screen is about, the newest first; none when nothing is active."""
        return self.drill if self.exercise else self.real


def gather(*, user: User, now: datetime, exercise: bool, whole: bool = True) -> Facts:
    """Ask everything; not ``whole``: only what the level rests on."""
    plan, criteria, kept = _plan(now, exercise)
    records = list(_records())
    chosen = [record for record in records if record.response.exercise == exercise]
    response = chosen[0].response if chosen else None
    at, heard = _drill(now) if exercise else (now, _measured(now))
    facts = Facts(
        at=at,
        exercise=exercise,
        plan=plan,
        criteria=criteria,
        real=[record for record in records if not record.response.exercise],
        drill=[record for record in records if record.response.exercise],
        stations=heard,
        signs=[] if exercise else list(_signs(at, plan)),
        recommendations=list(_recommendations()),
        kept=kept,
    )
    if not whole:
        return facts
    if response is None:
        facts = replace(facts, rain_order=_rain_order(exercise), warnings=list(_warnings(now, exercise)))
    return replace(
        facts,
        obligations=list(_obligations(user, now, exercise)),
        actions=list(_actions(response)) if response else [],
        sirens=list(_sirens(response)) if response and not exercise else [],
        shifts=on_duty_at(now),
        log=list(_log(user, exercise)),
    )


def _plan(now: datetime, exercise: bool) -> tuple[Plan | None, list[Criterion], KeptLevel | None]:
    """The plan that holds, its thresholds and ``basis``, the latest decision to keep a level.

    One question unless the plan has no thresholds; then nothing is recommended that one could decline.
    """
    year = timezone.localtime(now).year
    said = PlanConfirmation.objects.filter(plan=OuterRef("plan"), year=year).values("basis")[:1]
    of_published = Criterion.objects.filter(plan__in=Plan.objects.published()).select_related("plan")
    rows: list[Any] = list(of_published.annotate(basis=Subquery(said), **kept_columns(exercise=exercise)))
    plan = nearest(year, {row.plan_id: row.plan for row in rows}.values())
    if plan is None:
        return Plan.objects.holding_in(year), [], None
    own = [row for row in rows if row.plan_id == plan.pk]
    plan.basis = own[0].basis
    return plan, own, kept_of(own[0])


def _records() -> QuerySet[LevelRecord]:
    active = LevelRecord.objects.filter(response__terminated_at=None)
    return active.select_related("response", "decided_by").order_by("-since", "-pk")


def _measured(at: datetime) -> list[Heard]:
    """What all stations reported in the window."""
    rows = Reading.objects.between(at - WINDOW, at).order_by("observed_at")
    readings = _by_station(rows.values_list("station_id", "observed_at", "value", "batch__source"))
    return [_heard(station, readings[station.pk]) for station in _stations().with_last_heard(at)]


def _stations() -> StationQuerySet:
    return Station.objects.filter(is_active=True).order_by("-kind", "code")


def _heard(station: Any, readings: list[Measurement]) -> Heard:
    last = readings[-1] if readings else None
    if last is None and station.last_at is not None:
        last = Measurement(station.last_at, station.last_value)
    return Heard(station, readings, last)


def _drill(now: datetime) -> tuple[datetime, list[Heard]]:
    """The drill's clock, and the stations that take part; ours and none where no storm is replayed."""
    rows = DrillReading.objects.filter(replay__is_on=True).select_related("replay").order_by("observed_at")
    found = list(rows)
    at = found[0].replay.moment(now) if found else now
    past = [row for row in found if row.observed_at <= at]
    readings = _by_station((row.station_id, row.observed_at, row.value, "") for row in past)
    return at, [
        Heard(station, [one for one in own if one.at > at - WINDOW], own[-1])
        for station in _stations()
        if (own := readings[station.pk])
    ]


def _by_station(rows: Iterable[tuple[int, datetime, Decimal, str]]) -> dict[int, list[Measurement]]:
    found: dict[int, list[Measurement]] = defaultdict(list)
    for station, moment, value, source in rows:
        found[station].append(Measurement(moment, value, source == ReadingBatch.Source.HAND))
    return found


def _signs(at: datetime, plan: Plan | None) -> QuerySet[SignObservation]:
    """Confirmed and not over, with the plan's words and level for each."""
    seen = SignObservation.objects.filter(observed_at__lte=at, observed_at__gt=at - SIGNS_LAST)
    named = Sign.objects.filter(plan=plan, code=OuterRef("code"))
    return (
        seen.exclude(ended_at__lte=at)
        .select_related("confirmed_by")
        .annotate(label=Subquery(named.values("label")[:1]), level=Subquery(named.values("level")[:1]))
    )


def _recommendations() -> QuerySet[Recommendation]:
    """The latest results of the automatic assessment, with the beginning of flood watch on each."""
    watch = FloodWatch.objects.filter(is_on=True).values("started_at")[:1]
    return Recommendation.objects.annotate(watch_since=Subquery(watch))[:RECOMMENDATIONS]


def _obligations(user: User, now: datetime, exercise: bool) -> QuerySet[Obligation]:
    """What is owed and not met, with the last call to whoever owes it and until when they said they know."""
    mine = Q(incident__exercise=True) if exercise else Q(incident=None) | Q(incident__exercise=False)
    owed = Obligation.objects.visible_to(user).open().filter(mine)
    known = owed.with_acknowledged(now).with_calls()
    return known.select_related("unit", "incident").order_by("due_at", "pk")


def _rain_order(exercise: bool) -> RainOrder | None:
    """The measures for light or heavy rain that somebody ordered: below level IV."""
    standing = RainOrder.objects.standing().filter(exercise=exercise)
    return standing.select_related("ordered_by").first()


def _warnings(now: datetime, exercise: bool) -> QuerySet[FloodWarning]:
    """Warnings in force, before a response."""
    return FloodWarning.objects.in_force(now).filter(exercise=exercise).order_by("colour", "-issued_at")


def _actions(response: Response) -> QuerySet[UnitAction]:
    standing = UnitAction.objects.filter(response=response).exclude(state=UnitAction.State.CLOSED)
    calls = CallOut.objects.filter(action=OuterRef("pk")).order_by("-called_at", "-pk")
    last = {name: Subquery(calls.values(name)[:1]) for name in ("called_at", "answered")}
    by = Subquery(calls.values(by=CALLER)[:1])
    found = standing.select_related("unit").annotate(called_by=by, **last)
    return found.order_by("unit__order", "unit__name", "pk")


def _sirens(response: Response) -> QuerySet[SirenOrder]:
    return SirenOrder.objects.filter(record__response=response, withdrawn_at=None).order_by(
        "record", "number"
    )


def _log(user: User, exercise: bool) -> QuerySet[AuditEntry]:
    """The latest lines; a drill crowds nothing real off the real screen, its own shows both."""
    found = AuditEntry.objects.filter(readable_by(user), action__in=ON_SCREEN)
    if not exercise:
        found = found.filter(Q(after__exercise__isnull=True) | Q(after__exercise=False))
    return found.order_by("-at", "-sequence")[:LOG_LINES]

"""What the readiness panel rests on, each asked once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from floodresponse.levels import SILENCE_IN_RAIN, SILENCE_OTHERWISE
from floodresponse.members import rostered_units
from floodresponse.models import (
    Drill,
    DutyShift,
    Expert,
    FloodWatch,
    Plan,
    Reading,
    Recommendation,
    Response,
    Station,
    Supply,
    SupplyMinimum,
)
from floodresponse.resources.situation import Running, level_to_prepare_for, running_responses
from floodresponse.roster.days import duty_day
from floodresponse.standing import OFFICE, UNIT_ROLES, is_office
from notifications.models import Contact, Message
from organizations.models import Department, Role, RoleAssignment
from taskboard.models import Ledger

# Rain of the last hours makes a gauge's silence matter sooner.
RECENT_RAIN = timedelta(hours=6)
# A reminder that waits longer than this was not sent by a sweep that lives.
SWEEP_LIMIT = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the checks judge; rows are annotated as ``gather`` says."""

    at: datetime
    today: date
    watch: bool
    running: Sequence[Running]
    plan: Any
    units: Sequence[Any]
    shifts: Sequence[DutyShift]
    roles: Sequence[Any]
    stations: Sequence[Any]
    heartbeat: Any
    minimums: Sequence[Any]
    hazards: Sequence[Any]
    drills: int

    @property
    def responding(self) -> bool:
        """Whether a real response runs."""
        return any(not one.response.exercise for one in self.running)

    @property
    def level(self) -> int:
        """The level that supplies are compared with."""
        return level_to_prepare_for(list(self.running))

    @property
    def silence_limit(self) -> timedelta:
        """Short while a response runs or a gauge reports rain."""
        wet = any(station.wet for station in self.stations)
        return SILENCE_IN_RAIN if self.responding or wet else SILENCE_OTHERWISE


def gather(at: datetime) -> Facts:
    """Ask for everything; the number of queries does not depend on how much there is."""
    local = timezone.localtime(at)
    today, running = duty_day(local), running_responses()
    plan = Plan.objects.holding_in(local.year)
    level = level_to_prepare_for(running)
    return Facts(
        at=at,
        today=today,
        watch=FloodWatch.objects.running() is not None,
        running=running,
        plan=plan,
        units=_units(plan),
        shifts=list(DutyShift.objects.of_days(today, today + timedelta(days=1))),
        roles=_roles(),
        stations=_stations(at),
        heartbeat=_heartbeat(at),
        minimums=_minimums(level),
        hazards=_hazards(),
        drills=_drills(local.year),
    )


def _units(plan: Plan | None) -> list[Department]:
    """With ``has_expert``, which matters for streets."""
    assigned = Exists(Expert.objects.filter(street=OuterRef("pk")))
    return list(rostered_units(plan).annotate(has_expert=assigned))


def _roles() -> list[Any]:
    """Who is reminded: units' officers, office, commanders; with ``reachable`` beyond the inbox."""
    beyond = Exists(Contact.objects.filter(user=OuterRef("user"), is_enabled=True))
    held = Q(role__in=UNIT_ROLES, department__isnull=False) | OFFICE | Q(role=Role.COMMANDER)
    rows = RoleAssignment.objects.filter(held, user__is_active=True).annotate(reachable=beyond)
    return list(rows.select_related("user", "department"))


def _stations(at: datetime) -> list[Any]:
    """Counted ones with ``last_at`` and ``wet``: whether rain fell lately."""
    rain = Reading.objects.between(at - RECENT_RAIN, at).filter(station=OuterRef("pk"), value__gt=0)
    gauges = Station.objects.counted().filter(kind=Station.Kind.RAIN)
    return list(gauges.with_last_heard(at).annotate(wet=Exists(rain)))


def _heartbeat(at: datetime) -> Any:
    """The latest automatic assessment, with ``waiting``: whether reminders wait that should be gone."""
    late = Message.objects.filter(
        state=Message.State.PENDING, channel="inbox", attempt_at__lt=at - SWEEP_LIMIT
    )
    return Recommendation.objects.annotate(waiting=Exists(late)).order_by("-pk").first()


def _minimums(level: int) -> list[Any]:
    """What is asked for at the level or a less severe one, with ``held``."""
    asked = SupplyMinimum.objects.filter(level__gte=level).with_held(Supply.objects.all())
    return list(asked.select_related("unit"))


def _hazards() -> list[Any]:
    """Ledgers of hazards with how many are open (``open_rows``) and how many put right (``closed_rows``)."""
    ledgers: QuerySet[Any] = Ledger.objects.filter(kind=Ledger.Kind.HAZARD)
    counts = {
        "open_rows": Count("rows", filter=Q(rows__state__in=["draft", "signed"])),
        "closed_rows": Count("rows", filter=Q(rows__state="closed")),
    }
    return list(ledgers.annotate(**counts))


def _drills(year: int) -> int:
    """Those registered, and exercises in the portal that nobody registered besides."""
    held = Drill.objects.filter(held_on__year=year).order_by().values("pk")
    run = Response.objects.filter(exercise=True, declared_at__year=year, drill=None).order_by().values("pk")
    return held.union(run, all=True).count()


def keeps_the_office(role: Any) -> bool:
    """Whether a row of ``roles`` is the office's or the commander's."""
    return role.role == Role.COMMANDER or is_office(role)

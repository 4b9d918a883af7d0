"""All rows of an ended response that its report is written from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from floodresponse.aftermath.peaks import GaugePeaks, PointPeak, Site, gauge_peaks, point_peaks
from floodresponse.losses import counted, last_told
from floodresponse.models import (
    AftermathEntry,
    CallOut,
    DrillReading,
    FloodWarning,
    HouseholdMove,
    Incident,
    KeptLevel,
    LevelRecord,
    Obligation,
    RainOrder,
    Reading,
    Response,
    SirenOrder,
    Station,
    SupplyMove,
    UnitAction,
)

# Rain that fell before the declaration led to it.
BEFORE = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Facts:
    """The response with everything that belongs to it."""

    response: Response
    at: datetime
    begins: datetime
    until: datetime
    levels: Sequence[LevelRecord]
    kept: Sequence[KeptLevel]
    warnings: Sequence[FloodWarning]
    rain_orders: Sequence[RainOrder]
    sirens: Sequence[SirenOrder]
    gauges: Sequence[GaugePeaks]
    points: Sequence[PointPeak]
    incidents: Sequence[Incident]
    figures: Mapping[str, Mapping[str, Decimal]]
    obligations: Sequence[Obligation]
    calls: Mapping[bool, int]
    actions: Sequence[UnitAction]
    moves: Sequence[HouseholdMove]
    used: Sequence[Any]
    entries: Sequence[AftermathEntry]

    def of_kind(self, kind: str) -> list[AftermathEntry]:
        """Matters to settle of a kind."""
        return [entry for entry in self.entries if entry.kind == kind]


def gather(response: Response, at: datetime, *, words: bool = True) -> Facts:
    """Everything until the response ended, or until now; the number of queries is fixed.

    Not ``words``: only what the tables beside the report show, the rest stays empty.
    """
    until = response.terminated_at or at
    begins = response.declared_at - BEFORE
    incidents = list(_incidents(response, begins, until))
    readings = list(_readings(response, begins, until))
    rain, ponding = Station.Kind.RAIN, Station.Kind.PONDING

    def asked(rows: Any) -> list[Any]:
        return list(rows) if words else []

    return Facts(
        response=response,
        at=at,
        begins=begins,
        until=until,
        levels=list(response.levels.select_related("decided_by").order_by("since", "pk")),
        kept=asked(response.kept_levels.all()),
        warnings=asked(warnings_of(response, begins, until)),
        rain_orders=asked(rain_orders_of(response, begins, until)),
        sirens=asked(
            SirenOrder.objects.filter(record__response=response, withdrawn_at=None).select_related("record")
        ),
        gauges=gauge_peaks((site, at, value) for kind, site, at, value in readings if kind == rain),
        points=point_peaks((site, at, value) for kind, site, at, value in readings if kind == ponding),
        incidents=incidents,
        figures=_figures(incidents),
        obligations=list(_obligations(response, incidents, until)),
        calls=_calls(incidents) if words else {},
        actions=asked(response.actions.select_related("unit").order_by("unit__order", "unit__name", "pk")),
        moves=asked(response.household_moves.last_of_each().select_related("household__street", "shelter")),
        used=asked(_used(response, until)),
        entries=asked(
            AftermathEntry.objects.standing().filter(response=response).select_related("unit", "task")
        ),
    )


def _incidents(response: Response, begins: datetime, until: datetime) -> Any:
    happened = Incident.objects.filter(occurred_at__gt=begins, occurred_at__lte=until)
    return happened.filter(exercise=response.exercise).select_related("unit").order_by("occurred_at", "pk")


def warnings_of(response: Response, begins: datetime, until: datetime) -> Any:
    """Warnings that were issued and held before or while the response ran."""
    issued = FloodWarning.objects.filter(exercise=response.exercise, issued_at__lte=until)
    return issued.exclude(lifted_at__lte=begins).exclude(valid_to__lte=begins).select_related("issuer")


def rain_orders_of(response: Response, begins: datetime, until: datetime) -> Any:
    """What was ordered below level IV and stood before the response."""
    given = RainOrder.objects.filter(exercise=response.exercise, ordered_at__lte=until)
    return given.exclude(ended_at__lte=begins).select_related("ordered_by")


def _readings(
    response: Response, begins: datetime, until: datetime
) -> Iterator[tuple[str, Site, datetime, Decimal]]:
    """Kind and station, moment and value; of a drill what was replayed."""
    source: Any = DrillReading if response.exercise else Reading
    rows = source.objects.filter(observed_at__gt=begins, observed_at__lte=until).order_by()
    names = ("station__kind", "station__code", "station__name", "station__is_urban", "station__is_low_spot")
    for kind, code, name, urban, low, at, value in rows.values_list(*names, "observed_at", "value"):
        counts = urban if kind == Station.Kind.RAIN else low
        yield kind, Site(code, name, counts), timezone.localtime(at), value


def _figures(incidents: Sequence[Incident]) -> dict[str, dict[str, Decimal]]:
    """By unit, the last known figures of each incident added up: nothing is counted twice."""
    counting = counted(incidents)
    told = last_told(counting)
    found: dict[str, dict[str, Decimal]] = {}
    for incident in counting:
        for key, value in told[incident.pk].items():
            of_unit = found.setdefault(incident.unit.name, {})
            of_unit[key] = of_unit.get(key, Decimal(0)) + value
    return found


def _obligations(response: Response, incidents: Sequence[Incident], until: datetime) -> Any:
    """What the incidents owed, and what was due daily while a real response ran."""
    owed = Q(incident__in=[incident.pk for incident in incidents])
    if not response.exercise:
        owed |= Q(incident=None, due_at__gt=response.declared_at, due_at__lte=until)
    return Obligation.objects.filter(owed).select_related("unit").order_by("unit__order", "unit__name", "pk")


def _calls(incidents: Sequence[Incident]) -> dict[bool, int]:
    """How many calls were answered and how many were not."""
    made = CallOut.objects.filter(obligation__incident__in=[incident.pk for incident in incidents])
    return dict(made.order_by().values_list("answered").annotate(n=Count("pk")))


def _used(response: Response, until: datetime) -> Any:
    """What went out of the stores meanwhile; nothing in a drill."""
    moves = SupplyMove.objects.filter(at__gt=response.declared_at, at__lte=until, kind=SupplyMove.Kind.OUT)
    if response.exercise:
        moves = moves.none()
    by_article = moves.order_by("supply__name").values("supply__name", "supply__measure")
    return by_article.annotate(quantity=Coalesce(-Sum("change"), Decimal(0)))

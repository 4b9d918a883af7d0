"""All rows of an ended response that its report is written from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from floodresponse.aftermath.peaks import GaugePeaks, PointPeak, gauge_peaks, point_peaks
from floodresponse.command.journal import IN_LOG, Line, line_of
from floodresponse.losses import counted, last_told
from floodresponse.models import (
    AftermathEntry,
    CallOut,
    DrillReading,
    HouseholdMove,
    Incident,
    LevelRecord,
    Obligation,
    Reading,
    Response,
    SignObservation,
    SirenOrder,
    Station,
    SupplyMove,
    UnitAction,
)
from foundation.models import AuditEntry

# Rain that fell before the declaration led to it.
BEFORE = timedelta(hours=6)
MOST_LINES = 2000


@dataclass(frozen=True, slots=True)
class Facts:
    """The response with everything that belongs to it."""

    response: Response
    at: datetime
    until: datetime
    levels: Sequence[LevelRecord]
    sirens: Sequence[SirenOrder]
    gauges: Sequence[GaugePeaks]
    points: Sequence[PointPeak]
    incidents: Sequence[Incident]
    figures: Mapping[str, Mapping[str, Decimal]]
    obligations: Sequence[Obligation]
    calls: Mapping[bool, int]
    actions: Sequence[Any]
    moves: Sequence[HouseholdMove]
    used: Sequence[Any]
    entries: Sequence[AftermathEntry]

    def of_kind(self, kind: str) -> list[AftermathEntry]:
        """Matters to settle of a kind."""
        return [entry for entry in self.entries if entry.kind == kind]


def gather(response: Response, at: datetime) -> Facts:
    """Everything until the response ended, or until now; the number of queries is fixed."""
    until = response.terminated_at or at
    begins = response.declared_at - BEFORE
    incidents = list(_incidents(response, begins, until))
    readings = list(_readings(response, begins, until))
    rain, ponding = Station.Kind.RAIN, Station.Kind.PONDING
    return Facts(
        response=response,
        at=at,
        until=until,
        levels=list(response.levels.select_related("decided_by").order_by("since", "pk")),
        sirens=list(
            SirenOrder.objects.filter(record__response=response, withdrawn_at=None).select_related("record")
        ),
        gauges=gauge_peaks((name, at, value) for kind, name, at, value in readings if kind == rain),
        points=point_peaks((name, at, value) for kind, name, at, value in readings if kind == ponding),
        incidents=incidents,
        figures=_figures(incidents),
        obligations=list(_obligations(response, incidents, until)),
        calls=_calls(incidents),
        actions=list(_actions(response)),
        moves=list(response.household_moves.select_related("household__street", "shelter")),
        used=list(_used(response, until)),
        entries=list(
            AftermathEntry.objects.standing().filter(response=response).select_related("unit", "task")
        ),
    )


def _incidents(response: Response, begins: datetime, until: datetime) -> Any:
    happened = Incident.objects.filter(occurred_at__gt=begins, occurred_at__lte=until)
    return happened.filter(exercise=response.exercise).select_related("unit").order_by("occurred_at", "pk")


def _readings(
    response: Response, begins: datetime, until: datetime
) -> Iterator[tuple[str, str, datetime, Decimal]]:
    """Kind, name of the station, moment and value; of a drill what was replayed."""
    source: Any = DrillReading if response.exercise else Reading
    rows = source.objects.filter(observed_at__gt=begins, observed_at__lte=until).order_by()
    for kind, name, at, value in rows.values_list("station__kind", "station__name", "observed_at", "value"):
        yield kind, name, timezone.localtime(at), value


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


def _actions(response: Response) -> Any:
    """By unit how many actions there were and what became of them."""
    done, taken = Q(done_at__isnull=False), Q(acknowledged_at__isnull=False)
    rows = UnitAction.objects.filter(response=response).order_by("unit__order", "unit__name")
    return rows.values("unit__name").annotate(
        total=Count("pk"), taken=Count("pk", filter=taken), done=Count("pk", filter=done)
    )


def _used(response: Response, until: datetime) -> Any:
    """What went out of the stores meanwhile; nothing in a drill."""
    moves = SupplyMove.objects.filter(at__gt=response.declared_at, at__lte=until, kind=SupplyMove.Kind.OUT)
    if response.exercise:
        moves = moves.none()
    by_article = moves.order_by("supply__name").values("supply__name", "supply__measure")
    return by_article.annotate(quantity=Coalesce(-Sum("change"), Decimal(0)))


def log_of(response: Response, at: datetime) -> list[Line]:
    """What was decided, ordered, called and reported, the earliest first; other matters left out."""
    until = response.terminated_at or at
    incidents = list(_incidents(response, response.declared_at - BEFORE, until).values_list("pk", flat=True))
    obligations = Obligation.objects.filter(incident__in=incidents).values_list("pk", flat=True)
    sirens = SirenOrder.objects.filter(record__response=response).values_list("pk", flat=True)
    actions = UnitAction.objects.filter(response=response).values_list("pk", flat=True)
    about = Q(object_type=Response._meta.label, object_id=str(response.pk))
    for model, keys in (
        (LevelRecord, response.levels.values_list("pk", flat=True)),
        (SirenOrder, sirens),
        (UnitAction, actions),
        (Incident, incidents),
        (Obligation, obligations),
    ):
        about |= Q(object_type=model._meta.label, object_id__in=[str(pk) for pk in keys])
    if not response.exercise:
        signs = SignObservation.objects.filter(observed_at__gt=response.declared_at, observed_at__lte=until)
        keys = [str(pk) for pk in signs.values_list("pk", flat=True)]
        about |= Q(object_type=SignObservation._meta.label, object_id__in=keys)
    found = AuditEntry.objects.filter(about, action__in=IN_LOG, at__lte=until)
    entries = list(found.order_by("at", "sequence")[:MOST_LINES])
    # Whatever is told of a drill is of the drill, whether the entry says so or not.
    drills = {entry.pk for entry in entries} if response.exercise else set()
    return [line_of(entry, drills) for entry in entries]

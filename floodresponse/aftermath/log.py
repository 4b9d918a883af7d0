"""The log of a response: what was recommended, decided, ordered, called and reported, the earliest first."""

from collections.abc import Iterable
from itertools import chain

from django.db.models import Model, Q

from floodresponse.aftermath.facts import Facts
from floodresponse.command.journal import IN_LOG, Line, line_of, lines_of
from floodresponse.models import Recommendation, SignObservation
from foundation.models import AuditEntry

MOST_LINES = 2000


def log_of(facts: Facts) -> list[Line]:
    """Whatever concerns the response; other matters of the same hours are left out."""
    entries = list(_entries(facts))
    # Whatever is told of a drill is of the drill, whether the entry says so or not.
    drills = {entry.pk for entry in entries} if facts.response.exercise else set()
    told = [line_of(entry, drills) for entry in entries]
    return sorted([*told, *_recommended(facts)], key=lambda line: line.at)


def _entries(facts: Facts) -> Iterable[AuditEntry]:
    about = Q(pk__in=[])
    for label, keys in _objects(facts).items():
        about |= Q(object_type=label, object_id__in=keys)
    found = AuditEntry.objects.filter(about, action__in=IN_LOG, at__lte=facts.until)
    return found.order_by("at", "sequence")[:MOST_LINES]


def _objects(facts: Facts) -> dict[str, list[str]]:
    """Keys of what the response consists of, by kind."""
    owed = [one for one in facts.obligations if one.incident_id]
    rows: Iterable[Model] = chain(
        [facts.response],
        facts.levels,
        facts.kept,
        facts.warnings,
        facts.rain_orders,
        facts.sirens,
        facts.actions,
        facts.incidents,
        owed,
        _signs(facts),
    )
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row._meta.label, []).append(str(row.pk))
    return found


def _signs(facts: Facts) -> Iterable[SignObservation]:
    """Signs are observed on the ground: a drill has none."""
    if facts.response.exercise:
        return []
    return SignObservation.objects.filter(observed_at__gt=facts.begins, observed_at__lte=facts.until)


def _recommended(facts: Facts) -> list[Line]:
    """How the recommendation changed; the drill's is not kept."""
    if facts.response.exercise:
        return []
    found = Recommendation.objects.filter(seen_at__gt=facts.begins, begins_at__lte=facts.until)
    results = list(found.order_by("-begins_at", "-pk")[:MOST_LINES])
    # The one that held already is there to compare with; it is not told.
    return lines_of([], results, MOST_LINES, whole=bool(results) and results[-1].begins_at > facts.begins)

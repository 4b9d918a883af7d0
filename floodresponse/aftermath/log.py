"""The log of a response: what was recommended, decided, ordered, called and reported, the earliest first."""

from collections.abc import Iterable
from itertools import chain
from typing import Any

from django.db.models import Q, QuerySet, Value

from floodresponse.aftermath.facts import Facts, rain_orders_of, warnings_of
from floodresponse.command.journal import IN_LOG, Line, line_of, lines_of
from floodresponse.models import Recommendation, SignObservation, SirenOrder
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
    found: dict[str, list[str]] = {}
    for row in chain([facts.response], facts.levels, facts.incidents, owed):
        found.setdefault(row._meta.label, []).append(str(row.pk))
    for label, key in _others(facts):
        found.setdefault(label, []).append(str(key))
    return found


def _others(facts: Facts) -> Iterable[tuple[str, int]]:
    """Kind and key of whatever was not fetched for the tables, all in one query."""
    response, span = facts.response, (facts.begins, facts.until)
    signs = SignObservation.objects.filter(observed_at__gt=facts.begins, observed_at__lte=facts.until)
    rows: list[QuerySet[Any]] = [
        response.kept_levels.all(),
        response.actions.all(),
        warnings_of(response, *span),
        rain_orders_of(response, *span),
        SirenOrder.objects.filter(record__response=response),
        # Signs are observed on the ground: a drill has none.
        signs.none() if response.exercise else signs,
    ]
    first, *more = (one.order_by().values_list(Value(one.model._meta.label), "pk") for one in rows)
    return first.union(*more)


def _recommended(facts: Facts) -> list[Line]:
    """How the recommendation changed; the drill's is not kept."""
    if facts.response.exercise:
        return []
    found = Recommendation.objects.filter(seen_at__gt=facts.begins, begins_at__lte=facts.until)
    results = list(found.order_by("-begins_at", "-pk")[:MOST_LINES])
    # The one that held already is there to compare with; it is not told.
    return lines_of([], results, MOST_LINES, whole=bool(results) and results[-1].begins_at > facts.begins)

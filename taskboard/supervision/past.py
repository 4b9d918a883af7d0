"""What supervision was like at a moment that is past, out of its history.

Expressions for the database, each named after the field that it tells of: ``state_then`` and so on.
"""

from datetime import datetime
from typing import Any, TypeVar

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, TruncDate

from foundation.models import AuditEntry
from organizations.querysets import count_of, related

Row = TypeVar("Row", bound=models.Model)
THEN = "_then"
OPEN_FINDINGS = ("rectifying", "reported")


def as_it_stood(row: Row) -> Row:
    """The row with the fields of the moment that it was read for; to be shown, never to be saved."""
    for name, value in [(name, value) for name, value in vars(row).items() if name.endswith(THEN)]:
        setattr(row, name.removesuffix(THEN), value)
    return row


def look_back_at(model: type[models.Model], moment: datetime) -> dict[str, Any]:
    """The state of a look-back. One finding is made of it at most, so that it is done with the first."""
    found = related(model, "findings").filter(look_back=OuterRef("pk"))
    confirmed = found.filter(events__action="confirm", events__at__lt=moment)
    taken_up = related(model, "closing").filter(
        task=OuterRef("task"), from_state="closed", at__gte=OuterRef("closing__at"), at__lt=moment
    )
    return {
        "state_then": _words(
            When(state__in=["passed", "reopened"], inspected_at__lt=moment, then=F("state")),
            When(Q(state="void") & Exists(taken_up.exclude(to_state="closed")), then=Value("void")),
            When(Q(state="rectified") & Exists(confirmed), then=Value("rectified")),
            When(Exists(found.filter(found_at__lt=moment)), then=Value("rectifying")),
            default=Value("open"),
        ),
        "inspected_at_then": _once("inspected_at", moment),
        "remarks_then": _words(When(inspected_at__lt=moment, then=F("remarks")), default=Value("")),
    }


def finding_at(model: type[models.Model], moment: datetime) -> dict[str, Any]:
    """State, deadline and day of the report of a finding."""
    events = related(model, "events").filter(finding=OuterRef("pk"), at__lt=moment).order_by("-at", "-pk")
    last = events.exclude(action="prolong").values("action")[:1]
    reported = events.filter(action="report").annotate(on=TruncDate("at")).values("on")[:1]
    states = {
        "find": "rectifying",
        "return": "rectifying",
        "report": "reported",
        "confirm": "confirmed",
        "void": "void",
    }
    return {
        "last_action": Subquery(last),
        "state_then": _words(
            *(When(last_action=action, then=Value(state)) for action, state in states.items()),
            default=F("state"),
        ),
        # A new deadline is written into the record with every step.
        "rectify_by_then": Coalesce(
            Subquery(_recorded(model, "rectify_by", moment)),
            F("rectify_by"),
            output_field=models.DateField(),
        ),
        "reported_on_then": Case(
            When(last_action__in=["find", "return"], then=Value(None)),
            default=Subquery(reported),
            output_field=models.DateField(),
        ),
    }


def _recorded(model: type[models.Model], name: str, moment: datetime) -> models.QuerySet[Any]:
    """A day as the last entry of the record before the moment has it."""
    entries = AuditEntry.objects.filter(
        object_type=model._meta.label, object_id=Cast(OuterRef("pk"), models.CharField()), at__lt=moment
    )
    told = entries.filter(**{f"after__{name}__isnull": False}).order_by("-sequence")
    day = Cast(KeyTextTransform(name, "after"), models.DateField())
    return told.annotate(day=day).values("day")[:1]


def listing_at(model: type[models.Model], moment: datetime) -> dict[str, Any]:
    """State and deadline of listed supervision."""
    events = related(model, "events").filter(listing=OuterRef("pk"), at__lt=moment)
    last = events.order_by("-at", "-pk").values("deadline")[:1]
    return {
        "state_then": _words(When(unlisted_at__lt=moment, then=Value("unlisted")), default=Value("listed")),
        "deadline_then": Coalesce(Subquery(last), F("deadline")),
        "unlisted_at_then": _once("unlisted_at", moment),
    }


def inspection_at(model: type[models.Model], moment: datetime) -> dict[str, Any]:
    """The state of a special inspection, how much it had found, and how much was not put right."""
    found = related(model, "findings").filter(inspection=OuterRef("pk")).seen(moment).order_by()
    unsettled = found.filter(state_then__in=OPEN_FINDINGS)
    return {
        "state_then": _words(When(concluded_at__lt=moment, then=F("state")), default=Value("running")),
        "found": count_of(found, "inspection"),
        "unsettled": count_of(unsettled, "inspection"),
    }


def _once(name: str, moment: datetime) -> Case:
    """A time that was not known before it had come."""
    then = When(**{f"{name}__lt": moment}, then=F(name))
    return Case(then, default=Value(None), output_field=models.DateTimeField())


def _words(*cases: When, default: Any) -> Case:
    return Case(*cases, default=default, output_field=models.CharField())

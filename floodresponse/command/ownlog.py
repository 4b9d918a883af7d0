"""Which entries of the audit log a person may read as the log of the command post."""

from django.db.models import CharField, Model, Q
from django.db.models.functions import Cast

from floodresponse.models import Incident, IncidentReport, Obligation
from floodresponse.standing import keeps_office
from organizations.models import User

# What a unit reports, and what it owes: a unit sees its own alone, on every page.
REPORTING = ("incident.", "obligation.")


def readable_by(user: User) -> Q:
    """Office and commander read all; others of incidents and reports those of their own unit alone."""
    if keeps_office(user):
        return Q()
    own = Q(*(Q(action__startswith=begin) for begin in REPORTING), _connector=Q.OR, _negated=True)
    for kind in (Incident, IncidentReport, Obligation):
        own |= _about_visible(kind, user)
    return own


def _about_visible(kind: type[Model], user: User) -> Q:
    seen = kind._default_manager.visible_to(user).order_by()  # type: ignore[attr-defined]  # each of the three has it
    keys = seen.annotate(as_text=Cast("pk", CharField(max_length=64))).values("as_text")
    return Q(object_type=kind._meta.label, object_id__in=keys)

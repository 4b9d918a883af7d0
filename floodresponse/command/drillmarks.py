"""Which entries of the log belong to a drill although they do not say so themselves.

An entry cannot be changed: what it leaves out is looked up in what it is about.
"""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Model

from floodresponse.models import Incident, IncidentReport, Obligation, RainAction, UnitAction
from foundation.models import AuditEntry

# Where each kind of object says whether it is of a drill.
OF_A_DRILL: dict[type[Model], str] = {
    Incident: "exercise",
    IncidentReport: "incident__exercise",
    Obligation: "incident__exercise",
    UnitAction: "response__exercise",
    RainAction: "order__exercise",
}


def drills_among(entries: Iterable[AuditEntry]) -> set[int]:
    """Their keys: one question for each kind of object that is among them, five at most."""
    silent: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for entry in entries:
        if "exercise" not in entry.after:
            silent[entry.object_type][entry.object_id].append(entry.pk)
    found: set[int] = set()
    for model, of_a_drill in OF_A_DRILL.items():
        if about := silent.get(model._meta.label):
            drills = model._default_manager.filter(pk__in=about, **{of_a_drill: True})
            found.update(key for pk in drills.values_list("pk", flat=True) for key in about[str(pk)])
    return found

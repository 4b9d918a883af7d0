"""Whether each lead department has itself signed for a task, however far another lead is with it.

A task is signed for by its first lead's signature and work may go on, but the others
still have to sign. A collective (街道办事处) has signed once one of its members has.
What moved on without any signature on record is taken for signed.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When

from organizations.querysets import related
from taskboard.moves import OWING
from taskboard.pasttasks import had_duty

COLLECTIVE, ISSUED, LEAD = "collective", "issued", "lead"
# A lead has signed and nothing waits for the supervisor: the signature of another may be missing.
MOVED_ON = OWING - {ISSUED}


def _signatures(model: type[models.Model], task: str, moment: datetime | None) -> models.QuerySet[Any]:
    until = {"at__lt": moment} if moment else {}
    found: models.QuerySet[Any] = related(model, "signatures").filter(task=OuterRef(task), **until)
    return found.order_by()


def _of(department: str) -> Q:
    own = Q(department=OuterRef(department))
    return own | Q(department__parent=OuterRef(department), department__parent__kind=COLLECTIVE)


def missing(model: type[models.Model], moment: datetime | None = None) -> Q:
    """Of a row that gives a task to a department: others have signed (before the moment) and this one not."""
    signed = _signatures(model, "task", moment)
    return Q(Exists(signed)) & ~Q(Exists(signed.filter(_of("department"))))


def waits_for_a_lead(model: type[models.Model], moment: datetime | None = None, state: str = "stood") -> Q:
    """Of a task now, or just before the moment: a lead has not signed; ``state`` names its state."""
    if moment:
        waits = had_duty(model, moment, missing(model, moment), LEAD)
    else:
        leads = related(model, "duties").filter(missing(model), task=OuterRef("pk"), role=LEAD)
        waits = Q(Exists(leads.order_by()))
    return Q(**{state: ISSUED}) | (Q(**{f"{state}__in": MOVED_ON}) & waits)


def own_state(model: type[models.Model], relation: str, moment: datetime | None = None) -> Case:
    """The state of a task for the department that the relation leads to: ``issued`` until it has signed."""
    signed = _signatures(model, "pk", moment)
    own = signed.filter(_of(f"{relation}__department"))
    waits = Q(stood__in=MOVED_ON) & Q(Exists(signed)) & ~Q(Exists(own))
    return Case(When(waits, then=Value(ISSUED)), default=F("stood"), output_field=models.CharField())


def signers_of(signatures: models.QuerySet[Any]) -> Mapping[int, set[int]]:
    """By task the keys of the departments, and of their collectives, that signed: one query."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = signatures.order_by()
    names = ("task_id", "department_id", "department__parent_id", "department__parent__kind")
    for task, department, parent, kind in rows.values_list(*names):
        found[task] |= {department, parent} if kind == COLLECTIVE else {department}
    return found


def still_to_sign(state: str, leads: Iterable[Any], signers: set[int]) -> tuple[str, ...]:
    """The names of the leads (departments) that have not signed; none of what moved on without signatures."""
    if state not in OWING or (not signers and state != ISSUED):
        return ()
    return tuple(unit.name for unit in leads if unit.pk not in signers)

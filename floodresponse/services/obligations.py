"""What the office does about obligations: excuse, call, keep the chains of follow-ups going."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from floodresponse.deadlines import FOLLOWUP, Limit, followup_after_missing, needs_followups
from floodresponse.models import CallOut, Incident, IncidentReport, Obligation, UnitAction
from floodresponse.services.owing import facts_of, table_for
from floodresponse.services.reminders import cancel_reminders, queue_reminders
from floodresponse.standing import keeps_office
from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.services.audit import record_change
from organizations.models import User

State = Obligation.State
MOST_MISSED = 50
# So many chains are continued in one transaction.
BATCH = 500


def require_office(actor: User, what: str) -> None:
    """Refuse whoever does not keep the office."""
    if not keeps_office(actor):
        raise PermissionRefused(f"您没有权限{what}：只有防涝办值班员和指挥长可以办理。")


@transaction.atomic
def excuse_obligation(*, actor: User, obligation: Obligation, reason: str, at: datetime) -> Obligation:
    """Excuse what is late, with a reason; when the report came and how late it was stays."""
    require_office(actor, "免除迟报责任")
    if not reason.strip():
        raise InvalidInput("请写明免责理由。", fields={"reason": ["请写明理由。"]})
    before = {"state": obligation.state, "met_at": obligation.met_at}
    claimed = Obligation.objects.filter(pk=obligation.pk, state__in=[State.OPEN, State.MET_LATE])
    values = {"excused_at": at, "excused_by": actor, "excuse_reason": reason.strip()[:300]}
    if claimed.update(state=State.EXCUSED, **values) != 1:
        raise StateConflict("这项报告按时报送或已免责，无需再办理。")
    obligation.refresh_from_db()
    cancel_reminders(obligation=obligation, at=at, why="已免责")
    record_change(
        actor=actor,
        action="obligation.excuse",
        target=obligation,
        at=at,
        before=before,
        after={"state": State.EXCUSED.value, "exercise": obligation.exercise},
        reason=reason,
    )
    return obligation


@transaction.atomic
def record_call(
    *, actor: User, obligation: Obligation, called: str, number: str, answered: bool, at: datetime
) -> CallOut:
    """Keep that somebody was called, and whether they answered (叫应)."""
    require_office(actor, "登记叫应")
    call = CallOut.objects.create(
        obligation=obligation,
        called=called.strip()[:80] or obligation.unit.name,
        number=number.strip()[:40],
        answered=answered,
        called_at=at,
        called_by=actor,
    )
    after = {"called": call.called, "answered": answered, "exercise": obligation.exercise}
    record_change(actor=actor, action="obligation.call", target=obligation, at=at, after=after)
    return call


@transaction.atomic
def record_action_call(
    *, actor: User, action: UnitAction, called: str, number: str, answered: bool, at: datetime
) -> CallOut:
    """Keep that a unit was called because it has not answered an order, and whether it picked up (叫应).

    Raises StateConflict once the unit has answered or the order is closed.
    """
    require_office(actor, "登记叫应")
    waiting = UnitAction.objects.select_for_update().filter(pk=action.pk, state=UnitAction.State.OPEN)
    if not waiting.exists():
        raise StateConflict("这项行动已签收或已关闭，无需再叫应。请刷新页面。")
    call = CallOut.objects.create(
        action=action,
        called=called.strip()[:80],
        number=number.strip()[:40],
        answered=answered,
        called_at=at,
        called_by=actor,
    )
    after = {"called": call.called, "answered": answered, "exercise": action.response.exercise}
    record_change(actor=actor, action="flood_action.call", target=action, at=at, after=after)
    return call


def continue_followups(*, at: datetime) -> int:
    """Open the next follow-up where the last one is missing; returns how many were opened.

    Late runs catch up: each follow-up that was missed meanwhile gets its row. In
    batches, each a transaction with the same number of queries, so that many
    chains that are due at once do not hold each other up.
    """
    chain = Obligation.objects.filter(kind=FOLLOWUP, incident=OuterRef("incident"))
    final = IncidentReport.objects.filter(incident=OuterRef("incident"), stage=IncidentReport.Stage.FINAL)
    missed = Obligation.objects.overdue(at).filter(kind=FOLLOWUP, incident__resolved_at=None)
    missed = missed.exclude(Exists(chain.filter(sequence__gt=OuterRef("sequence")))).exclude(Exists(final))
    incidents = [pk for pk in missed.order_by("incident").values_list("incident", flat=True) if pk]
    batches = (incidents[begin : begin + BATCH] for begin in range(0, len(incidents), BATCH))
    return sum(_continue(batch, at) for batch in batches)


@transaction.atomic
def _continue(incidents: Sequence[int], at: datetime) -> int:
    """One batch; the incidents are locked, so a second sweep finds their chains already continued."""
    rows = Incident.objects.select_for_update(of=("self",)).select_related("unit")
    locked = list(rows.filter(pk__in=incidents, resolved_at=None).order_by("pk"))
    final = IncidentReport.objects.filter(incident__in=locked, stage=IncidentReport.Stage.FINAL)
    over = set(final.values_list("incident_id", flat=True))
    chains = Obligation.objects.filter(kind=FOLLOWUP, incident__in=locked).order_by("sequence")
    last = {one.incident_id: one for one in chains}
    tables: dict[int, Mapping[str, Limit]] = {}
    opened: list[Obligation] = []
    for incident in locked:
        year = timezone.localtime(incident.occurred_at).year
        if incident.pk in over or incident.pk not in last:
            continue
        if year not in tables:
            tables[year] = table_for(incident.occurred_at)
        opened += _missed_since(incident, last[incident.pk], tables[year], at)
    made = Obligation.objects.bulk_create(opened)
    queue_reminders(obligations=made, at=at)
    return len(made)


def _missed_since(
    incident: Incident, last: Obligation, table: Mapping[str, Limit], at: datetime
) -> Iterator[Obligation]:
    """The follow-ups after the last one that is missing, until one is still to come."""
    facts = facts_of(incident)
    if not needs_followups(facts):
        return
    for _ in range(MOST_MISSED):
        if last.state != State.OPEN or last.due_at >= at:
            return
        owed = followup_after_missing(facts, table, timezone.localtime(last.due_at))
        last = Obligation(
            incident=incident,
            unit=incident.unit,
            kind=FOLLOWUP,
            sequence=last.sequence + 1,
            due_at=owed.due_at,
            basis=owed.basis,
            provisional=owed.provisional,
            created_at=at,
        )
        yield last

"""What the office does about obligations: excuse, call, keep the chains of follow-ups going."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from floodresponse.deadlines import FOLLOWUP, followup_after_missing, needs_followups
from floodresponse.models import CallOut, Incident, Obligation, UnitAction
from floodresponse.services.owing import facts_of, is_over, owe, table_for
from floodresponse.services.reminders import cancel_reminders
from floodresponse.standing import keeps_office
from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.services.audit import record_change
from organizations.models import User

State = Obligation.State
MOST_MISSED = 50


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
def record_action_call(*, actor: User, action: UnitAction, answered: bool, at: datetime) -> CallOut:
    """Keep that a unit was called because it has not answered an order, and whether it picked up (叫应).

    Raises StateConflict once the unit has answered or the order is closed.
    """
    require_office(actor, "登记叫应")
    waiting = UnitAction.objects.select_for_update().filter(pk=action.pk, state=UnitAction.State.OPEN)
    if not waiting.exists():
        raise StateConflict("这项行动已签收或已关闭，无需再叫应。请刷新页面。")
    unit = action.unit
    call = CallOut.objects.create(
        action=action,
        called=unit.name[:80] if unit else "指挥部",
        number=unit.office_phone[:40] if unit else "",
        answered=answered,
        called_at=at,
        called_by=actor,
    )
    after = {"called": call.called, "answered": answered, "exercise": action.response.exercise}
    record_change(actor=actor, action="flood_action.call", target=action, at=at, after=after)
    return call


def continue_followups(*, at: datetime) -> int:
    """Open the next follow-up where the last one is missing; returns how many were opened.

    Late runs catch up: each follow-up that was missed meanwhile gets its row.
    """
    missed = Obligation.objects.overdue(at).filter(kind=FOLLOWUP, incident__resolved_at=None)
    incidents = missed.order_by("incident").values_list("incident", flat=True).distinct()
    return sum(_continue(pk, at) for pk in incidents)


@transaction.atomic
def _continue(pk: int, at: datetime) -> int:
    incident = Incident.objects.select_for_update().select_related("unit").get(pk=pk)
    facts, opened = facts_of(incident), 0
    if is_over(incident) or not needs_followups(facts):
        return 0
    for _ in range(MOST_MISSED):
        last = incident.obligations.filter(kind=FOLLOWUP).order_by("sequence").last()
        if last is None or last.state != State.OPEN or last.due_at >= at:
            break
        table, due_at = table_for(incident.occurred_at), timezone.localtime(last.due_at)
        owe(incident=incident, owed=[followup_after_missing(facts, table, due_at)], at=at)
        opened += 1
    return opened

"""Acknowledging that a report is being seen to (签收): reminders pause, and go on without a report."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from floodresponse.deadlines import acknowledged_for
from floodresponse.models import Acknowledgement, Obligation
from floodresponse.services.incidents import require_acting_for
from floodresponse.services.reminders import pause_reminders
from floodresponse.standing import acts_for
from foundation.errors import StateConflict
from foundation.services.audit import record_change
from notifications.models import Message
from organizations.models import User

# Answers in the inbox are looked for this far back; older ones have expired whatever the report.
LOOK_BACK = timedelta(minutes=30)


@transaction.atomic
def acknowledge_obligation(
    *, actor: User, obligation: Obligation, at: datetime, message: Message | None = None
) -> Acknowledgement:
    """Somebody of the unit, the office or the commander takes care; reminders pause for a fixed time.

    Raises StateConflict when nothing is owed any more or somebody's acknowledgement still holds.
    """
    require_acting_for(actor, obligation.unit, "签收该单位的报告提醒")
    locked = Obligation.objects.select_for_update(of=("self",)).select_related("unit", "incident")
    owed = locked.get(pk=obligation.pk)
    if owed.state != Obligation.State.OPEN:
        raise StateConflict("这项报告已经报送或免责，无需签收。")
    holding = owed.acknowledgements.filter(until__gt=at).select_related("by").last()
    if holding is not None:
        until = timezone.localtime(holding.until)
        raise StateConflict(f"{holding.by} 已签收，{until:%H:%M} 前有效，无需再签收。")
    made = Acknowledgement.objects.create(
        obligation=owed, at=at, by=actor, until=at + acknowledged_for(owed.kind), message=message
    )
    record_change(
        actor=actor, action="obligation.acknowledge", target=owed, at=at, after={"until": made.until}
    )
    pause_reminders(acknowledgement=made, at=at)
    return made


def take_in_answers(*, at: datetime) -> int:
    """Reminders that were answered in the inbox count as acknowledgements; returns how many were new."""
    answered = Message.objects.filter(
        about__startswith="obligation:",
        acknowledged_at__gt=at - LOOK_BACK,
        acknowledged_at__lte=at,
        flood_acknowledgement=None,
    )
    return sum(_take_in(message, at) for message in answered.select_related("recipient").order_by("pk"))


def _take_in(message: Message, at: datetime) -> int:
    owed = Obligation.objects.open().select_related("unit")
    obligation = owed.filter(pk=message.about.removeprefix("obligation:")).first()
    if obligation is None or message.recipient is None or message.acknowledged_at is None:
        return 0
    if message.acknowledged_at + acknowledged_for(obligation.kind) <= at:
        return 0
    if not acts_for(message.recipient, obligation.unit):
        return 0
    try:
        acknowledge_obligation(
            actor=message.recipient, obligation=obligation, at=message.acknowledged_at, message=message
        )
    except StateConflict:
        return 0  # Somebody else was faster.
    return 1

"""What a person who leaves still holds in the flood command, and handing it to somebody else."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from floodresponse.models import DutyShift, DutySwap, Incident
from floodresponse.roster.days import duty_day
from floodresponse.standing import acts_for
from foundation.errors import InvalidInput
from foundation.services.audit import record_change
from organizations.models import User
from organizations.permissions import require


@dataclass(frozen=True, slots=True)
class Held:
    """Open incidents that the person follows, and shifts from now on."""

    incidents: QuerySet[Incident]
    shifts: QuerySet[DutyShift]


def held_in_flood(user: User, *, at: datetime) -> Held:
    """What would be left without anybody."""
    incidents = Incident.objects.filter(tracker=user, resolved_at=None).select_related("unit", "unit__parent")
    shifts = DutyShift.objects.filter(user=user, day__gte=_today(at)).select_related("unit", "unit__parent")
    return Held(incidents.order_by("pk"), shifts.order_by("day", "pk"))


@transaction.atomic
def hand_over_flood(*, actor: User, at: datetime, leaver: User, successor: User, reason: str) -> int:
    """Give all of it to somebody who acts for the units; how many records changed hands.

    Raises InvalidInput where the successor acts for none of them.
    """
    require(actor, "organizations.guard_sign_ins", "移交离岗人员的防汛职责")
    held = held_in_flood(leaver, at=at)
    incidents = list(held.incidents.select_for_update(of=("self",)))
    shifts = list(held.shifts.select_for_update(of=("self",)))
    records: list[Incident | DutyShift] = [*incidents, *shifts]
    for record in records:
        if not acts_for(successor, record.unit):
            raise InvalidInput(f"“{successor}”不是{record.unit}或防涝办的人员，不能接替“{record}”。")
    for incident in incidents:
        Incident.objects.filter(pk=incident.pk).update(tracker=successor)
        _record(actor, at, "incident.change_tracker", incident, leaver, successor, reason)
    _withdraw_swaps([shift.pk for shift in shifts], at)
    for shift in shifts:
        DutyShift.objects.filter(pk=shift.pk).update(
            user=successor, name=str(successor)[:40], phone="", signed_in_at=None, signed_in_by=None
        )
        _record(actor, at, "roster.hand_over", shift, leaver, successor, reason)
    return len(incidents) + len(shifts)


def _withdraw_swaps(shifts: list[int], at: datetime) -> None:
    waiting = DutySwap.objects.asked().filter(Q(shift__in=shifts) | Q(other__in=shifts))
    waiting.update(state=DutySwap.State.WITHDRAWN, answered_at=at, answer_note="人员离岗，值班已移交")


def _record(
    actor: User,
    at: datetime,
    action: str,
    target: Incident | DutyShift,
    leaver: User,
    successor: User,
    reason: str,
) -> None:
    before, after = {"person": str(leaver)}, {"person": str(successor)}
    record_change(
        actor=actor, action=action, target=target, at=at, before=before, after=after, reason=reason[:200]
    )


def _today(at: datetime) -> date:
    return duty_day(timezone.localtime(at))

"""Correction notices (更正): records of their own, proposed by one person and signed by another."""

from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from events.models import Correction, Event
from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.services.audit import record_change
from notifications.services import Matter, ask_signers, tell_writer
from organizations.models import User
from organizations.permissions import require

Standing = Correction.Standing


@transaction.atomic
def add_correction(
    *,
    actor: User | None,
    at: datetime,
    event: Event,
    printed: str,
    corrected: str,
    note: str,
    made_on: date,
) -> Correction:
    """Put a notice beside an entry; the printed words stay as they are.

    What a person registers waits until another one signs it; what the portal itself writes counts at once.
    """
    require(actor, "events.change_event", "登记更正")
    locked = Event.objects.select_for_update().get(pk=event.pk)
    _check(locked, printed, corrected, note)
    correction = Correction.objects.create(
        event=locked,
        printed=printed,
        corrected=corrected,
        note=note,
        made_on=made_on,
        standing=Standing.PROPOSED if actor else Standing.CONFIRMED,
        proposed_by=actor,
        proposed_at=at if actor else None,
    )
    after = {"printed": printed, "corrected": corrected, "note": note, "made_on": made_on}
    record_change(actor=actor, action="event.correction", target=event, at=at, after=after, reason=note)
    if actor is not None:
        ask_signers(actor=actor, at=at, matter=_matter(correction))
    return correction


def _check(event: Event, printed: str, corrected: str, note: str) -> None:
    if event.text and printed not in event.text:
        sentence = "条目正文中没有这段原文，请照正文逐字抄录。"
        raise InvalidInput(sentence, fields={"printed": [sentence]})
    if printed == corrected:
        sentence = "更正后的文字与原文相同，请填写应为的文字。"
        raise InvalidInput(sentence, fields={"corrected": [sentence]})
    if not corrected and not note:
        raise InvalidInput(
            "请填写应为的文字；不知道应为什么的，在说明中写明有何存疑。",
            fields={"corrected": ["请填写，或填写说明。"]},
        )
    if event.corrections.filter(printed=printed).exclude(standing=Standing.VOID).exists():
        raise StateConflict("这段原文已登记过更正，没有重复登记；要改请先作废原来的一条。")


@transaction.atomic
def confirm_correction(*, actor: User | None, at: datetime, correction: Correction) -> Correction:
    """Sign a notice: it stands beside the text from now on, and the next issue prints it."""
    require(actor, "events.publish_event", "签发更正")
    locked = _locked(correction)
    if locked.standing != Standing.PROPOSED:
        now = locked.get_standing_display()
        raise StateConflict(f"这条更正现在是“{now}”，没有重复签发。请刷新页面查看。")
    if actor is not None and actor.pk == locked.proposed_by_id:
        raise PermissionRefused("这条更正由您登记，须由另一位签发人签发。")
    # Dated by its registration, one that waited past an issue would be printed in none.
    locked.made_on = max(locked.made_on, timezone.localdate(at))
    return _settle(actor, at, locked, Standing.CONFIRMED, "event.correction.confirm", "")


@transaction.atomic
def void_correction(*, actor: User | None, at: datetime, correction: Correction, reason: str) -> Correction:
    """Take a notice back; it stays on record. One that the public has read takes a publisher."""
    if not reason.strip():
        raise InvalidInput("作废须写明理由，请填写后再提交。", fields={"reason": ["请填写理由。"]})
    locked = _locked(correction)
    right = "change" if locked.standing == Standing.PROPOSED else "publish"
    require(actor, f"events.{right}_event", "作废更正")
    if locked.standing == Standing.VOID:
        raise StateConflict("这条更正已经作废。请刷新页面查看。")
    return _settle(actor, at, locked, Standing.VOID, "event.correction.void", reason.strip())


def _locked(correction: Correction) -> Correction:
    Event.objects.select_for_update().get(pk=correction.event_id)
    rows = Correction.objects.select_for_update(of=("self",)).select_related("event")
    locked: Correction = rows.get(pk=correction.pk)
    return locked


def _settle(
    actor: User | None, at: datetime, correction: Correction, standing: str, action: str, reason: str
) -> Correction:
    before, correction.standing = correction.standing, standing
    correction.settled_by, correction.settled_at = actor, at
    correction.settled_reason = reason[:200]
    correction.save()
    record_change(
        actor=actor,
        action=action,
        target=correction.event,
        at=at,
        before={"printed": correction.printed, "standing": before},
        after={"corrected": correction.corrected, "standing": standing},
        reason=reason,
    )
    step = "confirm" if standing == Standing.CONFIRMED else "void"
    writer = correction.proposed_by_id
    matter = _matter(correction)
    tell_writer(actor=actor, at=at, matter=matter, writer=writer, step=step, reason=reason)
    return correction


def _matter(correction: Correction) -> Matter:
    url = reverse("events:corrections", args=[correction.event_id])
    return Matter(f"correction:{correction.pk}", f"更正“{correction.event.title}”", url)

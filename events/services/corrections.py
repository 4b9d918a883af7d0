"""Correction notices (更正)."""

from datetime import date, datetime

from django.db import transaction

from events.models import Correction, Event
from foundation.errors import InvalidInput
from foundation.services.audit import record_change
from organizations.models import User
from organizations.permissions import require


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
    """Put a notice beside an entry; the printed words stay as they are."""
    require(actor, "events.change_event", "登记更正")
    if event.text and printed not in event.text:
        raise InvalidInput("条目正文中没有这段原文，请照正文逐字抄录。")
    correction = Correction.objects.create(
        event=event, printed=printed, corrected=corrected, note=note, made_on=made_on
    )
    after = {"printed": printed, "corrected": corrected, "note": note, "made_on": made_on}
    record_change(actor=actor, action="event.correction", target=event, at=at, after=after, reason=note)
    return correction

"""The secret address under which a calendar program fetches somebody's due dates."""

import secrets
from datetime import datetime

from django.db import transaction

from foundation.services.audit import record_change
from organizations.models import User
from organizations.permissions import require
from taskboard.models import CalendarKey

# 256 bits: not to be guessed.
SECRET_BYTES = 32


@transaction.atomic
def renew_calendar_key(*, actor: User, at: datetime) -> CalendarKey:
    """Make the actor's address, or a new one that ends the old; the secret is not in the audit log."""
    require(actor, "taskboard.view_task", "订阅任务日历")
    values = {"secret": secrets.token_urlsafe(SECRET_BYTES), "made_at": at}
    User.objects.select_for_update().get(pk=actor.pk)
    key, made = CalendarKey.objects.update_or_create(user=actor, defaults=values)
    action = "calendar_key.create" if made else "calendar_key.renew"
    record_change(actor=actor, action=action, target=key, at=at, after={"made_at": at})
    return key


@transaction.atomic
def end_calendar_key(*, actor: User, at: datetime) -> bool:
    """End the actor's address without a new one; whether there was one."""
    return drop_calendar_key(actor=actor, at=at, user=actor)


def drop_calendar_key(*, actor: User | None, at: datetime, user: User, reason: str = "") -> bool:
    """Inside another step, which asked for its own permission: as ``end_calendar_key``, of anybody."""
    key = CalendarKey.objects.select_for_update().filter(user=user).first()
    if key is None:
        return False
    before = {"made_at": key.made_at}
    record_change(actor=actor, action="calendar_key.end", target=key, at=at, before=before, reason=reason)
    key.delete()
    return True

"""Delivery to the inbox: the change of state is the delivery, so it happens exactly once."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from notifications.models import Attempt, Channel, Message

State = Message.State
BATCH = 1000


def deliver_to_inbox(*, now: datetime) -> int:
    """Deliver all inbox messages that are due; returns how many.

    Several callers at once share the work: each takes rows that no other holds.
    """
    delivered = 0
    while part := _deliver_some(now):
        delivered += part
        if part < BATCH:
            break
    return delivered


def _deliver_some(now: datetime) -> int:
    due = Message.objects.due(now).filter(channel=Channel.INBOX)
    # Asked first without a lock: most seconds nothing is due, and SQLite has one writer.
    if not due.exists():
        return 0
    with transaction.atomic():
        locked = due.order_by("attempt_at", "pk").select_for_update(skip_locked=True, of=("self",))
        rows = list(locked.only("pk", "attempts", "expires_at")[:BATCH])
        stale = [row.pk for row in rows if row.expires_at is not None and row.expires_at <= now]
        fresh = [row for row in rows if row.expires_at is None or row.expires_at > now]
        _cancel(stale, now)
        Attempt.objects.bulk_create(
            Attempt(message=row, number=row.attempts + 1, started_at=now, ended_at=now, delivered=True)
            for row in fresh
        )
        Message.objects.filter(pk__in=[row.pk for row in fresh]).update(
            state=State.SENT, sent_at=now, attempts=F("attempts") + 1
        )
    return len(rows)


def _cancel(pks: list[int], now: datetime) -> None:
    if pks:
        Message.objects.filter(pk__in=pks).update(
            state=State.CANCELLED, cancelled_at=now, cancel_reason="已过失效时间"
        )

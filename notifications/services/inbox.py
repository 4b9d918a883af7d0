"""Delivery to the inbox: the change of state is the delivery, so it happens exactly once."""

from datetime import datetime

from django.db import connection, transaction

from notifications.models import Attempt, Channel, Message

State = Message.State
BATCH = 1000


def deliver_to_inbox(*, now: datetime) -> int:
    """Deliver all inbox messages that are due; returns how many.

    Several callers at once share the work: each takes rows that no other holds.
    """
    delivered = 0
    while part := deliver_batch(now=now):
        delivered += part
        if part < BATCH:
            break
    return delivered


def deliver_batch(*, now: datetime) -> int:
    """Deliver at most ``BATCH`` messages in one transaction; returns how many were dealt with."""
    due = Message.objects.due(now).filter(channel=Channel.INBOX)
    # Asked first without a lock: most seconds nothing is due, and SQLite has one writer.
    if not due.exists():
        return 0
    with transaction.atomic():
        locked = due.order_by("attempt_at", "pk").select_for_update(skip_locked=True, of=("self",))
        rows = list(locked.values_list("pk", "expires_at")[:BATCH])
        stale = [pk for pk, expires_at in rows if expires_at is not None and expires_at <= now]
        fresh = [pk for pk, expires_at in rows if expires_at is None or expires_at > now]
        _cancel(stale, now)
        _arrive(fresh, now)
    return len(rows)


def _arrive(pks: list[int], now: datetime) -> None:
    """Written in the database itself: ten thousand reminders may fall due in the same second."""
    if not pks:
        return
    messages, attempts = Message._meta.db_table, Attempt._meta.db_table
    these, moment = ", ".join(map(str, pks)), connection.ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {attempts} (message_id, number, started_at, ended_at, delivered, error) "  # noqa: S608
            f"SELECT id, attempts + 1, %s, %s, %s, '' FROM {messages} WHERE id IN ({these})",
            [moment, moment, True],
        )
        cursor.execute(
            f"UPDATE {messages} SET state = %s, sent_at = %s, attempts = attempts + 1 "  # noqa: S608
            f"WHERE id IN ({these})",
            [State.SENT, moment],
        )


def _cancel(pks: list[int], now: datetime) -> None:
    if pks:
        Message.objects.filter(pk__in=pks).update(
            state=State.CANCELLED, cancelled_at=now, cancel_reason="已过失效时间"
        )

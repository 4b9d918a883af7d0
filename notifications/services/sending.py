"""Delivery outside the portal: claim with a lease, send, record how it ended.

A sender that dies in the middle leaves its lease; when the lease is over the
message is taken up again with the same key, so the receiver can tell a
repetition. Nothing is sent inside a transaction.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from foundation.errors import StateConflict
from foundation.services.audit import record_change
from notifications.channels import Undeliverable, deliver
from notifications.models import Attempt, Channel, Message, Preference, Topic
from notifications.quiet import next_digest, quiet_end
from notifications.services.permissions import require_ledger
from organizations.models import User

logger = logging.getLogger(__name__)

State = Message.State
LEASE = timedelta(seconds=60)
# After each failure the pause grows; what has failed for a day is given up and shown as not delivered.
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (30, 60, 120, 300, 900, 1800, 3600))
GIVE_UP_AFTER = timedelta(days=1)
CLAIMED_AT_ONCE = 20


class Stopwatch:
    """The time since ``start``, carried on by a clock that nobody sets."""

    def __init__(self, start: datetime) -> None:
        self._start, self._began = start, time.monotonic()

    def now(self) -> datetime:
        """``start`` and the time passed since."""
        return self._start + timedelta(seconds=time.monotonic() - self._began)


def send_outbound(*, now: datetime, limit: int = CLAIMED_AT_ONCE) -> int:
    """Claim messages that are due and send them; returns how many arrived."""
    watch = Stopwatch(now)
    groups: dict[tuple[str, str], list[Message]] = defaultdict(list)
    for message in claim_outbound(now=now, limit=limit):
        # Only what waited for a digest travels together; everything else on its own.
        together = f"digest:{message.recipient_id}" if _in_digest(message) else message.dedupe_key
        groups[(together, f"{message.channel}:{message.address}")].append(message)
    return sum(_send(group, watch) for group in groups.values())


def _in_digest(message: Message) -> bool:
    preference = _preference_of(message)
    return preference is not None and preference.digest_at is not None and not message.urgent


def _preference_of(message: Message) -> Preference | None:
    return getattr(message.recipient, "message_preference", None) if message.recipient else None


def claim_outbound(*, now: datetime, limit: int = CLAIMED_AT_ONCE) -> list[Message]:
    """Take messages for sending, so that no other sender takes them for the length of the lease.

    Messages of a person with quiet hours or a digest are put off instead.
    """
    outside = Message.objects.exclude(channel=Channel.INBOX)
    waiting = outside.due(now) | outside.abandoned(now, lease=LEASE)
    if not waiting.exists():
        return []
    with transaction.atomic():
        locked = waiting.order_by("attempt_at", "pk").select_for_update(skip_locked=True, of=("self",))
        found = list(locked.select_related("recipient__message_preference")[:limit])
        ready = [message for message in found if not _put_off(message, now)]
        for message in ready:
            _claim(message, now)
    return ready


def _put_off(message: Message, now: datetime) -> bool:
    if message.cancelled_at is not None:
        _change(message, state=State.CANCELLED, leased_until=None)
        return True
    if message.expires_at is not None and message.expires_at <= now:
        _change(message, state=State.CANCELLED, cancelled_at=now, cancel_reason="已过失效时间")
        return True
    if _is_gone(message):
        _change(
            message,
            state=State.CANCELLED,
            leased_until=None,
            cancelled_at=now,
            cancel_reason="收件人账号已停用",
        )
        return True
    later = _later(message, now)
    if later is None:
        return False
    _change(message, state=State.PENDING, attempt_at=later, leased_until=None)
    return True


def _is_gone(message: Message) -> bool:
    """Whoever left hears outside the portal of the account alone, and no more of the city's work."""
    to = message.recipient
    return to is not None and not to.is_active and message.topic != Topic.ACCOUNT


def _later(message: Message, now: datetime) -> datetime | None:
    """When quiet hours or the digest let it go; None for at once."""
    preference = _preference_of(message)
    if preference is None or message.urgent:
        return None
    if preference.digest_at is not None and message.attempt_at == message.not_before:
        return next_digest(preference.digest_at, timezone.localtime(now))
    return quiet_end(preference.quiet_from, preference.quiet_until, timezone.localtime(now))


def _claim(message: Message, now: datetime) -> None:
    number = message.attempts + 1
    _change(message, state=State.SENDING, leased_until=now + LEASE, attempts=number)
    Attempt.objects.create(message=message, number=number, started_at=now)


def _change(message: Message, **values: object) -> None:
    Message.objects.filter(pk=message.pk).update(**values)
    for name, value in values.items():
        setattr(message, name, value)


def _send(group: Sequence[Message], watch: Stopwatch) -> int:
    held = [message for message in group if _still_held(message, watch.now())]
    if not held:
        return 0
    failure = _failure_of(held)
    for message in held:
        if failure is None:
            _arrived(message, watch.now())
        else:
            _failed(message, watch.now(), str(failure), permanent=failure.permanent)
    return 0 if failure else len(held)


def _still_held(message: Message, now: datetime) -> bool:
    """Renew the lease: those before it in the batch may have taken long, and another sender taken over."""
    mine = Message.objects.filter(pk=message.pk, state=State.SENDING, attempts=message.attempts)
    return bool(mine.update(leased_until=now + LEASE))


def _failure_of(group: Sequence[Message]) -> Undeliverable | None:
    """Why the group did not go out; None when it did.

    A fault of our own counts as a failure of these messages alone: those behind
    them must not wait for it.
    """
    try:
        deliver(group)
    except Undeliverable as failure:
        return failure
    except Exception as error:
        logger.exception("message %s could not be sent", group[0].dedupe_key)
        return Undeliverable(f"发送程序出错：{type(error).__name__}")
    return None


@transaction.atomic
def _arrived(message: Message, at: datetime) -> None:
    _end_attempt(message, at, delivered=True)
    Message.objects.filter(pk=message.pk, state=State.SENDING, attempts=message.attempts).update(
        state=State.SENT, sent_at=at, leased_until=None, last_error=""
    )


@transaction.atomic
def _failed(message: Message, at: datetime, error: str, *, permanent: bool) -> None:
    _end_attempt(message, at, error=error[:300])
    over = permanent or at - message.not_before >= GIVE_UP_AFTER
    pause = PAUSES[min(message.attempts, len(PAUSES)) - 1]
    mine = Message.objects.filter(pk=message.pk, state=State.SENDING, attempts=message.attempts)
    mine.update(attempt_at=at + pause, leased_until=None, last_error=error[:300])
    mine.filter(cancelled_at__isnull=False).update(state=State.CANCELLED)
    mine.update(state=State.FAILED if over else State.PENDING)


def _end_attempt(message: Message, at: datetime, *, delivered: bool = False, error: str = "") -> None:
    attempt = Attempt.objects.filter(message=message, number=message.attempts)
    attempt.update(ended_at=at, delivered=delivered, error=error)


@transaction.atomic
def resend_message(*, actor: User | None, message: Message, at: datetime) -> None:
    """Send once more what was not delivered.

    Raises StateConflict when it has been delivered, waits already or was cancelled.
    """
    require_ledger(actor, message, "重新发送消息")
    again = Message.objects.filter(pk=message.pk, state=State.FAILED).update(
        state=State.PENDING, not_before=at, attempt_at=at
    )
    if not again:
        raise StateConflict("只有未送达的消息可以重新发送，请刷新页面查看它现在的状态。")
    record_change(
        actor=actor, action="message.resend", target=message, at=at, after={"key": message.dedupe_key}
    )

"""What a person does with a message: read it, answer it."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from foundation.errors import StateConflict
from foundation.services.audit import record_change
from notifications.models import Message
from notifications.services.permissions import require_own
from organizations.models import User


def read_messages(*, actor: User, at: datetime, pks: Iterable[int] | None = None) -> int:
    """Mark one's own messages as read, all of them without ``pks``; returns how many were unread."""
    unread = Message.objects.inbox_of(actor).unread().order_by()
    if pks is not None:
        unread = unread.filter(pk__in=list(pks))
    return unread.update(read_at=at)


@transaction.atomic
def acknowledge_message(*, actor: User, message: Message, at: datetime) -> Message:
    """Answer a message that has arrived: it has been seen and somebody takes care.

    Raises PermissionRefused for somebody else's message, StateConflict when it
    has not arrived or was answered before.
    """
    require_own(actor, message, "应答这条消息")
    answered = Message.objects.filter(pk=message.pk, state=Message.State.SENT, acknowledged_at=None)
    if not answered.update(acknowledged_at=at, read_at=message.read_at or at):
        raise StateConflict(_why_not(message))
    message.refresh_from_db()
    record_change(
        actor=actor, action="message.acknowledge", target=message, at=at, after={"key": message.dedupe_key}
    )
    return message


def _why_not(message: Message) -> str:
    message.refresh_from_db()
    if message.acknowledged_at is not None:
        when = timezone.localtime(message.acknowledged_at)
        return f"这条消息已于 {when:%m月%d日 %H:%M} 应答，无需再次应答。"
    return "这条消息尚未送达或已经取消，不能应答。"

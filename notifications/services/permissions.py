"""Who may act on a message."""

from foundation.errors import PermissionRefused
from notifications.models import Message
from notifications.querysets import LEDGERS
from organizations.models import User
from organizations.permissions import require


def require_own(actor: User, message: Message, what: str) -> None:
    """Only the recipient answers a message."""
    if message.recipient_id != actor.pk:
        raise PermissionRefused(f"只有收件人本人可以{what}。")


def require_ledger(actor: User | None, message: Message, what: str) -> None:
    """Those who keep the delivery ledger of the message's topic."""
    if actor is None:
        return
    permission = LEDGERS.get(message.topic)
    if permission is None:
        raise PermissionRefused(f"您没有权限{what}。")
    require(actor, permission, what)

"""Writing, sending and answering messages."""

from notifications.services.answers import acknowledge_message, read_messages
from notifications.services.inbox import deliver_to_inbox
from notifications.services.outbox import Draft, cancel_messages, queue_messages
from notifications.services.reach import add_contact, remove_contact, save_preference
from notifications.services.sending import resend_message, send_outbound

__all__ = [
    "Draft",
    "acknowledge_message",
    "add_contact",
    "cancel_messages",
    "deliver_to_inbox",
    "queue_messages",
    "read_messages",
    "remove_contact",
    "resend_message",
    "save_preference",
    "send_outbound",
]

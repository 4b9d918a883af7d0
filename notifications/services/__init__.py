"""Writing, sending and answering messages."""

from notifications.services.answers import acknowledge_message, read_messages
from notifications.services.inbox import deliver_to_inbox
from notifications.services.outbox import Draft, cancel_messages, hand_over_messages, queue_messages
from notifications.services.reach import add_contact, remove_contact, save_preference
from notifications.services.sending import resend_message, send_outbound
from notifications.services.signing import Matter, ask_signers, handed_in_by, tell_of_step, tell_writer

__all__ = [
    "Draft",
    "Matter",
    "acknowledge_message",
    "add_contact",
    "ask_signers",
    "cancel_messages",
    "deliver_to_inbox",
    "hand_over_messages",
    "handed_in_by",
    "queue_messages",
    "read_messages",
    "remove_contact",
    "resend_message",
    "save_preference",
    "send_outbound",
    "tell_of_step",
    "tell_writer",
]

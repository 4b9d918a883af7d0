"""Messages, the attempts to deliver them, and how a person wants to be reached."""

from notifications.models.messages import Attempt, Channel, Message, Topic
from notifications.models.reach import Contact, Preference

__all__ = ["Attempt", "Channel", "Contact", "Message", "Preference", "Topic"]

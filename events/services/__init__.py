"""Writes of the chronicle."""

from events.services.events import EventContent, OfficialContent, create_event, update_event

__all__ = ["EventContent", "OfficialContent", "create_event", "update_event"]

"""Writes of the chronicle."""

from events.services.corrections import add_correction
from events.services.events import (
    EventContent,
    OfficialContent,
    create_event,
    link_event_citations,
    update_event,
)
from events.services.places import part_places
from events.services.publishing import move_event

__all__ = [
    "EventContent",
    "OfficialContent",
    "add_correction",
    "create_event",
    "link_event_citations",
    "move_event",
    "part_places",
    "update_event",
]

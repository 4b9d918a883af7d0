"""Writes of the chronicle."""

from events.services.corrections import add_correction, confirm_correction, void_correction
from events.services.events import (
    EventContent,
    OfficialContent,
    create_event,
    link_event_citations,
    update_event,
)
from events.services.places import part_places
from events.services.publishing import move_event
from events.services.texts import (
    EVENTS,
    event_values,
    propose_event,
    save_event,
    step_event_revision,
)

__all__ = [
    "EVENTS",
    "EventContent",
    "OfficialContent",
    "add_correction",
    "confirm_correction",
    "create_event",
    "event_values",
    "link_event_citations",
    "move_event",
    "part_places",
    "propose_event",
    "save_event",
    "step_event_revision",
    "update_event",
    "void_correction",
]

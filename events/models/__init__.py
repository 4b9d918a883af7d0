"""The chronicle."""

from events.models.events import Correction, Event
from events.models.filing import FilingRun
from events.models.mentions import EventDepartment, EventDirective, EventOfficial

__all__ = ["Correction", "Event", "EventDepartment", "EventDirective", "EventOfficial", "FilingRun"]

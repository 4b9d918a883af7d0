"""The plan for waterlogging, what is observed, and the responses declared under it."""

from floodresponse.models.observations import (
    Reading,
    ReadingBatch,
    ReadingRevision,
    SignObservation,
    Station,
)
from floodresponse.models.orders import SirenOrder, UnitAction
from floodresponse.models.papers import CapMessage, Notice
from floodresponse.models.plan import (
    CommandPostMember,
    Criterion,
    Duty,
    Level,
    Measure,
    Plan,
    ReportDeadline,
    Sign,
    SirenRule,
    SpecialGroup,
)
from floodresponse.models.responses import LevelRecord, Response

__all__ = [
    "CapMessage",
    "CommandPostMember",
    "Criterion",
    "Duty",
    "Level",
    "LevelRecord",
    "Measure",
    "Notice",
    "Plan",
    "Reading",
    "ReadingBatch",
    "ReadingRevision",
    "ReportDeadline",
    "Response",
    "Sign",
    "SignObservation",
    "SirenOrder",
    "SirenRule",
    "SpecialGroup",
    "Station",
    "UnitAction",
]

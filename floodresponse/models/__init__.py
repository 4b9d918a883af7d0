"""The plan for waterlogging, what is observed, the responses under it, incidents and what is owed."""

from floodresponse.models.incidents import Incident, IncidentReport
from floodresponse.models.obligations import CallOut, Obligation
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
from floodresponse.models.watch import DailyReport, FloodWatch

__all__ = [
    "CallOut",
    "CapMessage",
    "CommandPostMember",
    "Criterion",
    "DailyReport",
    "Duty",
    "FloodWatch",
    "Incident",
    "IncidentReport",
    "Level",
    "LevelRecord",
    "Measure",
    "Notice",
    "Obligation",
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

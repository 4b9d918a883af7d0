"""The plan for waterlogging, what is observed, the responses under it, incidents and what is owed."""

from floodresponse.models.drills import DrillReading, StormReplay
from floodresponse.models.incidents import Incident, IncidentReport
from floodresponse.models.networks import NetworkAccount
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
from floodresponse.models.rainorders import RainAction, RainOrder
from floodresponse.models.recommendations import Recommendation
from floodresponse.models.responses import LevelRecord, Response
from floodresponse.models.warnings import FloodWarning
from floodresponse.models.watch import DailyReport, FloodWatch

__all__ = [
    "CallOut",
    "CapMessage",
    "CommandPostMember",
    "Criterion",
    "DailyReport",
    "DrillReading",
    "Duty",
    "FloodWarning",
    "FloodWatch",
    "Incident",
    "IncidentReport",
    "Level",
    "LevelRecord",
    "Measure",
    "NetworkAccount",
    "Notice",
    "Obligation",
    "Plan",
    "RainAction",
    "RainOrder",
    "Reading",
    "ReadingBatch",
    "ReadingRevision",
    "Recommendation",
    "ReportDeadline",
    "Response",
    "Sign",
    "SignObservation",
    "SirenOrder",
    "SirenRule",
    "SpecialGroup",
    "Station",
    "StormReplay",
    "UnitAction",
]

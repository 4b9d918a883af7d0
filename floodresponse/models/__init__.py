"""The plan for waterlogging, what is observed, the responses under it, incidents and what is owed."""

from floodresponse.models.aftermath import AfterActionReport, AftermathEntry, ReportSection
from floodresponse.models.drills import DrillReading, StormReplay
from floodresponse.models.incidents import Incident, IncidentReport, MediaPosition, PassingUp
from floodresponse.models.networks import NetworkAccount
from floodresponse.models.obligations import Acknowledgement, CallOut, Obligation
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
from floodresponse.models.plancorrections import PlanCorrection
from floodresponse.models.preparation import Drill, PlanConfirmation, ReportingUnit
from floodresponse.models.rainorders import RainAction, RainOrder
from floodresponse.models.recommendations import Recommendation
from floodresponse.models.resources import (
    Expert,
    Household,
    HouseholdMove,
    KeyPlace,
    RescueTeam,
    Shelter,
)
from floodresponse.models.responses import KeptLevel, LevelRecord, Response
from floodresponse.models.rosters import DutyShift, DutySwap
from floodresponse.models.supplies import Supply, SupplyMinimum, SupplyMove
from floodresponse.models.warnings import FloodWarning
from floodresponse.models.watch import DailyReport, FloodWatch

__all__ = [
    "Acknowledgement",
    "AfterActionReport",
    "AftermathEntry",
    "CallOut",
    "CapMessage",
    "CommandPostMember",
    "Criterion",
    "DailyReport",
    "Drill",
    "DrillReading",
    "Duty",
    "DutyShift",
    "DutySwap",
    "Expert",
    "FloodWarning",
    "FloodWatch",
    "Household",
    "HouseholdMove",
    "Incident",
    "IncidentReport",
    "KeptLevel",
    "KeyPlace",
    "Level",
    "LevelRecord",
    "Measure",
    "MediaPosition",
    "NetworkAccount",
    "Notice",
    "Obligation",
    "PassingUp",
    "Plan",
    "PlanConfirmation",
    "PlanCorrection",
    "RainAction",
    "RainOrder",
    "Reading",
    "ReadingBatch",
    "ReadingRevision",
    "Recommendation",
    "ReportDeadline",
    "ReportSection",
    "ReportingUnit",
    "RescueTeam",
    "Response",
    "Shelter",
    "Sign",
    "SignObservation",
    "SirenOrder",
    "SirenRule",
    "SpecialGroup",
    "Station",
    "StormReplay",
    "Supply",
    "SupplyMinimum",
    "SupplyMove",
    "UnitAction",
]

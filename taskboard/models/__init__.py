"""Task lists, tasks, the work on them, and ledgers."""

from taskboard.models.bulletins import Bulletin, BulletinTask
from taskboard.models.calendarkeys import CalendarKey
from taskboard.models.comments import Comment
from taskboard.models.extensions import Extension
from taskboard.models.ledgers import Ledger, LedgerColumn
from taskboard.models.links import RecordLink
from taskboard.models.lists import ReportingRule, TaskList
from taskboard.models.obligations import PeriodicReport, ReportObligation
from taskboard.models.past import PastDue, PastDuty
from taskboard.models.reports import ProgressReport, ReportedQuantity
from taskboard.models.signatures import Signature
from taskboard.models.snapshots import LightSnapshot
from taskboard.models.stages import ListStage, StageResult
from taskboard.models.supervision import (
    Finding,
    FindingEvent,
    Inspection,
    InspectionEvent,
    InspectionMember,
    Listing,
    ListingEvent,
    LookBack,
)
from taskboard.models.tasks import Milestone, Task, TaskDepartment, TaskTarget
from taskboard.models.transitions import TaskTransition
from taskboard.models.urgings import Urging
from taskboard.models.weights import AssessmentWeight
from taskboard.models.workdays import CalendarDay, CalendarYear

__all__ = [
    "AssessmentWeight",
    "Bulletin",
    "BulletinTask",
    "CalendarDay",
    "CalendarKey",
    "CalendarYear",
    "Comment",
    "Extension",
    "Finding",
    "FindingEvent",
    "Inspection",
    "InspectionEvent",
    "InspectionMember",
    "Ledger",
    "LedgerColumn",
    "LightSnapshot",
    "ListStage",
    "Listing",
    "ListingEvent",
    "LookBack",
    "Milestone",
    "PastDue",
    "PastDuty",
    "PeriodicReport",
    "ProgressReport",
    "RecordLink",
    "ReportObligation",
    "ReportedQuantity",
    "ReportingRule",
    "Signature",
    "StageResult",
    "Task",
    "TaskDepartment",
    "TaskList",
    "TaskTarget",
    "TaskTransition",
    "Urging",
]

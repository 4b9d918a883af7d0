"""What supervisors do after and beside the work on tasks."""

from taskboard.models.supervision.findings import Finding, FindingEvent
from taskboard.models.supervision.inspections import Inspection, InspectionEvent, InspectionMember
from taskboard.models.supervision.listings import Listing, ListingEvent
from taskboard.models.supervision.lookbacks import LookBack

__all__ = [
    "Finding",
    "FindingEvent",
    "Inspection",
    "InspectionEvent",
    "InspectionMember",
    "Listing",
    "ListingEvent",
    "LookBack",
]

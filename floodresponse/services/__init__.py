"""Writes of the flood command post."""

from floodresponse.services.content import (
    CriterionContent,
    DeadlineContent,
    DutyContent,
    GroupContent,
    MeasureContent,
    PlanContent,
    SeatContent,
    SignContent,
    SirenContent,
)
from floodresponse.services.plans import create_plan, fill_in_texts

__all__ = [
    "CriterionContent",
    "DeadlineContent",
    "DutyContent",
    "GroupContent",
    "MeasureContent",
    "PlanContent",
    "SeatContent",
    "SignContent",
    "SirenContent",
    "create_plan",
    "fill_in_texts",
]

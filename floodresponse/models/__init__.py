"""The plan for waterlogging and the responses declared under it."""

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
    "CommandPostMember",
    "Criterion",
    "Duty",
    "Level",
    "LevelRecord",
    "Measure",
    "Plan",
    "ReportDeadline",
    "Response",
    "Sign",
    "SirenRule",
    "SpecialGroup",
]

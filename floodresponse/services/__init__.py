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
from floodresponse.services.deciding import (
    Decision,
    adjust_response,
    declare_response,
    terminate_response,
)
from floodresponse.services.keeping import Keeping, keep_level
from floodresponse.services.orders import acknowledge_action, confirm_sounding, finish_action
from floodresponse.services.plancorrections import (
    confirm_plan_texts,
    propose_plan_texts,
    void_plan_texts,
)
from floodresponse.services.plans import create_plan, fill_in_texts, put_plan_in_force
from floodresponse.services.readings import Intake, record_readings
from floodresponse.services.stations import StationContent, confirm_sign, end_sign, register_station

__all__ = [
    "CriterionContent",
    "DeadlineContent",
    "Decision",
    "DutyContent",
    "GroupContent",
    "Intake",
    "Keeping",
    "MeasureContent",
    "PlanContent",
    "SeatContent",
    "SignContent",
    "SirenContent",
    "StationContent",
    "acknowledge_action",
    "adjust_response",
    "confirm_plan_texts",
    "confirm_sign",
    "confirm_sounding",
    "create_plan",
    "declare_response",
    "end_sign",
    "fill_in_texts",
    "finish_action",
    "keep_level",
    "propose_plan_texts",
    "put_plan_in_force",
    "record_readings",
    "register_station",
    "terminate_response",
    "void_plan_texts",
]

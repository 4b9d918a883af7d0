"""Writes of task lists, tasks and ledgers."""

from taskboard.acting import require_decider, require_mover
from taskboard.services.comments import add_comment
from taskboard.services.content import (
    ColumnContent,
    DepartmentDuty,
    LedgerContent,
    MilestoneContent,
    ReportingRuleContent,
    TargetContent,
    TaskContent,
    TaskListContent,
)
from taskboard.services.extensions import ask_extension, decide_extension
from taskboard.services.issuing import Issued, issue_list
from taskboard.services.ledgers import create_ledger
from taskboard.services.lists import add_reporting_rule, add_task, create_task_list, place_tasks, update_task
from taskboard.services.progress import add_evidence, hand_in, report_progress, submit_task
from taskboard.services.reviewing import close_task, reopen_task, resume_task, return_task, suspend_task
from taskboard.services.signing import sign_list, sign_task
from taskboard.services.urging import urge

__all__ = [
    "ColumnContent",
    "DepartmentDuty",
    "Issued",
    "LedgerContent",
    "MilestoneContent",
    "ReportingRuleContent",
    "TargetContent",
    "TaskContent",
    "TaskListContent",
    "add_comment",
    "add_evidence",
    "add_reporting_rule",
    "add_task",
    "ask_extension",
    "close_task",
    "create_ledger",
    "create_task_list",
    "decide_extension",
    "hand_in",
    "issue_list",
    "place_tasks",
    "reopen_task",
    "report_progress",
    "require_decider",
    "require_mover",
    "resume_task",
    "return_task",
    "sign_list",
    "sign_task",
    "submit_task",
    "suspend_task",
    "update_task",
    "urge",
]

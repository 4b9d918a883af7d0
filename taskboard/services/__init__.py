"""Writes of task lists, tasks and ledgers."""

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
from taskboard.services.ledgers import create_ledger
from taskboard.services.lists import add_reporting_rule, add_task, create_task_list, place_tasks, update_task

__all__ = [
    "ColumnContent",
    "DepartmentDuty",
    "LedgerContent",
    "MilestoneContent",
    "ReportingRuleContent",
    "TargetContent",
    "TaskContent",
    "TaskListContent",
    "add_reporting_rule",
    "add_task",
    "create_ledger",
    "create_task_list",
    "place_tasks",
    "update_task",
]

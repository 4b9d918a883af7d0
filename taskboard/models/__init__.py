"""Task lists, tasks and ledgers."""

from taskboard.models.ledgers import Ledger, LedgerColumn
from taskboard.models.lists import ReportingRule, TaskList
from taskboard.models.tasks import Milestone, Task, TaskDepartment, TaskTarget

__all__ = [
    "Ledger",
    "LedgerColumn",
    "Milestone",
    "ReportingRule",
    "Task",
    "TaskDepartment",
    "TaskList",
    "TaskTarget",
]

"""Lists, tasks and ledgers as given to the services, before they are rows."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from taskboard.models import Ledger, LedgerColumn, Milestone, ReportingRule


@dataclass(frozen=True, slots=True)
class DepartmentDuty:
    """A department's canonical name and how it was printed."""

    name: str
    printed_name: str = ""


@dataclass(frozen=True, slots=True)
class MilestoneContent:
    """A date that is not the due date."""

    on: date
    kind: str = Milestone.Kind.MILESTONE
    printed: str = ""


@dataclass(frozen=True, slots=True)
class TargetContent:
    """A quantity to reach."""

    name: str
    value: Decimal
    unit: str
    at_least: bool = True


@dataclass(frozen=True, slots=True)
class TaskContent:
    """All of a task."""

    part: str = ""
    subsection: str = ""
    number: str = ""
    title: str = ""
    text: str = ""
    lead: tuple[DepartmentDuty, ...] = ()
    support: tuple[DepartmentDuty, ...] = ()
    due_on: date | None = None
    due_text: str = ""
    milestones: tuple[MilestoneContent, ...] = ()
    targets: tuple[TargetContent, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportingRuleContent:
    """How often progress is reported."""

    rhythm: str = ReportingRule.Rhythm.MONTHLY
    starts_on: date | None = None
    ends_on: date | None = None
    content: str = ""
    days_provisional: bool = True


@dataclass(frozen=True, slots=True)
class TaskListContent:
    """All of a list."""

    title: str
    ends_on: date | None = None
    ends_on_note: str = ""
    ends_on_provisional: bool = False
    note: str = ""
    tasks: tuple[TaskContent, ...] = ()
    reporting_rules: tuple[ReportingRuleContent, ...] = ()


@dataclass(frozen=True, slots=True)
class ColumnContent:
    """A column of a ledger."""

    name: str
    type: str = LedgerColumn.Type.TEXT
    unit: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LedgerContent:
    """All of a ledger."""

    title: str
    kind: str = Ledger.Kind.HAZARD
    due_on: date | None = None
    responsible: str = ""
    responsible_leader: str = ""
    rules: str = ""
    columns: tuple[ColumnContent, ...] = ()

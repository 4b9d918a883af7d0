"""A list before it is stored: rows that people look at and change. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

from foundation.wording import first_clause
from taskboard.models import Task
from taskboard.tasksheets.columns import FIELDS, values_of
from taskboard.tasksheets.reading import Names, check_values

MOST_TASKS = 500
LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class PlannedDate:
    """A milestone or start, its day in ISO form."""

    kind: str
    on: str
    printed: str = ""


@dataclass(frozen=True, slots=True)
class PlannedTarget:
    """A quantity to reach, its value as text."""

    name: str
    value: str
    unit: str
    at_least: bool = True


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """A task that may come into the list; ``values`` has the columns of a sheet."""

    values: dict[str, str]
    keep: bool = True
    milestones: tuple[PlannedDate, ...] = ()
    targets: tuple[PlannedTarget, ...] = ()
    errors: tuple[str, ...] = ()

    @property
    def blank(self) -> bool:
        """Whether nothing was typed."""
        return not (self.values["title"].strip() or self.values["text"].strip())


@dataclass(frozen=True, slots=True)
class Plan:
    """What the list is made from, and its tasks."""

    origin: str
    title: str = ""
    ends_on: date | None = None
    directive: int | None = None
    rows: list[PlannedTask] = field(default_factory=list)


def blank_task() -> PlannedTask:
    """A row to be filled in."""
    return PlannedTask(dict.fromkeys(FIELDS, ""))


def hidden_part(row: PlannedTask) -> dict[str, Any]:
    """What of a row is not typed over on the page, as JSON holds it."""
    kept = ("subsection", "number", "due_text")
    return {
        "values": {key: row.values[key] for key in kept},
        "milestones": [asdict(m) for m in row.milestones],
        "targets": [asdict(t) for t in row.targets],
        "due_on": row.values["due_on"],
    }


def restored(hidden: Mapping[str, Any], typed: Mapping[str, str], *, keep: bool) -> PlannedTask:
    """The row as it comes back from the page; another date does not keep the printed words of the old one."""
    values = {**dict.fromkeys(FIELDS, ""), **hidden["values"], **typed}
    if typed["due_on"] != hidden["due_on"]:
        values["due_text"] = ""
    return PlannedTask(
        values,
        keep,
        tuple(PlannedDate(**m) for m in hidden["milestones"]),
        tuple(PlannedTarget(**t) for t in hidden["targets"]),
    )


def checked(row: PlannedTask, names: Names) -> PlannedTask:
    """The row with departments by their own names, and with what is wrong; a left-out row is not asked."""
    if not row.keep or row.blank:
        return PlannedTask(row.values, keep=False, milestones=row.milestones, targets=row.targets)
    values = {key: text.strip() for key, text in row.values.items()}
    values["title"] = values["title"] or first_clause(values["text"])[:LONGEST_TITLE]
    fitting, errors = check_values(values, names)
    return PlannedTask(fitting, True, row.milestones, row.targets, tuple(errors))


def copied(task: Task, shift: timedelta) -> PlannedTask:
    """An old task for a new list, its own dates shifted; what its due date was printed as no longer holds."""
    values = values_of(task)
    if task.due_on is not None:
        values["due_on"] = (task.due_on + shift).isoformat()
    if shift:
        values["due_text"] = ""
    milestones = [PlannedDate(m.kind, (m.on + shift).isoformat()) for m in task.milestones.all()]
    targets = [PlannedTarget(t.name, f"{t.value}", t.unit, t.at_least) for t in task.targets.all()]
    return PlannedTask(values, milestones=tuple(milestones), targets=tuple(targets))

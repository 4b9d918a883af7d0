"""What the notice on the heating season demands, from ``fixtures/heating.json``: facts in short wording."""

import json
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from django.conf import settings

from taskboard.services.content import DepartmentDuty, TargetContent, TaskContent, TaskListContent


@dataclass(frozen=True, slots=True)
class Duty:
    """A task of a duty group; ``provisional`` where the lead is our reading."""

    content: TaskContent
    provisional: bool


@dataclass(frozen=True, slots=True)
class Group:
    """One of the four duty groups (四方责任)."""

    name: str
    duty: str
    clause: str
    duties: tuple[Duty, ...]


@dataclass(frozen=True, slots=True)
class Season:
    """The season with its groups; ``directive`` is how the title of the notice ends."""

    name: str
    directive: str
    title: str
    note: str
    ends_on_note: str
    groups: tuple[Group, ...]

    @property
    def targets(self) -> list[TargetContent]:
        """All quantities that are demanded."""
        return [target for group in self.groups for duty in group.duties for target in duty.content.targets]

    def as_list(self) -> TaskListContent:
        """The groups as a list of tasks, in printed order."""
        tasks = tuple(duty.content for group in self.groups for duty in group.duties)
        return TaskListContent(title=self.title, note=self.note, ends_on_note=self.ends_on_note, tasks=tasks)


@cache
def current_season() -> Season:
    """The season of the gazette; the file changes only with the program."""
    path = settings.BASE_DIR / "fixtures" / "heating.json"
    row = json.loads(path.read_text(encoding="utf-8"))
    return Season(
        name=row["season"],
        directive=row["directive"],
        title=row["title"],
        note=row["note"],
        ends_on_note=row["ends_on_note"],
        groups=tuple(_group(group) for group in row["groups"]),
    )


def _group(row: dict[str, Any]) -> Group:
    part = f"{row['name']}：{row['duty']}"
    duties = tuple(
        _duty(task, part, row["clause"], str(place)) for place, task in enumerate(row["tasks"], start=1)
    )
    return Group(row["name"], row["duty"], row["clause"], duties)


def _duty(row: dict[str, Any], part: str, clause: str, number: str) -> Duty:
    targets = tuple(
        TargetContent(target["name"], Decimal(target["value"]), target["unit"])
        for target in row.get("targets", ())
    )
    content = TaskContent(
        part=part,
        subsection=clause,
        number=number,
        title=row["title"],
        lead=tuple(DepartmentDuty(name) for name in row["lead"]),
        support=tuple(DepartmentDuty(name) for name in row.get("support", ())),
        targets=targets,
    )
    return Duty(content, row.get("provisional", False))

"""Making a list in the portal: by hand, from a sheet, from an old list, from a document."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from directives.models import Directive
from foundation.errors import InvalidInput
from organizations.models import User
from organizations.permissions import require
from organizations.services import NameDirectory
from taskboard.listmaking.plan import MOST_TASKS, PlannedTask, checked
from taskboard.models import TaskList
from taskboard.plausible import check_day
from taskboard.services.content import MilestoneContent, TargetContent, TaskContent, TaskListContent
from taskboard.services.lists import create_task_list
from taskboard.services.tasksheets import content_of


@transaction.atomic
def make_list(
    *,
    actor: User | None,
    at: datetime,
    origin: TaskList.Origin,
    title: str,
    ends_on: date | None = None,
    note: str = "",
    directive: Directive | None = None,
    rows: Sequence[PlannedTask],
) -> TaskList:
    """Store the kept rows as a draft list that starts no clock; a row that is wrong refuses all."""
    require(actor, "taskboard.change_list", "建立任务清单")
    check_day(ends_on, "ends_on", "清单期限")
    if actor is not None:
        # A button pressed twice waits here and then finds the title taken.
        User.objects.select_for_update().get(pk=actor.pk)
    title = title.strip()
    if not title or len(title) > 200:
        raise InvalidInput(
            "请写明清单标题，最多 200 字。", fields={"title": ["请写明清单标题，最多 200 字。"]}
        )
    if TaskList.objects.filter(title=title).exclude(state=TaskList.State.ARCHIVED).exists():
        sentence = f"已有一份“{title}”，请换一个标题，或打开原来的清单。"
        raise InvalidInput(sentence, fields={"title": [sentence]})
    directory = NameDirectory(actor=actor, at=at)
    tasks = _contents(rows, directory)
    content = TaskListContent(title=title, ends_on=ends_on, note=note, tasks=tasks)
    return create_task_list(
        actor=actor, at=at, content=content, directive=directive, directory=directory, origin=origin
    )


def _contents(rows: Sequence[PlannedTask], directory: NameDirectory) -> tuple[TaskContent, ...]:
    def own(name: str) -> str | None:
        found = directory.find_department(name)
        return found.name if found else None

    kept = [row for row in (checked(row, own) for row in rows) if row.keep]
    if len(kept) > MOST_TASKS:
        raise InvalidInput(f"一次最多建立 {MOST_TASKS} 项任务，现在是 {len(kept)} 项，请分成几份清单。")
    for place, row in enumerate(kept, start=1):
        if row.errors:
            raise InvalidInput(f"第 {place} 项任务：{row.errors[0]}没有建立清单。")
    return tuple(_content(row) for row in kept)


def _content(row: PlannedTask) -> TaskContent:
    plain = content_of(row.values)
    more: Mapping[str, Any] = {
        "milestones": tuple(
            MilestoneContent(date.fromisoformat(m.on), m.kind, m.printed) for m in row.milestones
        ),
        "targets": tuple(TargetContent(t.name, Decimal(t.value), t.unit, t.at_least) for t in row.targets),
    }
    fields = ("part", "subsection", "number", "title", "text", "lead", "support", "due_on", "due_text")
    return TaskContent(**{name: getattr(plain, name) for name in fields}, **more)

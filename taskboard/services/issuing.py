"""Issuing a list, whole or in part: from here on its tasks have a clock."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from foundation.errors import InvalidInput, StateConflict
from foundation.services.audit import record_change
from organizations.models import User
from organizations.permissions import require
from taskboard.models import Task, TaskDepartment, TaskList, TaskTransition
from taskboard.plausible import check_day
from taskboard.services.moving import moment, who
from taskboard.services.past import keep_inherited_dues
from taskboard.services.telling import about_signing, tell_departments

State = Task.State


@dataclass(frozen=True, slots=True)
class Issued:
    """How many tasks were issued, and to how many departments."""

    tasks: int
    departments: int


@transaction.atomic
def issue_list(
    *,
    actor: User | None,
    at: datetime,
    task_list: TaskList,
    tasks: Collection[int] | None = None,
    ends_on: date | None = None,
) -> Issued:
    """Issue draft tasks of a list, all or those named by key.

    ``ends_on`` becomes the list's end, which tasks without a date of their own
    inherit; without it the list keeps the end that it has.
    """
    require(actor, "taskboard.issue_list", "下发任务清单")
    check_day(ends_on, "ends_on", "清单期限")
    locked = TaskList.objects.select_for_update().get(pk=task_list.pk)
    wanted = _drafts(locked, tasks)
    _check(locked, wanted)
    before = {"state": locked.state, "ends_on": locked.ends_on}
    values: dict[str, Any] = {"state": TaskList.State.ISSUED, "ends_on": ends_on or locked.ends_on}
    if ends_on is not None:
        values["ends_on_provisional"] = False
    if values["ends_on"] != locked.ends_on:
        keep_inherited_dues(task_list=locked, at=at)
    TaskList.objects.filter(pk=locked.pk).update(**values)
    Task.objects.filter(pk__in=wanted, state=State.DRAFT).update(state=State.ISSUED, updated_at=at)
    TaskTransition.objects.bulk_create(
        TaskTransition(
            task_id=pk,
            at=at,
            actor=actor,
            action=TaskTransition.Action.ISSUE,
            from_state=State.DRAFT,
            to_state=State.ISSUED,
        )
        for pk in wanted
    )
    after = {"state": TaskList.State.ISSUED.value, "ends_on": values["ends_on"], "tasks": list(wanted)}
    record_change(actor=actor, action="task_list.issue", target=locked, at=at, before=before, after=after)
    task_list.refresh_from_db()
    return Issued(len(wanted), _tell(task_list, wanted, at))


def _drafts(task_list: TaskList, chosen: Collection[int] | None) -> Sequence[int]:
    drafts = task_list.tasks.filter(state=State.DRAFT).order_by("order")
    if chosen is not None:
        if not chosen:
            raise InvalidInput("请至少选择一项任务。", fields={"tasks": ["请至少选择一项任务。"]})
        if task_list.tasks.filter(pk__in=chosen).count() != len(set(chosen)):
            sentence = "选中的任务有的不在这份清单里，请刷新页面重新选择。"
            raise InvalidInput(sentence, fields={"tasks": [sentence]})
        drafts = drafts.filter(pk__in=chosen)
    return list(drafts.values_list("pk", flat=True))


def _check(task_list: TaskList, wanted: Sequence[int]) -> None:
    """A list that is archived or has nothing left to issue is told so."""
    if task_list.state == TaskList.State.ARCHIVED:
        raise StateConflict("这份清单已归档，不能下发。")
    if wanted:
        return
    issued = TaskTransition.objects.filter(task__task_list=task_list, action=TaskTransition.Action.ISSUE)
    last = issued.select_related("actor").order_by("-at", "-pk").first()
    if last is None:
        raise StateConflict("清单里没有未下发的任务。")
    raise StateConflict(f"{who(last.actor)}已于{moment(last.at)}下发，没有还未下发的任务。请刷新页面查看。")


def _tell(task_list: TaskList, tasks: Sequence[int], at: datetime) -> int:
    """One message a person: what the department leads and supports in the list."""
    numbers: Mapping[int, dict[str, int]] = defaultdict(lambda: {"lead": 0, "support": 0})
    for duty in TaskDepartment.objects.filter(task__in=tasks):
        numbers[duty.department_id][duty.role] += 1
    for department, count in numbers.items():
        said = f"牵头 {count['lead']} 项，配合 {count['support']} 项"
        tell_departments(
            departments=[department],
            about=about_signing(task_list, department),
            tier=f"issued-{at:%Y%m%d%H%M%S}",
            subject=f"请签收：{task_list.title}",
            body=f"本单位{said}。可以一次签收整份清单。",
            url=task_list.get_absolute_url(),
            at=at,
        )
    return len(numbers)

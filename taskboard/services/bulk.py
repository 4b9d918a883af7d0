"""The same step on several tasks: each is a unit of its own, and each says what became of it."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from foundation.errors import DomainError, InvalidInput
from organizations.models import User
from organizations.permissions import require
from taskboard.acting import WORK
from taskboard.models import Task
from taskboard.services.issuing import issue_list
from taskboard.services.progress import report_progress
from taskboard.services.signing import sign_task

MOST = 200
State = Task.State


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one task."""

    task: Task
    done: bool
    said: str


@dataclass(frozen=True, slots=True)
class Progress:
    """What is reported of one task."""

    task: Task
    percent: int
    text: str


def sign_tasks(*, actor: User, at: datetime, tasks: Sequence[Task]) -> list[Outcome]:
    """Sign for each of the tasks."""
    require(actor, WORK, "签收任务")
    _check_number(tasks)

    def sign(task: Task) -> str:
        signature = sign_task(actor=actor, at=at, task=task)
        return f"{signature.department.name}已签收。"

    return [_tried(task, sign) for task in tasks]


def report_tasks(*, actor: User, at: datetime, reports: Sequence[Progress]) -> list[Outcome]:
    """Report the progress of each of the tasks."""
    require(actor, WORK, "报进展")
    _check_number(reports)
    said = {report.task.pk: report for report in reports}

    def report(task: Task) -> str:
        given = said[task.pk]
        report_progress(actor=actor, at=at, task=task, percent=given.percent, text=given.text)
        return f"已报进展 {given.percent}%。"

    return [_tried(row.task, report) for row in reports]


def issue_tasks(
    *, actor: User | None, at: datetime, tasks: Sequence[Task], ends_on: date | None = None
) -> list[Outcome]:
    """Issue draft tasks, list by list, so that each department gets one message a list.

    ``ends_on`` becomes the end of those lists that have none and hold a task without a day of its own.
    """
    require(actor, "taskboard.issue_list", "下发任务")
    _check_number(tasks)
    by_list: dict[int, list[Task]] = defaultdict(list)
    outcomes: dict[int, Outcome] = {}
    for task in tasks:
        if task.state == State.DRAFT:
            by_list[task.task_list_id].append(task)
        else:
            said = f"现在是“{task.get_state_display()}”，不能下发。"
            outcomes[task.pk] = Outcome(task, False, said)
    for drafts in by_list.values():
        outcomes |= {row.task.pk: row for row in _issue(actor, at, drafts, ends_on)}
    return [outcomes[task.pk] for task in tasks]


def _issue(actor: User | None, at: datetime, drafts: Sequence[Task], ends_on: date | None) -> list[Outcome]:
    found = drafts[0].task_list
    endless = found.ends_on is None and any(task.due_on is None for task in drafts)
    if endless and ends_on is None:
        said = "清单没有期限，有任务也没有自己的时限，没有下发。请选择清单期限。"
        return [Outcome(task, False, said) for task in drafts]
    keys = [task.pk for task in drafts]
    try:
        issue_list(actor=actor, at=at, task_list=found, tasks=keys, ends_on=ends_on if endless else None)
    except DomainError as refusal:
        return [Outcome(task, False, refusal.message) for task in drafts]
    issued = set(Task.objects.filter(pk__in=keys).exclude(state=State.DRAFT).values_list("pk", flat=True))
    return [Outcome(task, task.pk in issued, "已下发，开始计时。") for task in drafts]


def _tried(task: Task, step: Callable[[Task], str]) -> Outcome:
    try:
        return Outcome(task, True, step(task))
    except DomainError as refusal:
        return Outcome(task, False, refusal.message)


def _check_number(rows: Sequence[object]) -> None:
    if not rows:
        raise InvalidInput("请至少选择一项任务。")
    if len(rows) > MOST:
        raise InvalidInput(f"一次最多办理 {MOST} 项，现在是 {len(rows)} 项，请分几次。")

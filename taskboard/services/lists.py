"""Creating lists and tasks, and correcting what a task says."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from directives.models import Directive
from foundation.errors import InvalidInput
from foundation.services.audit import record_change
from foundation.wording import first_clause
from organizations.models import User
from organizations.permissions import require
from organizations.services import NameDirectory
from taskboard.models import Milestone, ReportingRule, Task, TaskDepartment, TaskList, TaskTarget
from taskboard.services.content import DepartmentDuty, ReportingRuleContent, TaskContent, TaskListContent
from taskboard.services.past import keep_due, keep_duties

PLAIN_FIELDS = ("part", "subsection", "number", "title", "text", "due_on", "due_text", "order")
# From what the due date was reckoned; another due date does not keep it.
TRIGGER_FIELDS = ("trigger_on", "trigger_days", "trigger_clause")
NO_TRIGGER = {"trigger_on": None, "trigger_days": None, "trigger_clause": ""}


@transaction.atomic
def create_task_list(
    *,
    actor: User | None,
    at: datetime,
    content: TaskListContent,
    directive: Directive | None,
    directory: NameDirectory,
    origin: TaskList.Origin = TaskList.Origin.GAZETTE,
) -> TaskList:
    """Create a list as a draft, with its tasks; no clock starts."""
    require(actor, "taskboard.change_list", "建立任务清单")
    task_list = TaskList.objects.create(
        title=content.title,
        directive=directive,
        ends_on=content.ends_on,
        ends_on_note=content.ends_on_note,
        ends_on_provisional=content.ends_on_provisional,
        note=content.note,
        origin=origin,
        made_by=actor,
    )
    after = {"title": task_list.title, "origin": origin.value}
    record_change(actor=actor, action="task_list.create", target=task_list, at=at, after=after)
    for order, task in enumerate(content.tasks, start=1):
        add_task(actor=actor, at=at, task_list=task_list, order=order, content=task, directory=directory)
    for rule in content.reporting_rules:
        add_reporting_rule(actor=actor, at=at, directive=directive, task_list=task_list, content=rule)
    return task_list


@transaction.atomic
def add_reporting_rule(
    *,
    actor: User | None,
    at: datetime,
    directive: Directive | None,
    content: ReportingRuleContent,
    task_list: TaskList | None = None,
) -> ReportingRule:
    """How often reports are wanted: by a document of one list or of all it asks for, or of a list alone."""
    require(actor, "taskboard.change_list", "登记报送频次")
    if directive is None and task_list is None:
        raise InvalidInput("请选择报送频次所属的文件或清单。")
    rule = ReportingRule.objects.create(
        directive=directive,
        task_list=task_list,
        rhythm=content.rhythm,
        starts_on=content.starts_on,
        ends_on=content.ends_on,
        content=content.content,
        days_provisional=content.days_provisional,
    )
    after = {"rhythm": rule.rhythm, "content": rule.content}
    record_change(actor=actor, action="reporting_rule.create", target=rule, at=at, after=after)
    return rule


@transaction.atomic
def add_task(
    *,
    actor: User | None,
    at: datetime,
    task_list: TaskList,
    order: int,
    content: TaskContent,
    directory: NameDirectory,
) -> Task:
    """Add a draft task with departments, milestones and targets."""
    require(actor, "taskboard.change_list", "增加任务")
    task = Task(
        task_list=task_list,
        order=order,
        part=content.part,
        subsection=content.subsection,
        number=content.number,
        title=content.title or first_clause(content.text),
        text=content.text,
        due_on=content.due_on,
        due_text=content.due_text,
    )
    task.save()
    _write_departments(task, TaskDepartment.Role.LEAD, content.lead, directory)
    _write_departments(task, TaskDepartment.Role.SUPPORT, content.support, directory)
    _write_milestones(task, content)
    TaskTarget.objects.bulk_create(
        TaskTarget(task=task, name=t.name, value=t.value, unit=t.unit, at_least=t.at_least)
        for t in content.targets
    )
    record_change(actor=actor, action="task.create", target=task, at=at, after={"title": task.title})
    return task


@transaction.atomic
def update_task(
    *,
    actor: User | None,
    at: datetime,
    task: Task,
    changes: Mapping[str, Any],
    directory: NameDirectory,
    reason: str,
) -> Task:
    """Change what a task says; keys are those of ``TaskContent`` and ``order``."""
    require(actor, "taskboard.change_list", "修改任务")
    locked = Task.objects.select_for_update().get(pk=task.pk)
    plain = {name: value for name, value in changes.items() if name in (*PLAIN_FIELDS, *TRIGGER_FIELDS)}
    if "due_on" in plain and locked.trigger_on is not None:
        plain = {**NO_TRIGGER, **plain}
    before = {name: getattr(locked, name) for name in plain}
    due = locked.effective_due_on
    if {"lead", "support"} & set(changes):
        keep_duties(task=locked, at=at)
    for name, value in plain.items():
        setattr(locked, name, value)
    locked._change_reason = reason[:100]  # type: ignore[attr-defined]  # read by django-simple-history
    locked.save()
    if locked.effective_due_on != due:
        keep_due(task=locked, due=due, at=at)
    for role in TaskDepartment.Role:
        if role.value in changes:
            _write_departments(locked, role, changes[role.value], directory)
    if "milestones" in changes:
        _write_milestones(locked, TaskContent(milestones=changes["milestones"]))
    related = sorted({"lead", "support", "milestones"} & set(changes))
    record_change(
        actor=actor,
        action="task.update",
        target=locked,
        at=at,
        before=before,
        after={**plain, "related": related},
        reason=reason,
    )
    return locked


@transaction.atomic
def place_tasks(
    *, actor: User | None, at: datetime, task_list: TaskList, places: Mapping[int, int], reason: str
) -> int:
    """Give tasks, by key, their places in the list; returns how many moved.

    A place that another task of the list holds stays with it: the task that
    wanted it goes to the end.
    """
    require(actor, "taskboard.change_list", "调整任务次序")
    held = dict(task_list.tasks.select_for_update().values_list("pk", "order"))
    taken = {order for pk, order in held.items() if pk not in places}
    end = max((*taken, *places.values()), default=0)
    moved: dict[int, int] = {}
    for pk, place in sorted(places.items(), key=lambda row: row[1]):
        if place in taken:
            end = place = end + 1
        taken.add(place)
        if held[pk] != place:
            moved[pk] = place
    # First aside, then into place: a place is held by one task at any moment.
    for aside, pk in enumerate(moved, start=max((end, *held.values())) + 1):
        Task.objects.filter(pk=pk).update(order=aside)
    for pk, place in moved.items():
        Task.objects.filter(pk=pk).update(order=place)
    if moved:
        before = {str(pk): held[pk] for pk in moved}
        after = {str(pk): place for pk, place in moved.items()}
        record_change(
            actor=actor,
            action="task_list.place",
            target=task_list,
            at=at,
            before=before,
            after=after,
            reason=reason,
        )
    return len(moved)


def _write_departments(
    task: Task, role: TaskDepartment.Role, duties: tuple[DepartmentDuty, ...], directory: NameDirectory
) -> None:
    task.duties.filter(role=role).delete()
    rows: dict[int, TaskDepartment] = {}
    for duty in duties:
        department = directory.department(duty.name)
        if department.pk not in rows:
            rows[department.pk] = TaskDepartment(
                task=task,
                department=department,
                role=role,
                order=len(rows) + 1,
                printed_name=duty.printed_name or duty.name,
            )
    TaskDepartment.objects.bulk_create(rows.values())


def _write_milestones(task: Task, content: TaskContent) -> None:
    task.milestones.all().delete()
    Milestone.objects.bulk_create(
        Milestone(task=task, kind=m.kind, on=m.on, printed=m.printed) for m in content.milestones
    )

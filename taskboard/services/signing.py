"""Departments take tasks on: one by one, or a whole list at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from foundation.errors import PermissionRefused, StateConflict
from foundation.services.audit import record_change
from notifications.services import cancel_messages
from organizations.models import Department, User
from organizations.permissions import require
from taskboard.acting import WORK, holders_of, require_part, units_of
from taskboard.models import Signature, Task, TaskDepartment, TaskList, TaskTransition
from taskboard.moves import MOVES
from taskboard.services.moving import claim, moment, record_move, who
from taskboard.services.telling import about_signing

State, SIGN = Task.State, TaskTransition.Action.SIGN


@transaction.atomic
def sign_task(*, actor: User, at: datetime, task: Task) -> Signature:
    """Sign for a task. The lead's signature moves it on; a supporter's is its own row."""
    part = require_part(actor, task, "sign")
    found = claim(task=task, move="sign", at=at)
    signed = Signature.objects.filter(task=task, department=part.department).select_related("user").first()
    if signed is not None:
        raise StateConflict(f"{who(signed.user, part.department)}已于{moment(signed.at)}签收，不必再签。")
    now = State.SIGNED if part.leads and found == State.ISSUED else found
    Task.objects.filter(pk=task.pk).update(state=now)
    signature = Signature.objects.create(task=task, department=part.department, user=actor, at=at)
    record_move(task=task, action=SIGN, at=at, actor=actor, states=(found, now), department=part.department)
    _settle_reminders(task.task_list, part.department, actor, at)
    return signature


@transaction.atomic
def sign_list(*, actor: User, at: datetime, task_list: TaskList) -> int:
    """Sign for all tasks of a list that the actor's departments lead or support; returns how many."""
    require(actor, WORK, "签收清单")
    units = units_of(actor)
    holders = holders_of(units)
    keys = set().union(*holders.values())
    duties = TaskDepartment.objects.filter(task__task_list=task_list, department__in=keys)
    if not duties.exists():
        raise PermissionRefused("这份清单里没有您所在单位牵头或配合的任务，不能签收。")
    # The rows are taken first: whoever signs one of them at this moment is waited for.
    tasks = Task.objects.select_for_update().filter(pk__in=duties.values("task")).order_by("pk")
    states = {task.pk: task.state for task in tasks if task.state in MOVES["sign"].starts}
    signed = []
    for unit in units:
        own = [duty for duty in duties if duty.department_id in holders[unit.pk]]
        signed.append(_sign_all(actor, at, unit, states, own))
    if not any(signed):
        raise _nothing_to_sign(task_list, units)
    for unit, taken in zip(units, signed, strict=True):
        if taken:
            after = {"department": unit.name, "tasks": taken}
            record_change(actor=actor, action="task_list.sign", target=task_list, at=at, after=after)
            _settle_reminders(task_list, unit, actor, at)
    return sum(len(taken) for taken in signed)


def _sign_all(
    actor: User, at: datetime, unit: Department, states: dict[int, str], duties: Sequence[TaskDepartment]
) -> list[int]:
    """Keys of the tasks that the department signs for; ``states`` are kept up to date."""
    held: Mapping[int, set[str]] = defaultdict(set)
    for duty in duties:
        held[duty.task_id].add(duty.role)
    known = Signature.objects.filter(department=unit, task__in=held).values_list("task_id", flat=True)
    keys = sorted(set(held) & set(states) - set(known))
    moved = [pk for pk in keys if "lead" in held[pk] and states[pk] == State.ISSUED]
    Signature.objects.bulk_create(Signature(task_id=pk, department=unit, user=actor, at=at) for pk in keys)
    TaskTransition.objects.bulk_create(
        TaskTransition(
            task_id=pk,
            at=at,
            actor=actor,
            department=unit,
            action=SIGN,
            from_state=states[pk],
            to_state=State.SIGNED if pk in moved else states[pk],
        )
        for pk in keys
    )
    Task.objects.filter(pk__in=moved, state=State.ISSUED).update(state=State.SIGNED, updated_at=at)
    states.update(dict.fromkeys(moved, State.SIGNED))
    return keys


def _nothing_to_sign(task_list: TaskList, units: Sequence[Department]) -> StateConflict:
    rows = Signature.objects.filter(task__task_list=task_list, department__in=units)
    last = rows.select_related("user", "department").order_by("-at", "-pk").first()
    if last is None:
        return StateConflict("清单还没有下发给您所在的单位，或任务已办结、暂停，现在没有要签收的任务。")
    return StateConflict(f"{who(last.user, last.department)}已于{moment(last.at)}签收，没有还要签收的任务。")


def _settle_reminders(task_list: TaskList, unit: Department, actor: User, at: datetime) -> None:
    """Once nothing of the list waits for the department's signature, it is reminded no more."""
    keys = holders_of([unit])[unit.pk]
    waiting = Task.objects.filter(
        task_list=task_list, state__in=MOVES["sign"].starts, duties__department__in=keys
    )
    if waiting.exclude(signatures__department=unit).exists():
        return
    for key in keys:
        # What went to a collective still waits for its other members.
        person = None if key == unit.pk else actor
        cancel_messages(about=about_signing(task_list, key), at=at, why="本单位已签收", recipient=person)

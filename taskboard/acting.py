"""For which department somebody acts on a task."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from foundation.errors import PermissionRefused
from organizations.models import Department, Role, User
from organizations.permissions import require
from organizations.rules import assignments_of
from taskboard.models import Task, TaskDepartment
from taskboard.moves import LEAD, MOVES, SUPERVISOR

WORK, SUPERVISE = "taskboard.work_on_task", "taskboard.supervise_task"
OFFICERS = frozenset({Role.DEPARTMENT_OFFICER, Role.DEPARTMENT_HEAD})


@dataclass(frozen=True, slots=True)
class Part:
    """A department and what it is to a task."""

    department: Department
    leads: bool


def units_of(user: User) -> list[Department]:
    """The departments whose tasks a person does, without repetition."""
    held = (a.department for a in assignments_of(user) if a.role in OFFICERS and a.department)
    return list({unit.pk: unit for unit in held}.values())


def holders_of(units: Iterable[Department]) -> dict[int, set[int]]:
    """By department the keys whose duties fall on it: its own, and that of the collective that means it.

    街道办事处 as a supporter means each of the streets below it.
    """
    units = list(units)
    parents = Department.objects.filter(
        pk__in=[unit.parent_id for unit in units if unit.parent_id], kind=Department.Kind.COLLECTIVE
    )
    collectives = set(parents.values_list("pk", flat=True))
    return {unit.pk: {unit.pk} | {pk for pk in collectives if pk == unit.parent_id} for unit in units}


def parts_in(task: Task, units: Sequence[Department]) -> list[Part]:
    """What each of the departments is to the task, those that lead first."""
    holders = holders_of(units)
    duties = TaskDepartment.objects.filter(task=task, department__in=set().union(*holders.values()))
    roles = list(duties.values_list("department_id", "role"))
    parts = []
    for unit in units:
        held = {role for pk, role in roles if pk in holders[unit.pk]}
        if held:
            parts.append(Part(unit, TaskDepartment.Role.LEAD in held))
    return sorted(parts, key=lambda part: not part.leads)


def require_part(actor: User, task: Task, move: str) -> Part:
    """The part of the task that the actor does; refused without one."""
    what = MOVES[move].what
    require(actor, WORK, what)
    parts = parts_in(task, units_of(actor))
    if not parts:
        raise PermissionRefused(f"这项任务不由您所在的单位办理，不能{what}。")
    if MOVES[move].by == LEAD and not parts[0].leads:
        raise PermissionRefused(f"只有牵头部门可以{what}，{parts[0].department.name}是配合部门。")
    return parts[0]


def require_supervisor(actor: User | None, what: str) -> None:
    """Refused to everybody but supervisors."""
    require(actor, SUPERVISE, f"{what}任务")


def require_decider(actor: User | None) -> None:
    """Who decides on extensions."""
    require(actor, SUPERVISE, "批复延期")


def require_mover(actor: User, task: Task, move: str) -> None:
    """Refused unless the move is the actor's to make, whatever the state of the task."""
    if MOVES[move].by == SUPERVISOR:
        require_supervisor(actor, MOVES[move].what)
    else:
        require_part(actor, task, move)

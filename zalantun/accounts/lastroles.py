"""Roles that nobody else holds: without a successor the work behind them would stand still."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from floodresponse.models import Obligation, Response
from floodresponse.standing import OFFICE
from floodresponse.standing import UNIT_ROLES as REPORTERS
from gazette.desk.queues import QUEUES, Asked, rows_of
from organizations.models import Department, Role, RoleAssignment, User
from taskboard.models import Extension, Listing, LookBack, Task

UNIT_ROLES = (Role.DEPARTMENT_OFFICER, Role.DEPARTMENT_HEAD)
PORTAL_ROLES = (Role.EDITOR, Role.PUBLISHER, Role.SUPERVISOR, Role.COMMANDER)


@dataclass(frozen=True, slots=True)
class LastOf:
    """A role that nobody else holds, and in words what waits for whoever holds it."""

    assignment: RoleAssignment
    waits: Sequence[tuple[str, int]]

    @property
    def count(self) -> int:
        """How much waits."""
        return sum(number for _, number in self.waits)


def last_roles(user: User) -> list[LastOf]:
    """The roles of the person that leave with the person.

    A unit's officer and head stand for each other and count where the unit owes anything, as does who
    reports for it. Roles of the whole portal always count.
    """
    held = user.assignments.select_related("department").order_by("pk")
    rows = [*_of_units(held), *_of_watch(held), *_of_portal(held)]
    return sorted(rows, key=lambda last: last.assignment.pk)


def _others(roles: Sequence[Role]) -> QuerySet[RoleAssignment]:
    same = RoleAssignment.objects.filter(role__in=roles, user__is_active=True)
    return same.exclude(user=OuterRef("user"))


def _of_units(held: QuerySet[RoleAssignment]) -> list[LastOf]:
    others = _others(UNIT_ROLES).filter(department=OuterRef("department"))
    alone = list(held.filter(role__in=UNIT_ROLES, department__isnull=False).exclude(Exists(others)))
    units = {one.department_id for one in alone if one.department_id is not None}
    over = Q(task_duties__task__state__in=(Task.State.CLOSED, Task.State.DRAFT))
    tasks, reports = _counts(units, "task_duties", ~over), _reports(units)
    rows = [
        LastOf(
            one,
            [
                ("未办结任务", tasks.get(one.department_id, 0)),
                ("未报防汛报告", reports.get(one.department_id, 0)),
            ],
        )
        for one in alone
    ]
    return [row for row in rows if row.count]


def _of_watch(held: QuerySet[RoleAssignment]) -> list[LastOf]:
    """Who reports for a unit alone, where it owes reports; and the last one of the command post's office."""
    there = _others(REPORTERS).filter(department=OuterRef("department"))
    alone = list(held.filter(role=Role.DUTY_OFFICER).exclude(OFFICE).exclude(Exists(there)))
    units = {one.department_id for one in alone if one.department_id is not None}
    reports = _reports(units)
    found = [LastOf(one, [("未报防汛报告", reports.get(one.department_id, 0))]) for one in alone]
    office = held.filter(OFFICE).exclude(Exists(_others((Role.DUTY_OFFICER,)).filter(OFFICE)))
    open_ones = Obligation.objects.filter(state=Obligation.State.OPEN).count() if office else 0
    return [row for row in found if row.count] + [
        LastOf(one, [("未报防汛报告", open_ones)]) for one in office
    ]


def _of_portal(held: QuerySet[RoleAssignment]) -> list[LastOf]:
    others = _others(PORTAL_ROLES).filter(role=OuterRef("role"))
    alone = held.filter(role__in=PORTAL_ROLES).exclude(Exists(others))
    return [LastOf(one, _waiting_for(one.role)) for one in alone]


def _waiting_for(role: str) -> list[tuple[str, int]]:
    if role == Role.SUPERVISOR:
        return [
            ("待复核任务", Task.objects.filter(state=Task.State.SUBMITTED).count()),
            ("待批延期", Extension.objects.filter(state=Extension.State.PENDING).count()),
            ("待回头看", LookBack.objects.filter(state=LookBack.State.OPEN).count()),
            ("挂牌中的督办", Listing.objects.filter(state=Listing.State.LISTED).count()),
        ]
    if role == Role.COMMANDER:
        return [("进行中的响应", Response.objects.active().count())]
    queue = "reviews" if role == Role.PUBLISHER else "drafts"
    return [(QUEUES[queue], rows_of(Asked(queue)).count())]


def _reports(units: set[int]) -> Mapping[int | None, int]:
    return _counts(units, "flood_obligations", Q(flood_obligations__state=Obligation.State.OPEN))


def _counts(units: set[int], relation: str, condition: Q) -> dict[int | None, int]:
    counted = Department.objects.filter(pk__in=units).annotate(
        owed=Count(relation, filter=condition, distinct=True)
    )
    return dict(counted.values_list("pk", "owed"))

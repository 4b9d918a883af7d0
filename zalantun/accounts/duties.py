"""What a person answers for by name or as the last of a department, for whoever hands it over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from floodresponse.models import DutyShift, Incident, Obligation
from floodresponse.roster.days import duty_day
from floodresponse.services.handing import held_in_flood
from foundation.models import Revision
from organizations.models import Department, Role, RoleAssignment, User
from taskboard.models import Task
from taskboard.models.ledgers import ApprovalCase
from taskboard.services.ledgers.handing import approvals_of

SHOWN = 20
UNIT_ROLES = (Role.DEPARTMENT_OFFICER, Role.DEPARTMENT_HEAD)


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of duty: how many, the first with their addresses, whether they move to the successor."""

    label: str
    count: int
    first: Sequence[tuple[str, str]]
    moves: bool = True


@dataclass(frozen=True, slots=True)
class LastOf:
    """A role that nobody else holds in a department, which owes ``tasks`` and ``reports``."""

    assignment: RoleAssignment
    tasks: int
    reports: int


@dataclass(frozen=True, slots=True)
class Duties:
    """All that is left to hand over, and drafts that colleagues go on with."""

    lines: Sequence[Line]
    last_of: Sequence[LastOf]

    @property
    def has_to_move(self) -> bool:
        """Whether anything would be left without anybody."""
        return bool(self.last_of) or any(line.count for line in self.lines if line.moves)


def duties_of(user: User, *, at: datetime) -> Duties:
    """Read it all."""
    flood = held_in_flood(user, at=at)
    cases = approvals_of(user)
    drafts = Revision.objects.filter(started_by=user, state__in=Revision.OPEN).order_by("pk")
    lines = [
        Line("跟踪中的险情灾情", flood.incidents.count(), _first(flood.incidents)),
        Line("今后的值班", flood.shifts.count(), _first(flood.shifts)),
        Line(
            "待本人审批的事项",
            cases.count(),
            [(str(one.row), one.row.get_absolute_url()) for one in cases[:SHOWN]],
        ),
        Line("未签发的更正稿", drafts.count(), [], moves=False),
    ]
    return Duties(lines, _last_of(user))


def _first(rows: QuerySet[Incident] | QuerySet[DutyShift]) -> list[tuple[str, str]]:
    return [(str(row), row.get_absolute_url()) for row in rows[:SHOWN]]


def _last_of(user: User) -> list[LastOf]:
    """Departments whose only officer or head the person is, where anything is owed."""
    others = RoleAssignment.objects.filter(
        role__in=UNIT_ROLES, department=OuterRef("department"), user__is_active=True
    ).exclude(user=user)
    held = user.assignments.filter(role__in=UNIT_ROLES, department__isnull=False).exclude(Exists(others))
    found = list(held.select_related("department").order_by("pk"))
    units = {one.department_id for one in found if one.department_id is not None}
    over = Q(task_duties__task__state__in=(Task.State.CLOSED, Task.State.DRAFT))
    tasks = _counts(units, "task_duties", ~over)
    reports = _counts(units, "flood_obligations", Q(flood_obligations__state=Obligation.State.OPEN))
    rows = [LastOf(one, tasks.get(one.department_id, 0), reports.get(one.department_id, 0)) for one in found]
    return [row for row in rows if row.tasks or row.reports]


def _counts(units: set[int], relation: str, condition: Q) -> dict[int | None, int]:
    counted = Department.objects.filter(pk__in=units).annotate(
        owed=Count(relation, filter=condition, distinct=True)
    )
    return dict(counted.values_list("pk", "owed"))


def left_over(departments: set[int], *, at: datetime) -> QuerySet[User]:
    """Disabled people of these departments who still hold something by name."""
    shifts = DutyShift.objects.filter(user=OuterRef("pk"), day__gte=duty_day(timezone.localtime(at)))
    incidents = Incident.objects.filter(tracker=OuterRef("pk"), resolved_at=None)
    cases = ApprovalCase.objects.filter(approver=OuterRef("pk"), outcome="")
    held = Q(Exists(shifts)) | Q(Exists(incidents)) | Q(Exists(cases))
    gone = User.objects.filter(held, is_active=False, assignments__department__in=departments)
    return gone.distinct().order_by("pk")

"""What a person answers for by name or as the last of a role, for whoever hands it over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from floodresponse.models import DutyShift, Incident
from floodresponse.roster.days import duty_day
from floodresponse.services.handing import held_in_flood
from floodresponse.standing import acts_for
from organizations.models import Department, User
from organizations.rules import roles_of
from taskboard.models.ledgers import ApprovalCase
from taskboard.services.ledgers.handing import approvals_of
from zalantun.accounts.lastroles import LastOf, last_roles
from zalantun.accounts.unfinished import Work, unfinished_of

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of duty: how many, the first with their addresses, and why ``successor`` cannot take it.

    Work in ``common`` is that of a role: colleagues go on with it where the successor has not the role.
    """

    label: str
    count: int
    first: Sequence[tuple[str, str]]
    keys: Sequence[str]
    units: Sequence[Department] = ()
    roles: frozenset[str] = frozenset()
    common: str = ""

    @property
    def more(self) -> bool:
        """Whether there are more than are named."""
        return self.count > len(self.first)

    def goes_to(self, successor: User | None, granted: Sequence[LastOf]) -> str:
        """In words who has it afterwards."""
        if not self.common:
            return str(successor) if successor else "无人接替，提醒部门负责人"
        if successor is None:
            return self.common
        held = roles_of(successor) | {one.assignment.role for one in granted}
        return str(successor) if held & self.roles else f"{self.common}（{successor}没有相应角色）"

    def hindrance(self, successor: User, granted: Sequence[LastOf]) -> str:
        """Why it cannot go there, as the service would say; empty where it can."""
        taken = {one.assignment.department_id for one in granted}
        for unit in self.units:
            if unit.pk not in taken and not acts_for(successor, unit):
                return f"{successor}不是{unit}或防涝办的人员，不能接替；请另选接替人，或先授予角色。"
        return ""


@dataclass(frozen=True, slots=True)
class Duties:
    """All that is left to hand over; ``by_name`` moves row by row, ``unfinished`` by who goes on with it."""

    by_name: Sequence[Line]
    unfinished: Sequence[Line]
    last_of: Sequence[LastOf]

    @property
    def lines(self) -> Sequence[Line]:
        """Everything but the roles."""
        return (*self.by_name, *self.unfinished)

    @property
    def has_to_move(self) -> bool:
        """Whether anything would be left without anybody."""
        return bool(self.last_of) or any(line.count for line in self.by_name)

    @property
    def mark(self) -> str:
        """Changes whenever something is added or taken away."""
        lines = [f"{line.label}:{','.join(line.keys)}" for line in self.lines]
        return ";".join((*lines, *(str(last.assignment.pk) for last in self.last_of)))


def duties_of(user: User, *, at: datetime) -> Duties:
    """Read it all."""
    flood, cases = held_in_flood(user, at=at), list(approvals_of(user))
    by_name = [
        _of_units("跟踪中的险情灾情", flood.incidents),
        _of_units("今后的值班", flood.shifts),
        Line(
            "待本人审批的事项",
            len(cases),
            [(str(one.row), one.row.get_absolute_url()) for one in cases[:SHOWN]],
            [str(one.pk) for one in cases],
        ),
    ]
    return Duties(by_name, [_of_work(work) for work in unfinished_of(user)], last_roles(user))


def _of_units(label: str, rows: QuerySet[Incident] | QuerySet[DutyShift]) -> Line:
    held: list[Incident | DutyShift] = list(rows)
    units = {row.unit_id: row.unit for row in held}
    first = [(str(row), row.get_absolute_url()) for row in held[:SHOWN]]
    return Line(label, len(held), first, [str(row.pk) for row in held], list(units.values()))


def _of_work(work: Work) -> Line:
    first = [(item.words, item.url) for item in work.items[:SHOWN]]
    keys = [item.url for item in work.items]
    return Line(
        work.label,
        len(keys),
        first,
        keys,
        roles=frozenset(role.value for role in work.roles),
        common=work.common,
    )


def left_over(departments: set[int], *, at: datetime) -> QuerySet[User]:
    """Disabled people of these departments who still hold something by name."""
    shifts = DutyShift.objects.filter(user=OuterRef("pk"), day__gte=duty_day(timezone.localtime(at)))
    incidents = Incident.objects.filter(tracker=OuterRef("pk"), resolved_at=None)
    cases = ApprovalCase.objects.filter(approver=OuterRef("pk"), outcome="")
    held = Q(Exists(shifts)) | Q(Exists(incidents)) | Q(Exists(cases))
    gone = User.objects.filter(held, is_active=False, assignments__department__in=departments)
    return gone.distinct().order_by("pk")

"""What is asked of the duty roster: who is on duty now, and where somebody is missing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from floodresponse.members import rostered_units
from floodresponse.models import DutyShift, Plan
from floodresponse.roster.days import duty_day, may_sign_in
from organizations.models import Department, User

ROLES = tuple(DutyShift.Role)
MOST_OWN = 5


@dataclass(frozen=True, slots=True)
class OwnShift:
    """A shift of the reader's own; ``to_sign``: whether it can be signed in to now and was not yet."""

    shift: DutyShift
    to_sign: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """A unit lacks somebody on a day."""

    unit: Department
    day: date
    role: DutyShift.Role


def on_duty_at(at: datetime) -> list[DutyShift]:
    """Who is on duty at a moment, by unit, the leader first; one query, unit and account fetched."""
    shifts = DutyShift.objects.filter(day=duty_day(timezone.localtime(at))).select_related("unit", "user")
    return list(shifts.order_by("unit__order", "unit__name", "role"))


def units_with_roster(at: datetime) -> list[Department]:
    """All units that keep a roster under the plan that holds."""
    return list(rostered_units(Plan.objects.holding_in(timezone.localtime(at).year)))


def gaps(units: Sequence[Department], days: Iterable[date]) -> list[Gap]:
    """Where nobody is entered, by day, unit and role; one query."""
    days = list(days)
    held = set(DutyShift.objects.filter(day__in=days).values_list("unit_id", "day", "role"))
    return [
        Gap(unit, day, role)
        for day in days
        for unit in units
        for role in ROLES
        if (unit.pk, day, role.value) not in held
    ]


def own_shifts(user: User, at: datetime) -> list[OwnShift]:
    """The person's shifts from the running one on, the next first; one query."""
    local = timezone.localtime(at)
    mine = DutyShift.objects.filter(user=user, day__gte=duty_day(local)).select_related("unit")
    zone = timezone.get_current_timezone()
    return [
        OwnShift(shift, shift.signed_in_at is None and may_sign_in(shift.day, local, zone))
        for shift in mine.order_by("day", "role")[:MOST_OWN]
    ]

"""Which units take part: those of the plan, the streets, the office."""

from django.db.models import Q, QuerySet

from floodresponse.models import Plan, ReportingUnit
from organizations.models import Department, Role


def member_units(plan: Plan | None) -> QuerySet[Department]:
    """Every unit with a seat or a printed duty, and every street."""
    of_plan = Q(command_seats__plan=plan) | Q(flood_duties__plan=plan) if plan else Q(pk__in=[])
    return _each_once(of_plan | Q(kind=Department.Kind.STREET))


def reporting_units(plan: Plan | None) -> QuerySet[Department]:
    """Who owes daily reports: the members, except where the office settled it otherwise."""
    settled = ReportingUnit.objects.filter(plan=plan)
    members = Q(pk__in=member_units(plan).order_by().values("pk"))
    added = Q(pk__in=settled.filter(owes=True).values("unit"))
    return _each_once(members | added).exclude(pk__in=settled.filter(owes=False).values("unit"))


def rostered_units(plan: Plan | None) -> QuerySet[Department]:
    """The members and the office of the command post: all that keep a duty roster."""
    office = Q(kind=Department.Kind.GROUP, assignments__role=Role.DUTY_OFFICER)
    return _each_once(Q(pk__in=member_units(plan).order_by().values("pk")) | office)


def _each_once(which: Q) -> QuerySet[Department]:
    found = Department.objects.active().filter(which).exclude(kind=Department.Kind.COLLECTIVE)
    return found.distinct().order_by("order", "name")

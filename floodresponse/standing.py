"""For whom a person acts in the flood command: office and commander for all, others for their unit."""

from django.db.models import Q

from organizations.models import Department, Role, RoleAssignment, User
from organizations.rules import assignments_of, roles_of
from organizations.visitors import Visitor

# Who reports for a unit, and is reminded when it owes a report.
UNIT_ROLES = (Role.DEPARTMENT_OFFICER, Role.DEPARTMENT_HEAD, Role.DUTY_OFFICER)
# A duty officer without a unit, or of the command post or its office, keeps the office.
OFFICE = Q(role=Role.DUTY_OFFICER) & (Q(department=None) | Q(department__kind=Department.Kind.GROUP))


def keeps_office(user: Visitor) -> bool:
    """Whether the person acts for the command post: its commander, or a duty officer of its office."""
    if not isinstance(user, User) or Role.COMMANDER in roles_of(user):
        return isinstance(user, User)
    return any(is_office(held) for held in assignments_of(user))


def is_office(held: RoleAssignment) -> bool:
    """Whether a role is that of the office; ``OFFICE`` asks the same of the database."""
    if held.role != Role.DUTY_OFFICER:
        return False
    return held.department is None or held.department.kind == Department.Kind.GROUP


def units_of(user: Visitor) -> set[int]:
    """The keys of the units for which the person reports."""
    if not isinstance(user, User) or not user.is_active:
        return set()
    return {
        held.department_id
        for held in assignments_of(user)
        if held.role in UNIT_ROLES and held.department_id is not None
    }


def streets_bound_to(user: Visitor) -> set[int] | None:
    """The keys of the streets that the person is bound to; None for office, commander and city bureaus."""
    if keeps_office(user) or not isinstance(user, User):
        return None
    held = [one.department for one in assignments_of(user) if one.department_id in units_of(user)]
    units = [unit for unit in held if unit is not None]
    only_streets = units and all(unit.kind == Department.Kind.STREET for unit in units)
    return {unit.pk for unit in units} if only_streets else None


def acts_for(user: Visitor, unit: Department) -> bool:
    """Whether the person may report for the unit."""
    return keeps_office(user) or unit.pk in units_of(user)

"""Who is reminded on behalf of a department, and who watches over all of them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from organizations.models import Department, Role, RoleAssignment, User

OF_DEPARTMENTS = (Role.DEPARTMENT_OFFICER, Role.DEPARTMENT_HEAD)
People = Mapping[int, Sequence[User]]


@dataclass(frozen=True, slots=True)
class Recipients:
    """The people of several departments, fetched at once."""

    officers: People
    heads: People
    supervisors: Sequence[User]

    def of(self, department: int, *, head: bool, supervisor: bool) -> list[User]:
        """Officers, or the heads where there are none; heads and supervisors if asked for; nobody twice."""
        heads = self.heads.get(department, ())
        people = [*(self.officers.get(department) or heads)]
        if head:
            people += heads
        if supervisor:
            people += self.supervisors
        return list({person.pk: person for person in people}.values())


def recipients_of(departments: Collection[int]) -> Recipients:
    """The people of departments, by key; a collective (街道办事处) means the units below it."""
    units = _units_of(departments)
    keys: set[int] = set().union(*units.values())
    wanted = Q(department__in=keys, role__in=OF_DEPARTMENTS) | Q(role=Role.SUPERVISOR)
    rows = RoleAssignment.objects.filter(wanted, user__is_active=True).select_related("user")
    held: dict[str, dict[int | None, list[User]]] = defaultdict(lambda: defaultdict(list))
    supervisors: dict[int, User] = {}
    for row in rows.order_by("user", "pk"):
        if row.role == Role.SUPERVISOR:
            supervisors[row.user_id] = row.user
        else:
            held[row.role][row.department_id].append(row.user)
    officers, heads = (_spread(units, held[role]) for role in OF_DEPARTMENTS)
    return Recipients(officers, heads, list(supervisors.values()))


def _units_of(departments: Collection[int]) -> dict[int, set[int]]:
    """By department the keys whose people answer for it."""
    units = {pk: {pk} for pk in departments}
    below = Department.objects.filter(
        parent__in=departments, parent__kind=Department.Kind.COLLECTIVE, is_active=True
    )
    for pk, parent in below.values_list("pk", "parent"):
        if parent is not None:
            units[parent].add(pk)
    return units


def _spread(units: Mapping[int, set[int]], people: Mapping[int | None, list[User]]) -> People:
    return {
        pk: [person for key in sorted(keys) for person in people.get(key, ())] for pk, keys in units.items()
    }

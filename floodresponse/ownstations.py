"""For whose stations a person may write: office, commander and desk for all, others for their unit's.

A station belongs to the street that it lies in and to the unit whose name its
network bears.
"""

from django.db.models import Q

from floodresponse.models import Station
from floodresponse.querysets import StationQuerySet
from floodresponse.standing import keeps_office
from foundation.errors import PermissionRefused
from organizations.models import Role, User
from organizations.rules import DESK, assignments_of, roles_of

# A street is printed with and without what it is.
ENDINGS = ("街道办事处", "街道")


def short_street(name: str) -> str:
    """向阳 for 向阳街道 and 向阳街道办事处."""
    for ending in ENDINGS:
        name = name.removesuffix(ending)
    return name


def own_names(user: User | None) -> frozenset[str] | None:
    """What the person's units are called on stations; None: every station is open, as it is to the portal."""
    if user is None or keeps_office(user) or DESK & set(roles_of(user)):
        return None
    held = [one.department for one in assignments_of(user) if one.role == Role.DUTY_OFFICER]
    return frozenset(form for unit in held if unit for form in _forms(unit.name))


def _forms(name: str) -> set[str]:
    short = short_street(name)
    return {name} if short == name else {short, *(short + ending for ending in ENDINGS)}


def is_own(station: Station, names: frozenset[str] | None) -> bool:
    """Whether the station is among those of ``own_names``."""
    return names is None or station.street in names or station.network in names


def own_stations(user: User | None) -> StationQuerySet:
    """Stations in use that the person may write for."""
    names, found = own_names(user), Station.objects.filter(is_active=True)
    return found if names is None else found.filter(Q(street__in=names) | Q(network__in=names))


def require_own(actor: User | None, station: Station, what: str) -> None:
    """Refuse whoever would write for another unit's station."""
    if not is_own(station, own_names(actor)):
        raise PermissionRefused(
            f"您没有权限{what}：{station.name}不属于您的单位。请由所在街道、所属单位或防涝办值班员办理。"
        )

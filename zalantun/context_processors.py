"""What every page knows of the site."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from directives.models import Directive
from events.models import Event
from floodresponse.models import Level, LevelRecord, Response
from foundation.largertext import is_larger
from foundation.linkeddata import canonical
from foundation.shade import Shade, shade_of
from organizations.models import Role, RoleAssignment, User
from organizations.rules import assignments_of
from zalantun.accounts.duties import left_over
from zalantun.navigation import NAVIGATION, current_key

FRESHNESS_KEY = "zalantun.data-as-of"
FRESHNESS_SECONDS = 60
WHERE_WORK_BEGINS = frozenset({"home", "taskboard:mine", "floodresponse:mine", "notifications:inbox"})


@dataclass(frozen=True, slots=True)
class Holder:
    """Who is signed in, for the header."""

    name: str
    roles: tuple[str, ...]
    department: str


def site(request: HttpRequest) -> dict[str, Any]:
    """Name, owner and codes of the site, where the page stands, who is signed in, what is declared."""
    return {
        "site_name": settings.SITE_NAME,
        "site_domain": settings.SITE_DOMAIN,
        "site_id_code": settings.SITE_ID_CODE,
        "site_owner": settings.SITE_OWNER,
        "city_name": settings.CITY_NAME,
        "city_sign_on": settings.OIDC_NAME if settings.OIDC_ISSUER else "",
        "canonical": canonical(request, request.path),
        "larger_text": is_larger(request),
        "shade": shade_of(request),
        "shades": list(Shade),
        "navigation": NAVIGATION,
        "navigation_current": current_key(request),
        "holder": SimpleLazyObject(lambda: holder_of(request)),
        "left_over": SimpleLazyObject(lambda: left_over_for(request)),
        "active_level": SimpleLazyObject(active_level),
        "level_steps": [level.value for level in Level],
        "data_as_of": data_as_of,
    }


def holder_of(request: HttpRequest) -> Holder:
    """The signed-in person with roles and department; blank for a visitor."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return Holder("", (), "")
    held: list[RoleAssignment] = assignments_of(user)
    departments = [assignment.department for assignment in held if assignment.department]
    name = departments[0].short_name or departments[0].name if departments else ""
    roles = dict.fromkeys(str(assignment.get_role_display()) for assignment in held)
    return Holder(str(user), tuple(roles), name)


def left_over_for(request: HttpRequest) -> list[User]:
    """Who left the departments of a head without a successor; on the pages where a day's work begins."""
    match, user = request.resolver_match, getattr(request, "user", None)
    if match is None or match.view_name not in WHERE_WORK_BEGINS or not isinstance(user, User):
        return []
    headed = {held.department_id for held in assignments_of(user) if held.role == Role.DEPARTMENT_HEAD}
    units = {pk for pk in headed if pk is not None}
    return list(left_over(units, at=timezone.now())) if units else []


def active_level() -> LevelRecord | None:
    """The level of the real response that is active now, with its response."""
    active = Response.objects.real().active()
    records = LevelRecord.objects.filter(response__in=active, level__isnull=False)
    return records.select_related("response__plan").order_by("-since", "-pk").first()


def data_as_of() -> datetime | None:
    """When a published record last changed; asked once a minute, None while there is none."""
    known: datetime | str | None = cache.get(FRESHNESS_KEY)
    if known is None:
        events = Event.objects.published().order_by().values_list("updated_at", flat=True)
        directives = Directive.objects.published().order_by().values_list("updated_at", flat=True)
        known = events.union(directives).order_by("-updated_at").first() or ""
        cache.set(FRESHNESS_KEY, known, FRESHNESS_SECONDS)
    return known if isinstance(known, datetime) else None

"""Refusals, exports and prints go on record, whichever page, file or call they happen in."""

import logging
from collections.abc import Callable

from django.contrib.auth.models import AbstractBaseUser
from django.db import DatabaseError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from foundation.context import current_origin
from foundation.services.accesses import BAD_TOKEN, EXPORT, PRINT, REFUSE, Access, record_access

logger = logging.getLogger("portal.audit")
# Part of an address that must not be written down: that of a calendar's feed.
SECRET = "secret"  # noqa: S105 - a name
PRINTED = "application/pdf"
ATTACHED = "foundation:attachment"
TAKEN = (
    "text/csv",
    "text/calendar",
    "application/vnd.openxmlformats-officedocument",
    "application/zip",
    "application/gzip",
)
# As long as any address that a browser sends; what says which records were taken may stand at its end.
PATH_LENGTH = 8000


class AccessMiddleware:
    """Looks at each answer when it is finished, after the page's own transaction has ended.

    What visitors fetch is published for everybody and leaves no trace; what
    they are refused does. A log that cannot be written keeps nobody from a
    notice that is needed now: the line then stands in the program's log.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass through, then record."""
        response = self.get_response(request)
        action = _action(request, response)
        if not action:
            return response
        access = _access(request, action)
        try:
            record_access(actor=_person(request), access=access, at=timezone.now())
        except (DatabaseError, OSError):
            logger.exception("not recorded: %s %s", action, access.path)
        return response


def _action(request: HttpRequest, response: HttpResponseBase) -> str:
    """What of the four it was; empty for everything else."""
    if response.status_code == 401 and "Authorization" in request.headers:
        return BAD_TOKEN
    if response.status_code in (403, 429) or current_origin().refusals:
        return REFUSE
    if response.status_code not in (200, 206) or request.method == "HEAD":
        return ""
    kind = response.headers.get("Content-Type", "")
    if not kind.startswith((PRINTED, *TAKEN)) or not (_person(request) or _secret(request)):
        return ""
    # A PDF that somebody handed in is taken along, not printed by the portal.
    handed_in = request.resolver_match is not None and request.resolver_match.view_name == ATTACHED
    return PRINT if kind.startswith(PRINTED) and not handed_in else EXPORT


def _person(request: HttpRequest) -> AbstractBaseUser | None:
    user = getattr(request, "user", None)
    return user if isinstance(user, AbstractBaseUser) and user.is_authenticated else None


def _secret(request: HttpRequest) -> bool:
    return bool(request.resolver_match and SECRET in request.resolver_match.kwargs)


def _access(request: HttpRequest, action: str) -> Access:
    match = request.resolver_match
    path = f"/{match.route}" if match and _secret(request) else request.get_full_path()
    reason = "；".join(dict.fromkeys(current_origin().refusals)) if action == REFUSE else ""
    return Access(action, match.view_name or "" if match else "", path[:PATH_LENGTH], reason)

"""One line in the log and one measurement for each request."""

import logging
import re
import time
from collections.abc import Callable
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse

from zalantun.metrics import REQUEST_SECONDS

logger = logging.getLogger("portal.request")
SECRET = "secret"  # noqa: S105 - the name of the part of an address that must not be written down
# Callers invent others without end, and each would be measured apart for as long as the process lives.
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})
OTHER = "other"
# What would begin another line in the log.
LINE_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class RequestLogMiddleware:
    """Who asked for which page, what it answered and how long that took.

    The address stands in the log as the URL conf has it where it holds a
    secret, as that of a calendar's feed does. Files of the portal itself
    (scripts, styles, fonts) belong to no view and are not worth a line.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Measure, pass through, write down."""
        began = time.perf_counter()
        response = self.get_response(request)
        seconds = time.perf_counter() - began
        match = request.resolver_match
        view = match.view_name or "unnamed" if match else "none"
        method = request.method if request.method in METHODS else OTHER
        REQUEST_SECONDS.labels(view, method, f"{response.status_code // 100}xx").observe(seconds)
        if match or response.status_code >= 400:
            write_line(request, response, seconds=seconds)
        return response


def write_line(request: HttpRequest, response: HttpResponse, *, seconds: float) -> None:
    """The parts stand as fields of their own where the log is JSON."""
    match = request.resolver_match
    path = f"/{match.route}" if match and SECRET in match.kwargs else in_one_line(request.path)
    # Only when somebody asked who it is: the log is no reason for a query.
    user = getattr(request, "_cached_user", None)
    fields = {
        "method": request.method,
        "path": path,
        "status": response.status_code,
        "ms": round(seconds * 1000, 1),
        "user": user.pk if user else None,
    }
    logger.info("%(method)s %(path)s %(status)s %(ms)s ms, user %(user)s", fields, extra=fields)


def in_one_line(path: str) -> str:
    """The address with what would end a line written as it was sent, so that nobody forges another line."""
    return LINE_BREAKS.sub(lambda found: quote(found[0]), path)

"""Pages kept for visitors: the same bytes until something changes.

A page that everybody reads is the same for all who have not signed in. While
nothing has changed, the finished page is handed out again. Every change of a
record moves the end of the audit log, so its number tells of any of them; the
view adds what else its page is made of.
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.messages import get_messages
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from foundation.largertext import is_larger
from foundation.models import AuditHead
from foundation.shade import shade_of

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

# What is written past the services (by hand, in the database) shows after this time at the latest.
KEPT_SECONDS = 60


def kept_for_visitors(state: Callable[P, str]) -> Callable[[View[P]], View[P]]:
    """Keep the answers of a view; ``state`` names what else they are made of, by the view's arguments."""

    def keep(view: View[P]) -> View[P]:
        @wraps(view)
        def kept(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not same_for_all(request):
                return view(request, *args, **kwargs)
            made_of = f"{last_change()}/{state(*args, **kwargs)}"
            return _answer(request, made_of, lambda: view(request, *args, **kwargs))

        return kept

    return keep


def last_change() -> int:
    """The number of the last recorded change."""
    return AuditHead.objects.values_list("sequence", flat=True).first() or 0


def same_for_all(request: HttpRequest) -> bool:
    """Whether a visitor asks for the plain page; each set of conditions kept would fill the disk."""
    plain = request.method in ("GET", "HEAD") and not request.META.get("QUERY_STRING")
    return plain and not request.user.is_authenticated and not get_messages(request) and not _in_part(request)


def _in_part(request: HttpRequest) -> bool:
    return "HX-Request" in request.headers


def _answer(request: HttpRequest, state: str, make: Callable[[], HttpResponse]) -> HttpResponse:
    looks = f"{is_larger(request)}{shade_of(request)}"
    place = hashlib.sha256(f"{request.get_host()}{request.path}{looks}".encode()).hexdigest()
    etag = f'"{hashlib.sha256(f"{place}{state}".encode()).hexdigest()[:32]}"'
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged:
        return unchanged
    known: tuple[str, bytes] | None = caches["pages"].get(f"page:{place}")
    if known and known[0] == etag:
        response = HttpResponse(known[1])
    else:
        response = make()
        if response.status_code != 200 or response.cookies:
            return response
        caches["pages"].set(f"page:{place}", (etag, response.content), KEPT_SECONDS)
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return response

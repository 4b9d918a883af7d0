"""长者模式: larger text, stronger contrast, underlined links.

Whoever wants it presses a button; the choice stands in a cookie, so it works
without script and without an account, and the server draws the page for it.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

COOKIE = "larger_text"
ON = "1"
KEPT_SECONDS = 365 * 24 * 3600


def is_larger(request: HttpRequest) -> bool:
    """Whether this browser asked for larger text."""
    return request.COOKIES.get(COOKIE) == ON


def choose_text(response: HttpResponseBase, *, larger: bool) -> None:
    """Let the browser remember the choice for a year, or forget it."""
    if larger:
        response.set_cookie(
            COOKIE, ON, max_age=KEPT_SECONDS, secure=settings.HTTPS, httponly=True, samesite="Lax"
        )
    else:
        response.delete_cookie(COOKIE, samesite="Lax")

"""Signing out whoever does nothing for a while, and everybody after a day's work.

An open page asks again and again by itself: for the bell, for the progress of
an import or a printout. Such a request shows that a page is open, not that
somebody sits before it, so it neither keeps a session alive nor writes to it.
``static/js/portal.js`` marks it.
"""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url

POLL_HEADER = "X-Poll"
LAST_ACTIVITY = "last_activity"
SIGNED_IN = "signed_in_at"
STOP_POLLING = 286  # htmx's own status
# The time is noted once a minute at most: a session is a row of the database.
NOTED_EVERY_SECONDS = 60


class IdleMiddleware:
    """Ends a session ``SESSION_IDLE_SECONDS`` after the last request that a person made."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Find out whether the person is still there."""
        if POLL_HEADER in request.headers:
            if is_idle(request, now=time.time()):
                return no_more()
        elif SESSION_KEY in request.session:
            attend(request, now=time.time())
        response = self.get_response(request)
        location = response.get("Location", "")
        to_sign_in = location.startswith(resolve_url(settings.LOGIN_URL))
        by_a_script = POLL_HEADER in request.headers or "HX-Request" in request.headers
        return elsewhere(request, location) if to_sign_in and by_a_script else response


def attend(request: HttpRequest, *, now: float) -> None:
    """Sign out who was idle too long; note the time otherwise."""
    if is_idle(request, now=now):
        logout(request)
        return
    stay_present(request, now=now)


def stay_present(request: HttpRequest, *, now: float) -> None:
    """Note that somebody is there, and since when at the latest.

    For pages that ask by themselves only where somebody has to sit before them,
    as before the command screen in a storm.
    """
    if is_to_be_noted(request, now=now):
        request.session[LAST_ACTIVITY] = now
        request.session.setdefault(SIGNED_IN, now)


def is_to_be_noted(request: HttpRequest, *, now: float) -> bool:
    """Whether the last note is old enough for another."""
    seen = request.session.get(LAST_ACTIVITY)
    return seen is None or not 0 <= now - seen < _noted_every()


def is_idle(request: HttpRequest, *, now: float) -> bool:
    """Whether the person's last request, or the sign-in itself, is too long ago."""
    seen: float = request.session.get(LAST_ACTIVITY, now)
    since: float = request.session.get(SIGNED_IN, now)
    limit: int = settings.SESSION_IDLE_SECONDS
    return now - seen >= limit or now - since >= settings.SESSION_ABSOLUTE_SECONDS


def no_more() -> HttpResponse:
    """The answer that makes an open page stop asking; what it shows, and what was typed there, stays."""
    return HttpResponse(status=STOP_POLLING, headers={"HX-Reswap": "none"})


def elsewhere(request: HttpRequest, location: str) -> HttpResponse:
    """The way to a page that has to come first: signing in, a new password.

    An open page that asks by itself stops; where htmx asked for a part of a page, the browser goes there
    as a whole, as htmx would put the other page into the part.
    """
    if POLL_HEADER in request.headers:
        return no_more()
    if "HX-Request" in request.headers and "HX-Boosted" not in request.headers:
        return HttpResponse(status=204, headers={"HX-Redirect": location})
    return HttpResponseRedirect(location)


def _noted_every() -> float:
    """A time noted late ends a session early: with a short limit it is noted more often."""
    limit: int = settings.SESSION_IDLE_SECONDS
    return min(NOTED_EVERY_SECONDS, limit / 10)

"""Request identity, and domain errors as pages."""

import re
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from foundation.addresses import client_address
from foundation.collisions import as_refusal
from foundation.context import Origin, call_from

GetResponse = Callable[[HttpRequest], HttpResponse]
SAFE_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class RequestContextMiddleware:
    """Gives each request an id, kept from a proxy when it is harmless, and returns it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Run the request inside its origin."""
        given = request.headers.get("X-Request-ID", "")
        request_id = given if SAFE_REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        origin = Origin(request_id=request_id, address=client_address(request))
        with call_from(origin):
            response = self.get_response(request)
        response["X-Request-ID"] = request_id
        return response


class PrivateAnswersMiddleware:
    """What a signed-in person or a program with a token is shown is kept in no cache.

    On a shared computer nobody leafs back to it after the other has signed out. A page that says
    itself how it may be kept (files and printouts, which are asked for anew each time) is left so.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass through, then say so."""
        response = self.get_response(request)
        # By what was sent: a page that says the database is away must not ask it who this was.
        known = "Authorization" in request.headers or settings.SESSION_COOKIE_NAME in request.COOKIES
        if known and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response


class DomainErrorMiddleware:
    """A ``DomainError`` or a collision that no view handled becomes a page with its sentence."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass through."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Show the sentence with the error's own status."""
        refusal = as_refusal(exception)
        if refusal is None:
            return None
        return render(request, "error.html", {"message": refusal.message}, status=refusal.status)

"""The least that a page can be: the same query, the same bytes, no work between."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from rest_framework.filters import SearchFilter

from events.api import EventViewSet
from events.models import Event
from events.monthpage import touching
from foundation.api import Ordering

PAGE_FILE = settings.DATA_DIR / "month.html"
FIELDS = ("pk", "start_date", "end_date", "position", "title", "text", "source", "publication")


@dataclass(frozen=True, slots=True)
class Replay:
    """What a page asked the database, and what it answered."""

    statements: Sequence[tuple[str, Any]]
    content: bytes


# By name; filled before the bare view is asked, in the same process.
REPLAYS: dict[str, Replay] = {}


def bare_month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """Reads the month's entries and answers with the page as it was stored before."""
    first = date(year, month, 1)
    list(touching(Event.objects.published(), first).values_list(*FIELDS))
    return HttpResponse(stored_page())


class PlainEvents(EventViewSet):
    """The API's entries, their words looked for as the REST framework does it: ``?search=``."""

    filter_backends = [SearchFilter, Ordering]
    filterset_class = None  # type: ignore[assignment]  # SearchFilter needs none
    search_fields = ["title", "text"]


@cache
def stored_page() -> bytes:
    """The bytes of the real page."""
    return PAGE_FILE.read_bytes()


def bare_page(request: HttpRequest, name: str) -> HttpResponse:
    """Asks what the page asked, of the same person, and answers with its bytes."""
    assert request.user.is_authenticated
    with connection.cursor() as cursor:
        for sql, params in REPLAYS[name].statements:
            cursor.execute(sql, params)
            cursor.fetchall()
    return HttpResponse(REPLAYS[name].content)

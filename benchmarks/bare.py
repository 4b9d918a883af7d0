"""The least that a page of a month can be: the same query, the same bytes, no work between."""

from datetime import date
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from events.models import Event
from events.monthpage import touching

PAGE_FILE = settings.DATA_DIR / "month.html"
FIELDS = ("pk", "start_date", "end_date", "position", "title", "text", "source", "publication")


def bare_month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """Reads the month's entries and answers with the page as it was stored before."""
    first = date(year, month, 1)
    list(touching(Event.objects.published(), first).values_list(*FIELDS))
    return HttpResponse(stored_page())


@cache
def stored_page() -> bytes:
    """The bytes of the real page."""
    return PAGE_FILE.read_bytes()

"""What feed and calendar share: which entries are asked for, and when the chronicle last changed."""

import re
from datetime import UTC, datetime
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date

from events.filters import EventFilter
from events.models import Event
from events.querysets import EventQuerySet
from foundation.errors import InvalidInput

# What neither XML 1.0 nor iCalendar can hold, however it is escaped.
UNHELD = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
BEFORE_ANY_ENTRY = datetime(2000, 1, 1, tzinfo=UTC)


def chosen(request: HttpRequest) -> EventQuerySet:
    """The published entries that the address asks for, with the same filters as the list.

    Also for editors: what programs fetch and pass on holds nothing unpublished.
    """
    found = EventFilter(request.GET, queryset=Event.objects.published())
    if not found.form.is_valid():
        fields = {name: [str(error) for error in errors] for name, errors in found.form.errors.items()}
        words = "；".join(f"{name}：{''.join(errors)}" for name, errors in fields.items())
        raise InvalidInput(f"订阅地址中的筛选条件有误，请改正后再试。{words}", fields=fields)
    events: EventQuerySet = found.qs
    return events


def conditions(request: HttpRequest) -> str:
    """The filters of the address in a fixed order: two addresses that ask the same are one subscription."""
    names = sorted(name for name in EventFilter.base_filters if any(request.GET.getlist(name)))
    return urlencode([(name, value) for name in names for value in sorted(request.GET.getlist(name))])


def changed_at() -> datetime:
    """When an entry last changed, unpublished ones too: withdrawing one changes what subscribers see."""
    latest: datetime | None = Event.objects.aggregate(latest=Max("updated_at"))["latest"]
    return latest or BEFORE_ANY_ENTRY


def answered(content: bytes | str, content_type: str, changed: datetime) -> HttpResponse:
    """The answer; with its own ETag it is not sent again to whom has it."""
    response = HttpResponse(content, content_type=content_type)
    response["Last-Modified"] = http_date(changed.timestamp())
    # Kept by those who fetched it, and asked about each time.
    response["Cache-Control"] = "no-cache"
    return response


def lasting_id(event: Event) -> str:
    """An entry's name for subscribers; it stays whatever happens to the entry or the server's address."""
    return f"event-{event.pk}@{settings.SITE_DOMAIN}"


def held(text: str) -> str:
    """The text without characters that cannot be transmitted."""
    return UNHELD.sub("", text)

"""The chronicle in a calendar program: ``/events/calendar.ics`` (RFC 5545)."""

from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import conditional_page, require_safe
from icalendar import Calendar
from icalendar import Event as Entry

from events.models import Event
from events.subscribing import answered, changed_at, chosen, held, lasting_id

# Some fifty years of a chronicle of this size; a calendar program reads it in a few seconds.
MAX_ENTRIES = 20_000
CONTENT_TYPE = "text/calendar; charset=utf-8"
REFRESH_AFTER = timedelta(hours=12)


@require_safe
@conditional_page
def calendar(request: HttpRequest) -> HttpResponse:
    """All published entries, or those that the list's filters choose, the newest first."""
    events = chosen(request).order_by("-start_date", "-position", "-pk").prefetch_related("topics")
    made = Calendar()
    made.add("prodid", f"-//{settings.SITE_DOMAIN}//chronicle//ZH")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    for name in ("name", "x-wr-calname"):
        made.add(name, f"{settings.SITE_NAME} 大事记")
    made.add("refresh-interval", REFRESH_AFTER, parameters={"VALUE": "DURATION"})
    for event in events[:MAX_ENTRIES]:
        made.add_component(entry_of(event, request.build_absolute_uri(event.get_absolute_url())))
    response = answered(made.to_ical(), CONTENT_TYPE, changed_at())
    response["Content-Disposition"] = 'inline; filename="calendar.ics"'
    return response


def entry_of(event: Event, url: str) -> Entry:
    """An entry as an all-day event; it takes nobody's time, so it shows as free."""
    made = Entry()
    made.add("uid", lasting_id(event))
    made.add("dtstamp", _second(event.updated_at))
    made.add("created", _second(event.created_at))
    made.add("last-modified", _second(event.updated_at))
    made.add("dtstart", event.start_date)
    if event.end_date < date.max:
        # The day after the last one: the end of an all-day event is not part of it.
        made.add("dtend", event.end_date + timedelta(days=1))
    made.add("summary", held(event.title))
    made.add("description", held(event.text or event.title))
    topics = [held(topic.name) for topic in event.topics.all()]
    if topics:
        made.add("categories", topics)
    made.add("url", url)
    made.add("transp", "TRANSPARENT")
    return made


def _second(moment: datetime) -> datetime:
    """In UTC and whole seconds, as the format has it."""
    return moment.astimezone(UTC).replace(microsecond=0)

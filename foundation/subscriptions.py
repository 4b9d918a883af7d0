"""Lists to subscribe to: Atom for new and changed records, iCalendar for records with a day."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.timezone import localtime
from icalendar import Calendar, Event

# What neither XML 1.0 nor iCalendar can hold, however it is escaped.
UNHELD = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Tag addresses (RFC 4151) name a day on which the domain was the site's own.
TAG_DATE = "2022"
REFRESH_AFTER = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Item:
    """A record as subscribers get it; ``key`` stays whatever happens to its text or address."""

    key: str
    title: str
    path: str
    changed: datetime
    text: str = ""
    day: date | None = None
    categories: list[str] = field(default_factory=list)


def held(text: str) -> str:
    """The text without characters that cannot be transmitted."""
    return UNHELD.sub("", text)


def atom(request: HttpRequest, *, title: str, path: str, items: Iterable[Item]) -> HttpResponse:
    """The items as a feed; the address with its conditions is the feed's own name."""
    tag = f"tag:{settings.SITE_DOMAIN},{TAG_DATE}:"
    made = Atom1Feed(
        title=f"{settings.SITE_NAME} {title}",
        link=request.build_absolute_uri(path),
        description="",
        language="zh-CN",
        author_name=settings.SITE_OWNER,
        feed_url=request.build_absolute_uri(),
        feed_guid=f"{tag}{request.get_full_path()}",
    )
    for item in items:
        made.add_item(
            title=held(item.title),
            link=request.build_absolute_uri(item.path),
            description=held(item.text),
            unique_id=f"{tag}{item.key}",
            updateddate=localtime(item.changed),
            categories=[held(name) for name in item.categories],
        )
    return _answer(made.writeString("utf-8"), made.content_type)


def calendar(request: HttpRequest, *, title: str, items: Iterable[Item]) -> HttpResponse:
    """The items that have a day, as all-day events that take nobody's time (RFC 5545)."""
    made = Calendar()
    made.add("prodid", f"-//{settings.SITE_DOMAIN}//lists//ZH")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    for name in ("name", "x-wr-calname"):
        made.add(name, f"{settings.SITE_NAME} {title}")
    made.add("refresh-interval", REFRESH_AFTER, parameters={"VALUE": "DURATION"})
    for item in items:
        if item.day is not None:
            made.add_component(_day(item, item.day, request))
    response = _answer(made.to_ical(), "text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="calendar.ics"'
    return response


def _day(item: Item, day: date, request: HttpRequest) -> Event:
    made = Event()
    made.add("uid", f"{item.key.replace('/', '-')}@{settings.SITE_DOMAIN}")
    moment = item.changed.astimezone(UTC).replace(microsecond=0)
    made.add("dtstamp", moment)
    made.add("last-modified", moment)
    made.add("dtstart", day)
    if day < date.max:
        made.add("dtend", day + timedelta(days=1))
    made.add("summary", held(item.title))
    if item.text:
        made.add("description", held(item.text))
    if item.categories:
        made.add("categories", [held(name) for name in item.categories])
    made.add("url", request.build_absolute_uri(item.path))
    made.add("transp", "TRANSPARENT")
    return made


def _answer(content: bytes | str, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    # Kept by those who fetched it, and asked about each time.
    response["Cache-Control"] = "no-cache"
    return response

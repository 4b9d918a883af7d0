"""The chronicle to subscribe to: ``/events/feed/`` (Atom)."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.timezone import localtime
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import conditional_page, require_safe

from events.models import Event
from events.monthgrid import span_label
from events.subscribing import answered, changed_at, chosen, conditions, held

# The newest changes; who follows the feed has seen the others.
FEED_SIZE = 100
# Tag addresses (RFC 4151) name a day on which the domain was the site's own.
TAG_DATE = "2022"


class ChronicleFeed(Atom1Feed):
    """Atom with the entry's text as it is, and a date of change even while it is empty."""

    def latest_post_date(self) -> Any:
        """When the chronicle last changed."""
        return self.feed["changed_at"]

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        """The usual elements and the text."""
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["text"], {"type": "text"})


@require_safe
@conditional_page
def feed(request: HttpRequest) -> HttpResponse:
    """The entries that changed last; the list's filters choose among them."""
    events = chosen(request).order_by("-updated_at", "-pk").prefetch_related("topics")[:FEED_SIZE]
    changed = changed_at()
    query = conditions(request)
    tag = f"tag:{settings.SITE_DOMAIN},{TAG_DATE}:events"
    made = ChronicleFeed(
        title=f"{settings.SITE_NAME} 大事记",
        link=request.build_absolute_uri(reverse("events:index")),
        description="",
        language="zh-CN",
        author_name=settings.SITE_OWNER,
        subtitle="政务大事记的新条目与更正",
        feed_url=request.build_absolute_uri(),
        feed_guid=f"{tag}?{query}" if query else tag,
        changed_at=localtime(changed),
    )
    for event in events:
        made.add_item(**_item(event, request, tag))
    return answered(made.writeString("utf-8"), made.content_type, changed)


def _item(event: Event, request: HttpRequest, tag: str) -> dict[str, Any]:
    return {
        "title": held(f"{days_in_words(event)} {event.title}"),
        "link": request.build_absolute_uri(event.get_absolute_url()),
        "description": None,
        "unique_id": f"{tag}/{event.pk}",
        "pubdate": localtime(event.created_at),
        "updateddate": localtime(event.updated_at),
        "categories": [held(topic.name) for topic in event.topics.all()],
        "text": held(event.text or event.title),
    }


def days_in_words(event: Event) -> str:
    """2022年7月26日, 2022年7月25～29日."""
    label = span_label(event.start_date, event.end_date)
    label = label if label.endswith("日") else f"{label}日"
    return f"{event.start_date.year}年{event.start_date.month}月{label}"

"""Public alerts to subscribe to: ``/flood/cap/`` (Atom) and each message as it was issued."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import conditional_page, require_safe

from floodresponse.models import CapMessage
from foundation.subscriptions import held

FEED_SIZE = 50
# A feed needs a date even while nothing was ever issued.
BEFORE_ANY = datetime.fromisoformat("2022-07-01T00:00:00+08:00")
CAP_TYPE = "application/cap+xml"
PERMISSION = "floodresponse.view_command_post"


class AlertFeed(Atom1Feed):
    """Atom with a date of change even while it is empty."""

    def latest_post_date(self) -> Any:
        """When the last message was issued."""
        return self.feed["changed_at"]


@require_safe
@conditional_page
def feed(request: HttpRequest) -> HttpResponse:
    """The newest messages; no exercise is among them, whoever asks."""
    messages = list(CapMessage.objects.public()[:FEED_SIZE])
    made = AlertFeed(
        title=f"{settings.CITY_NAME}防内涝公众预警",
        link=request.build_absolute_uri(reverse("floodresponse:index")),
        description="",
        language="zh-CN",
        author_name=settings.SITE_OWNER,
        subtitle="应急响应的启动、调整和终止",
        feed_url=request.build_absolute_uri(),
        feed_guid=f"tag:{settings.SITE_DOMAIN},2022:flood/cap",
        changed_at=datetime.fromisoformat(messages[0].sent) if messages else BEFORE_ANY,
    )
    for message in messages:
        issued = datetime.fromisoformat(message.sent)
        made.add_item(
            title=held(message.headline),
            link=request.build_absolute_uri(reverse("floodresponse:cap_message", args=[message.identifier])),
            description=held(message.headline),
            unique_id=f"tag:{settings.SITE_DOMAIN},2022:flood/cap/{message.identifier}",
            pubdate=issued,
            updateddate=issued,
            categories=[message.message_type],
        )
    response = HttpResponse(made.writeString("utf-8"), content_type=made.content_type)
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def cap_message(request: HttpRequest, identifier: str) -> HttpResponse:
    """The message, byte for byte; an exercise exists only for staff."""
    message = get_object_or_404(CapMessage, identifier=identifier)
    if message.exercise and not request.user.has_perm(PERMISSION):
        raise Http404
    response = HttpResponse(message.xml.encode(), content_type=f"{CAP_TYPE}; charset=utf-8")
    response["Cache-Control"] = "private, no-cache" if message.exercise else "no-cache"
    return response

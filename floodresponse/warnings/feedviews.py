"""The feed of warnings that were issued."""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from floodresponse.feeds import BEFORE_ANY, FEED_SIZE, AlertFeed
from floodresponse.models import FloodWarning
from floodresponse.warnings.views import LOOKING, PERMISSION
from foundation.subscriptions import held
from organizations.access import StaffRequest, staff_page
from printing.access import pdf_page


@pdf_page
@staff_page(PERMISSION, LOOKING)
def feed(request: StaffRequest) -> HttpResponse:
    """What was issued, for staff, also with an API token; no exercise is among it."""
    issued = FloodWarning.objects.visible_to(request.user).real().filter(issued_at__isnull=False)
    newest = list(issued.select_related("issuer").order_by("-issued_at", "-pk")[:FEED_SIZE])
    made = AlertFeed(
        title=f"{settings.CITY_NAME}防内涝预警",
        link=request.build_absolute_uri(reverse("floodresponse:warnings")),
        description="",
        language="zh-CN",
        author_name=settings.SITE_OWNER,
        feed_url=request.build_absolute_uri(),
        feed_guid=f"tag:{settings.SITE_DOMAIN},2022:flood/warnings",
        changed_at=max((_changed(one) for one in newest), default=BEFORE_ANY),
    )
    for one in newest:
        _add(made, request, one)
    response = HttpResponse(made.writeString("utf-8"), content_type=made.content_type)
    response["Cache-Control"] = "private, no-cache"
    return response


def _changed(one: FloodWarning) -> datetime:
    return one.lifted_at or one.issued_at or one.received_at


def _add(made: AlertFeed, request: HttpRequest, one: FloodWarning) -> None:
    lifted = "（已解除）" if one.lifted_at else ""
    made.add_item(
        title=held(f"{one}{lifted}"),
        link=request.build_absolute_uri(one.get_absolute_url()),
        description=held(f"{one.issuer}：{one.text}"),
        unique_id=f"tag:{settings.SITE_DOMAIN},2022:flood/warnings/{one.pk}",
        pubdate=one.issued_at,
        updateddate=_changed(one),
        categories=[one.get_kind_display(), one.get_colour_display()],
    )

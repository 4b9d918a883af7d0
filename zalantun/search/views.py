"""The search page, its table for office programs and its feed."""

from datetime import UTC, datetime, time
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import conditional_page, require_safe

from foundation.errors import InvalidInput
from foundation.spreadsheets import csv_table
from foundation.subscriptions import held
from foundation.workbooks import CONTENT_TYPE, workbook_of
from search.finding import COUNTED, find
from search.models import SavedSearch
from search.services import catch_up_for_search, require_current
from zalantun.search.asking import ORDERS, Asked, asked_by
from zalantun.search.results import (
    PAGE_SIZE,
    TABLE_HEADER,
    facets,
    holdings,
    number_words,
    passage_of,
    rows,
    table_rows,
    tabs,
)

FEED_SIZE = 50
# Tag addresses (RFC 4151) name a day on which the domain was the site's own.
TAG_DATE = "2022"


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """Search in all records; without conditions, what can be searched."""
    behind = catch_up_for_search(at=timezone.now())
    asked = asked_by(request.GET, request.user)
    context: dict[str, Any] = {"asked": asked, "query": asked.query, "kind": asked.kind, "kinds": asked.kinds}
    context["behind"] = behind
    if asked.anything:
        context |= _results(request, asked)
    else:
        context["holdings"] = holdings(request.user)
    return render(request, "zalantun/search.html", context)


def _results(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    found = find(asked.question(request.user))
    page = Paginator(range(len(found.hits)), PAGE_SIZE).get_page(request.GET.get("page"))
    entries = found.entries((page.number - 1) * PAGE_SIZE, PAGE_SIZE)
    return {
        "found": found,
        "counted": COUNTED,
        "page": page,
        "rhythms": SavedSearch.Rhythm.choices,
        "rows": rows(entries, asked),
        "facets": facets(found, asked, request.user),
        "tabs": tabs(found, asked),
        "everywhere": number_words(found.kinds.total()),
        "orders": [(name, label, asked.address_with("order", name)) for name, label in ORDERS.items()],
        "only": [(word.typed, asked.address_with("q", word.typed)) for word in asked.words],
    }


@require_safe
def search_table(request: HttpRequest, form: str) -> HttpResponse:
    """What was found, at most a thousand, as ``csv`` or ``xlsx``."""
    require_current(at=timezone.now())
    asked = _asked_with_conditions(request, request.user)
    found = find(asked.question(request.user))
    lines = table_rows(found.entries(0, COUNTED), asked)
    if form == "csv":
        table = "".join(csv_table(TABLE_HEADER, lines))
        response = HttpResponse(table, content_type="text/csv; charset=utf-8")
    else:
        response = HttpResponse(workbook_of("搜索结果", TABLE_HEADER, lines), content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="search.{form}"'
    return response


@require_safe
@conditional_page
def search_feed(request: HttpRequest) -> HttpResponse:
    """The newest hits of any search; what programs fetch and pass on holds nothing that is not public."""
    require_current(at=timezone.now())
    visitor = AnonymousUser()
    asked = _asked_with_conditions(request, visitor, order="newest")
    page = request.build_absolute_uri(f"{reverse('search')}?{asked.address}")
    made = Atom1Feed(
        title=held(f"{settings.SITE_NAME} 搜索：{asked.words_in_short}"),
        link=page,
        description="",
        language="zh-CN",
        author_name=settings.SITE_OWNER,
        feed_url=request.build_absolute_uri(),
        feed_guid=f"tag:{settings.SITE_DOMAIN},{TAG_DATE}:search?{asked.address}",
    )
    for entry in find(asked.question(visitor)).entries(0, FEED_SIZE):
        zone = timezone.get_default_timezone()
        day = datetime.combine(entry.day, time(), zone) if entry.day else None
        made.add_item(
            title=held(entry.title),
            link=request.build_absolute_uri(iri_to_uri(entry.url)),
            description=held(passage_of(entry, asked)),
            unique_id=f"tag:{settings.SITE_DOMAIN},{TAG_DATE}:{entry.kind}/{entry.object_id}",
            pubdate=day,
            updateddate=entry.changed_at.astimezone(UTC),
        )
    return HttpResponse(made.writeString("utf-8"), content_type=made.content_type)


def _asked_with_conditions(request: HttpRequest, visitor: Any, **more: str) -> Asked:
    """What the address asks for; programs are told of what the page would leave aside."""
    asked = asked_by({**request.GET.dict(), **more}, visitor)
    if asked.errors:
        raise InvalidInput("".join(asked.errors))
    if not asked.anything:
        raise InvalidInput("地址中没有搜索条件，请先在搜索页写上词语，再使用页面给出的地址。")
    return asked

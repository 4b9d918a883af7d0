"""The filtered list of documents as table, workbook, feed and calendar."""

from collections.abc import Iterator
from typing import Any

from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import conditional_page, require_safe

from directives.filters import DirectiveFilter
from directives.models import Directive, LegalState
from foundation.subscriptions import Item, atom, calendar
from foundation.tables import Row, refuse_errors, table_file

HEADER = (
    "标题",
    "发文字号",
    "发文机关",
    "成文日期",
    "种类",
    "有效性",
    "有效性截至",
    "主题",
    "来源",
    "发布状态",
)
NEWEST = (F("issued_on").desc(nulls_last=True), "-pk")
FEED_SIZE = 100
MOST_DAYS = 20_000
CHUNK = 500


@require_safe
def directives_table(request: HttpRequest, form: str) -> HttpResponseBase:
    """All documents that pass the filter, the newest first."""
    found = _chosen(request, Directive.objects.visible_to(request.user))
    rows = (_row(directive, found.day.isoformat()) for directive in _each(found.qs.order_by(*NEWEST)))
    return table_file(form, stem="directives", title="政策文件", header=HEADER, rows=rows)


def _each(found: Any) -> Iterator[Directive]:
    yield from found.prefetch_related("topics").iterator(chunk_size=CHUNK)


def _row(directive: Directive, day: str) -> Row:
    return (
        directive.title,
        directive.number,
        directive.issuer,
        directive.issued_on.isoformat() if directive.issued_on else "",
        directive.get_kind_display(),
        str(LegalState(directive.status_code).label),  # type: ignore[attr-defined]  # annotated
        day,
        "、".join(topic.name for topic in directive.topics.all()),
        directive.source,
        directive.get_publication_display(),
    )


@require_safe
@conditional_page
def directives_feed(request: HttpRequest) -> HttpResponse:
    """The documents that changed last; what programs fetch and pass on holds nothing that is not public."""
    newest = _public(request).order_by("-updated_at", "-pk")[:FEED_SIZE]
    return atom(
        request, title="政策文件", path=reverse("directives:index"), items=(_item(found) for found in newest)
    )


@require_safe
@conditional_page
def directives_calendar(request: HttpRequest) -> HttpResponse:
    """Public documents on the day of their date."""
    dated = _public(request).filter(issued_on__isnull=False).order_by(*NEWEST)[:MOST_DAYS]
    return calendar(request, title="政策文件", items=(_item(directive) for directive in dated))


def _public(request: HttpRequest) -> Any:
    found = _chosen(request, Directive.objects.published().filter(is_public=True))
    return found.qs.prefetch_related("topics")


def _chosen(request: HttpRequest, visible: Any) -> DirectiveFilter:
    found = DirectiveFilter(request.GET, queryset=visible, request=request)
    refuse_errors(found.form)
    return found


def _item(directive: Directive) -> Item:
    facts = (directive.number, directive.issuer, directive.summary)
    return Item(
        key=f"directives/{directive.pk}",
        title=directive.title,
        path=directive.get_absolute_url(),
        changed=directive.updated_at,
        text="\n".join(fact for fact in facts if fact),
        day=directive.issued_on,
        categories=[topic.name for topic in directive.topics.all()],
    )

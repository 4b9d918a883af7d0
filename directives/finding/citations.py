"""Citations of what the portal does not hold (未收录), over all documents."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Exists, F, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from directives.finding.filters import CitationFilter
from directives.models import Citation, Directive
from foundation.tables import refuse_errors, table_file
from organizations.visitors import Visitor

PAGE_SIZE = 50
ORDERS: dict[str, tuple[Any, ...]] = {
    "title": ("title", "number", "pk"),
    "-title": ("-title", "-number", "-pk"),
    "issued_on": (F("directive__issued_on").asc(nulls_last=True), "directive", "order"),
    "-issued_on": (F("directive__issued_on").desc(nulls_last=True), "-directive", "order"),
}
HEADER = ("所引题名", "所引文号", "引用它的文件", "发文字号", "成文日期")


@require_safe
def unresolved(request: HttpRequest) -> HttpResponse:
    """What visible documents cite and the reader finds no page of."""
    found, order = _found(request)
    context = {
        "page": Paginator(found.qs, PAGE_SIZE).get_page(request.GET.get("page")),
        "form": found.form,
        "order": order,
        "filtered": bool(request.GET.get("q")),
    }
    return render(request, "directives/unresolved.html", context)


@require_safe
def unresolved_table(request: HttpRequest, form: str) -> HttpResponseBase:
    """The same, to take along."""
    found, _ = _found(request)
    refuse_errors(found.form)
    rows = (_row(citation) for citation in found.qs.iterator())
    return table_file(form, stem="unresolved-citations", title="未收录的引用", header=HEADER, rows=rows)


def _found(request: HttpRequest) -> tuple[CitationFilter, str]:
    order = request.GET.get("sort", "title")
    order = order if order in ORDERS else "title"
    unheld = unheld_for(request.user).order_by(*ORDERS[order])
    return CitationFilter(request.GET, queryset=unheld, request=request), order


def unheld_for(visitor: Visitor) -> QuerySet[Citation]:
    """Citations in documents that the visitor may see, of which he finds no page."""
    visible = Directive.objects.visible_to(visitor).order_by()
    cited = Citation.objects.filter(directive__in=visible.values("pk"))
    return cited.exclude(Exists(visible.filter(pk=OuterRef("target")))).select_related("directive")


def _row(citation: Citation) -> tuple[str, ...]:
    document = citation.directive
    day = document.issued_on.isoformat() if document.issued_on else ""
    return (citation.title, citation.number, document.title, document.number, day)

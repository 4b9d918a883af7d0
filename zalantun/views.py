"""The home page and the search."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from foundation.largertext import ON, choose_text
from zalantun.home import home_page
from zalantun.search import PAGE_SIZE, Found, holdings, kinds_for, search
from zalantun.words import MAX_LENGTH, left_out, words_of

# Nobody turns to it; a larger number would not fit into a query.
LAST_PAGE = 1_000_000


def home(request: HttpRequest) -> HttpResponse:
    """The home page."""
    return render(request, "zalantun/home.html", home_page(request.user, timezone.localdate()))


@csrf_exempt  # pages kept for visitors carry no token; another site could change no more than a text size
@require_POST
def larger_text(request: HttpRequest) -> HttpResponse:
    """Switch 长者模式 on (``on=1``) or off and go back to the page that one came from (``next``)."""
    way = request.POST.get("next", "")
    known = url_has_allowed_host_and_scheme(way, allowed_hosts=None) and way.startswith("/")
    response = redirect(way if known else "home")
    choose_text(response, larger=request.POST.get("on") == ON)
    return response


def search_page(request: HttpRequest) -> HttpResponse:
    """Search in all records; without words, what can be searched."""
    query = request.GET.get("q", "").replace("\x00", "").strip()
    kinds = kinds_for(request.user)
    kind = request.GET.get("kind", "")
    kind = kind if kind in kinds else ""
    words = words_of(query)
    context: dict[str, Any] = {"query": query[:MAX_LENGTH], "kinds": kinds, "kind": kind, "words": words}
    if words:
        context |= _results(request, query, kind) | {"left_out": left_out(query)}
    else:
        context["holdings"] = holdings(request.user)
    return render(request, "zalantun/search.html", context)


def _results(request: HttpRequest, query: str, kind: str) -> dict[str, Any]:
    page = _page_number(request.GET.get("page", "1"))
    found = search(query, visitor=request.user, kind=kind, offset=(page - 1) * PAGE_SIZE)
    chosen = _chosen(found, kind)
    if chosen and chosen.total and not chosen.rows:  # past the last page
        page = -(-chosen.total // PAGE_SIZE)
        found = search(query, visitor=request.user, kind=kind, offset=(page - 1) * PAGE_SIZE)
        chosen = _chosen(found, kind)
    pages = Paginator(range(chosen.total), PAGE_SIZE).get_page(page) if chosen else None
    return {
        "found": found,
        "chosen": chosen,
        "page": pages,
        "total": sum(group.total for group in found),
    }


def _chosen(found: list[Found], kind: str) -> Found | None:
    return next((group for group in found if group.kind == kind), None)


def _page_number(text: str) -> int:
    return min(max(int(text), 1), LAST_PAGE) if text.isdecimal() and len(text) < 10 else 1

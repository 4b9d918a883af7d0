"""PDFs over HTTP: from the cache, built at once, or with a page that shows progress.

The caller has checked the right and made the page with what the person may
see; both happen at every request, so a finished document is never handed to
somebody who may not have it.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import content_disposition_header
from kombu.exceptions import OperationalError

from foundation.errors import DomainError
from printing import store, tasks
from printing.building import build_at_once, is_building, page_reached, place_order
from printing.printouts import Ordered, Printout

ASK_AGAIN_SECONDS = 2


class NothingToPrint(DomainError):
    """What was asked for does not exist, or not for this person."""

    status = 404


class PressUnavailable(DomainError):
    """The background takes no orders."""

    status = 503


def deliver(request: HttpRequest, printout: Printout) -> HttpResponse:
    """The document, or word of how far it is."""
    unchanged = get_conditional_response(request, etag=printout.etag)
    if unchanged:
        return private(unchanged)
    pdf = store.read(printout.key)
    if pdf is None:
        pdf = _built_at_once(printout) or _ordered(printout)
    if pdf is None:
        return _progress(request, printout)
    if _asks_for_progress(request):
        return _arrived()
    return _answer(printout, pdf)


def deliver_or_order(printout: Printout) -> HttpResponse | None:
    """The document, for what has no address of its own; None when the background was given it.

    Raises PressUnavailable when the background takes no orders.
    """
    pdf = store.read(printout.key) or _built_at_once(printout) or _ordered(printout)
    return _answer(printout, pdf) if pdf else None


def deliver_ordered(request: HttpRequest, ordered: Ordered) -> HttpResponse:
    """What ``deliver_or_order`` gave to the background, or word of how far it is.

    Raises NothingToPrint for what nobody works at any more, PressUnavailable for what failed.
    """
    pdf = store.read(ordered.key)
    if pdf is None and store.age(ordered.key, "failed") is not None:
        raise PressUnavailable(
            "排版时出了错，已记入日志。请稍后从原来的页面再试；仍不成功，请告诉系统管理员。"
        )
    if pdf is None and store.age(ordered.key, "order") is None:
        # Between the end of the order and the first look the document may have arrived.
        pdf = store.read(ordered.key)
        if pdf is None:
            raise NothingToPrint("这份文件已不再保留。请从原来的页面重新生成。")
    if pdf is None:
        return _progress(request, ordered)
    if _asks_for_progress(request):
        return _arrived()
    return _answer(ordered, pdf)


def _built_at_once(printout: Printout) -> bytes | None:
    return None if printout.is_long else build_at_once(printout)


def order_ahead(printout: Printout) -> None:
    """Have a document set before anybody asks for it; without a background it is set when asked for."""
    if store.read(printout.key) is None and place_order(printout):
        try:
            tasks.build_printout.delay(printout.key)
        except (OperationalError, OSError):
            store.remove(printout.key, "order")


def _ordered(printout: Printout) -> bytes | None:
    """Order it; where the background is quick it is there already."""
    if place_order(printout):
        try:
            tasks.build_printout.delay(printout.key)
        except (OperationalError, OSError) as error:
            store.remove(printout.key, "order")
            raise PressUnavailable("后台程序没有接收排版任务，文件还没有生成。请稍后再试。") from error
    return store.read(printout.key)


def _asks_for_progress(request: HttpRequest) -> bool:
    return bool(request.htmx) and not request.htmx.boosted  # type: ignore[attr-defined]  # set by its middleware


def _progress(request: HttpRequest, printout: Printout | Ordered) -> HttpResponse:
    key = printout.key
    context = {
        "title": printout.title,
        "page": page_reached(key),
        "building": is_building(key),
        "failed": store.age(key, "failed") is not None,
        "address": request.get_full_path(),
    }
    if _asks_for_progress(request):
        return private(render(request, "printing/_progress.html", context))
    response = render(request, "printing/progress.html", context, status=202)
    response["Retry-After"] = str(ASK_AGAIN_SECONDS)
    return private(response)


def _arrived() -> HttpResponse:
    """Tell the progress page to load its address again: the document is there now."""
    return private(HttpResponse(headers={"HX-Refresh": "true"}))


def _answer(printout: Printout | Ordered, pdf: bytes) -> HttpResponse:
    store.keep(printout.key)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, printout.file_name) or "inline"
    response["ETag"] = printout.etag
    # A browser's own viewer is made of parts that the site's policy would refuse it.
    response._csp_exempt = True  # type: ignore[attr-defined]  # read by django-csp
    return private(response)


def as_attachment(data: bytes, content_type: str, file_name: str, etag: str) -> HttpResponse:
    """A file to be saved."""
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, file_name) or "attachment"
    response["ETag"] = etag
    return private(response)


def private(response: HttpResponse) -> HttpResponse:
    """Ask again each time: what was allowed yesterday may not be today."""
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Cookie", "Authorization", "HX-Request"])
    return response

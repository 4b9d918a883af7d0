"""Building PDFs once, at once or to order."""

import json
import logging
import time

from printing import store
from printing.layouts import Layout
from printing.printouts import Printout
from printing.progress import pages_reported
from printing.rendering import PRESS, render_pdf

LOGGER = logging.getLogger(__name__)
# So long a request waits for the press, or for another request that builds the same document.
WAIT_SECONDS = 5.0
# An order that nobody works at after this time was lost with its queue: it is placed again.
LOST_AFTER_SECONDS = 900.0
FAILURE_SECONDS = 60.0
REPORT_EVERY_SECONDS = 0.5


def build_at_once(printout: Printout) -> bytes | None:
    """The PDF, built here unless somebody builds it now; None when that takes too long to wait for."""
    key = printout.key
    with store.building(key, wait_seconds=WAIT_SECONDS) as held:
        finished = store.read(key)
        if finished or not held:
            return finished
        if not PRESS.acquire(timeout=WAIT_SECONDS):
            return None
        try:
            pdf = render_pdf(printout.html, layout=printout.layout)
        finally:
            PRESS.release()
        _keep(key, pdf)
        return pdf


def _keep(key: str, pdf: bytes) -> None:
    try:
        store.write(key, "pdf", pdf)
    except OSError:
        LOGGER.exception("The finished document could not be kept; it is handed out all the same")


def place_order(printout: Printout) -> bool:
    """Put a document in line for the background; False when it already stands there."""
    key = printout.key
    if (store.age(key, "failed") or FAILURE_SECONDS) < FAILURE_SECONDS:
        return False
    store.remove(key, "failed")
    waiting = store.age(key, "order")
    if waiting is not None and waiting > LOST_AFTER_SECONDS and not is_building(key):
        store.remove(key, "order", "page")
    order = {"html": printout.html, "layout": printout.layout}
    return store.write_new(key, "order", json.dumps(order).encode())


def is_building(key: str) -> bool:
    """Whether some process builds it at this moment."""
    with store.building(key, wait_seconds=0) as free:
        return not free


def build_ordered(*, key: str) -> None:
    """Build what was ordered; nothing when it is finished, at work elsewhere, or was taken back."""
    with store.building(key, wait_seconds=0) as held:
        order = store.read(key, "order")
        if not held or order is None:
            return
        try:
            if store.read(key) is None:
                store.write(key, "pdf", _render(key, order))
        except Exception:
            store.write(key, "failed", b"")
            raise
        finally:
            store.remove(key, "order", "page")


def _render(key: str, order: bytes) -> bytes:
    wanted = json.loads(order)
    reported = 0.0

    def report(page: int) -> None:
        nonlocal reported
        if time.monotonic() - reported >= REPORT_EVERY_SECONDS:
            store.write(key, "page", str(page).encode())
            reported = time.monotonic()

    with pages_reported(report):
        return render_pdf(wanted["html"], layout=Layout(wanted["layout"]))


def page_reached(key: str) -> int | None:
    """The page that the background is at; None before it begins."""
    reached = store.read(key, "page")
    return int(reached) if reached else None

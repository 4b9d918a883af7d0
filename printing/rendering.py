"""HTML to PDF: the same bytes for the same input, and nothing fetched from anywhere."""

import hashlib
import threading
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version

from printing import fonts
from printing.layouts import Layout, style_files

# One at a time: Pango's font map is not made for threads, and two would only halve each other's speed.
PRESS = threading.RLock()


@cache
def style_signature(layout: Layout) -> str:
    """Changes with anything but the document that decides how it is printed."""
    parts = [version("weasyprint"), fonts.signature(), *(path.read_text() for path in style_files(layout))]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def render_pdf(
    html: str, *, layout: Layout = Layout.GAZETTE, resources: Mapping[str, bytes] | None = None
) -> bytes:
    """The document as PDF.

    Title, author, keywords and date come from the document's own head
    (``<title>``, ``<meta name=author>``, ``<meta name=dcterms.created>``), the
    language from ``<html lang>``, the outline from its headings. ``resources``
    are pictures by the name under which the document refers to them; anything
    else it refers to is left out. Equal input gives equal bytes.
    """
    text = fonts.printable(html)
    digest = hashlib.sha256(f"{style_signature(layout)}\n{text}".encode()).hexdigest()
    with PRESS:
        # Here and not above: WeasyPrint would take a quarter of the start of processes that never print.
        from printing import press  # noqa: PLC0415

        return press.write_pdf(
            text, layout=layout, resources=resources or {}, identifier=digest[:32].encode()
        )

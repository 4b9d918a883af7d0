"""HTML to PDF: the same bytes for the same input, and nothing fetched from anywhere."""

import hashlib
import threading
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import weasyprint
from weasyprint.css.counters import CounterStyle
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from printing import fonts
from printing.justification import spread_characters

STYLES = Path(__file__).resolve().parent / "styles"
# Addresses of what is handed in; no such place exists, so nothing else can be meant.
HANDED_IN = "https://handed-in.invalid/"
FANGSONG = "fangsong.otf"
FANGSONG_FACE = f'@font-face {{ font-family: FandolFang; src: url("{HANDED_IN}{FANGSONG}") }}'

# One at a time: Pango's font map is not made for threads, and two would only halve each other's speed.
PRESS = threading.RLock()

spread_characters()


class Layout(StrEnum):
    """Page styles, never to be confused.

    ``GAZETTE`` what was taken from a gazette: official typography, source line,
    no red head, no seal. ``OFFICIAL`` a document issued here, after
    GB/T 9704-2012. ``REPORT`` working papers: tables and plots.
    """

    GAZETTE = "gazette"
    OFFICIAL = "official"
    REPORT = "report"


class NotHandedIn(ValueError):
    """The document refers to something that was not handed in with it."""


class HandedInFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
    """Serves what was handed in, by name; no network, no files."""

    def __init__(self, resources: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=())
        self.resources = resources

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """The bytes behind one of our own addresses."""
        name = url.removeprefix(HANDED_IN)
        if name == url or name not in self.resources:
            raise NotHandedIn(url)
        return URLFetcherResponse(url, self.resources[name])


@cache
def font_configuration() -> Any:
    """The fonts of this process; finding them anew for each document costs more than a page."""
    return FontConfiguration()


@cache
def counter_styles(layout: Layout) -> Any:
    """The ways of counting that the stylesheets of a layout define."""
    return CounterStyle()


@cache
def stylesheets(layout: Layout) -> list[Any]:
    """The stylesheets of a layout, parsed once per process."""
    file = fonts.fangsong_file()
    resources = {FANGSONG: file.read_bytes()} if file else {}
    sources = [FANGSONG_FACE if file else "", *(path.read_text() for path in style_files(layout))]
    return [
        weasyprint.CSS(
            string=source,
            base_url=HANDED_IN,
            url_fetcher=HandedInFetcher(resources),
            font_config=font_configuration(),
            counter_style=counter_styles(layout),
        )
        for source in sources
    ]


def style_files(layout: Layout) -> list[Path]:
    """The files of a layout, in the order of their weight."""
    return [STYLES / "typography.css", STYLES / f"{layout}.css"]


@cache
def style_signature(layout: Layout) -> str:
    """Changes with anything but the document that decides how it is printed."""
    parts = [weasyprint.__version__, fonts.signature(), *(path.read_text() for path in style_files(layout))]
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
    digest = hashlib.sha256(f"{style_signature(layout)}\n{text}".encode())
    with PRESS:
        document = weasyprint.HTML(
            string=text, base_url=HANDED_IN, url_fetcher=HandedInFetcher(resources or {})
        )
        pdf: bytes = document.write_pdf(
            stylesheets=stylesheets(layout),
            font_config=font_configuration(),
            counter_style=counter_styles(layout),
            pdf_identifier=digest.hexdigest()[:32].encode(),
        )
    return pdf

"""WeasyPrint at work, loaded by the processes that print and by no other."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import weasyprint
from weasyprint.css.counters import CounterStyle
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from printing import fonts
from printing.justification import spread_characters
from printing.layouts import Layout, style_files

# Addresses of what is handed in; no such place exists, so nothing else can be meant.
HANDED_IN = "https://handed-in.invalid/"
FANGSONG = "fangsong.otf"
FANGSONG_FACE = f'@font-face {{ font-family: FandolFang; src: url("{HANDED_IN}{FANGSONG}") }}'

# Where an official document has its imprint, and what sends it to the back of a sheet.
IMPRINT = 'class="imprint-place"'
ON_A_BACK = ".imprint-place { break-before: left }"
UNNUMBERED = ".imprint-place { page: imprint }"

spread_characters()


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


def write_pdf(html: str, *, layout: Layout, resources: Mapping[str, bytes], identifier: bytes) -> bytes:
    """The document as PDF; ``identifier`` is what the file says of itself instead of a random one."""
    document = weasyprint.HTML(string=html, base_url=HANDED_IN, url_fetcher=HandedInFetcher(resources))
    pages = _set(document, layout)
    if IMPRINT in html and len(pages.pages) % 2:
        pages = _with_imprint_on_a_back(document, layout)
    pdf: bytes = pages.write_pdf(pdf_identifier=identifier)
    return pdf


def _with_imprint_on_a_back(document: Any, layout: Layout) -> Any:
    """GB/T 9704-2012, 7.4 and 7.5: the imprint ends an even page; after a blank page neither is numbered."""
    pages = _set(document, layout, ON_A_BACK)
    if any(page._page_box.page_type.blank for page in pages.pages):
        pages = _set(document, layout, ON_A_BACK + UNNUMBERED)
    return pages


def _set(document: Any, layout: Layout, more: str = "") -> Any:
    """The pages of a document; ``more`` are rules for this one alone."""
    return document.render(
        stylesheets=[*stylesheets(layout), *([weasyprint.CSS(string=more)] if more else [])],
        font_config=font_configuration(),
        counter_style=counter_styles(layout),
    )

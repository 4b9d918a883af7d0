"""The page styles: which there are and the files they are made of."""

from enum import StrEnum
from pathlib import Path

STYLES = Path(__file__).resolve().parent / "styles"


class Layout(StrEnum):
    """Page styles, never to be confused.

    ``GAZETTE`` what was taken from a gazette: official typography, source line,
    no red head, no seal. ``ISSUE`` a whole issue of it, with cover and contents.
    ``OFFICIAL`` a document issued here, after GB/T 9704-2012. ``REPORT`` working
    papers: tables and plots.
    """

    GAZETTE = "gazette"
    ISSUE = "issue"
    OFFICIAL = "official"
    REPORT = "report"


# Styles that a layout builds upon, besides the typography of all.
BASES: dict[Layout, tuple[str, ...]] = {Layout.ISSUE: ("gazette",)}


def style_files(layout: Layout) -> list[Path]:
    """The files of a layout, in the order of their weight."""
    names = ["typography", *BASES.get(layout, ()), layout]
    return [STYLES / f"{name}.css" for name in names]

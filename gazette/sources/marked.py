"""Paragraphs as lines of plain text: headings and bold keep the marks that the parser knows."""

import re

SPACES = re.compile(r"[ \t\r\n\u00a0]+")
CELL_GAP = "  "


def tidy(text: str) -> str:
    """The text with runs of blanks as one, none at its ends."""
    return SPACES.sub(" ", text).strip()


def line_of(text: str, *, heading: bool = False, bold: str = "") -> str:
    """A paragraph in one line; ``bold`` is what it begins with in bold type."""
    text, bold = tidy(text), tidy(bold)
    if heading and text:
        return f"# {text}"
    if bold and text.startswith(bold):
        return f"**{bold}**{text[len(bold) :]}"
    return text


def row_of(cells: list[str]) -> str:
    """The row of a table in one line."""
    return CELL_GAP.join(cell for cell in (tidy(cell) for cell in cells) if cell)

"""Lines put together to paragraphs again, across line ends and page breaks."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from gazette.parser.lines import Line
from gazette.parser.patterns import (
    RESPONSIBILITY_BRACKET,
    is_terminated,
    numbering,
    starts_something,
)

# A heading is shorter than this; a longer line that ends nowhere was cut by the page.
HEADING_LENGTH = 30
OPEN_BRACKET = re.compile(r"[（(][^（）()]{0,150}$")
ASCII_EDGE = re.compile(r"[A-Za-z0-9]$")
Opener = Callable[[str], bool]


@dataclass(slots=True)
class Paragraph:
    """A paragraph and the lines it stands on."""

    text: str
    line: int
    last_line: int
    last_length: int
    emphasis: bool = False

    def append(self, line: Line) -> None:
        """Go on with another line."""
        self.text = glue(self.text, line.text)
        self.last_line, self.last_length = line.number, len(line.text)


def glue(first: str, second: str) -> str:
    """Two halves of a sentence; only Latin words and figures need the space between them."""
    between = " " if ASCII_EDGE.search(first) and re.match(r"[A-Za-z]", second) else ""
    return first + between + second


def build_paragraphs(lines: Iterable[Line], opens: Opener = lambda text: False) -> list[Paragraph]:
    """Join lines that belong together; ``opens`` names further lines that begin something."""
    paragraphs: list[Paragraph] = []
    for line in lines:
        if paragraphs and continues(paragraphs[-1], line, opens):
            paragraphs[-1].append(line)
        else:
            paragraphs.append(Paragraph(line.text, line.number, line.number, len(line.text), line.emphasis))
    return paragraphs


def continues(paragraph: Paragraph, line: Line, opens: Opener) -> bool:
    """Whether the line goes on with the paragraph."""
    if RESPONSIBILITY_BRACKET.match(line.text):
        return True
    if OPEN_BRACKET.search(paragraph.text):
        return not starts_something(line.text) or not line.after_blank
    if is_terminated(paragraph.text) or starts_something(line.text) or opens(line.text):
        return False
    if starts_something(paragraph.text) and not numbering(paragraph.text):
        return False
    if opens(paragraph.text) and paragraph.line == paragraph.last_line:
        return False
    return not line.emphasis and paragraph.last_length >= HEADING_LENGTH

"""Lines put together to paragraphs again, across line ends and page breaks."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from gazette.parser.lines import Line
from gazette.parser.patterns import (
    ARTICLE,
    RESPONSIBILITY,
    RESPONSIBILITY_BRACKET,
    SENTENCE_ENDS,
    ends_sentence,
    is_terminated,
    numbering,
    starts_something,
)

# A heading is shorter than this; a longer line that ends nowhere was cut by the page.
HEADING_LENGTH = 30
# Lines of a hard-wrapped text are about as long as its longest; longer ones are not wrapped at all.
SHORTEST_WRAPPED, WRAPPED_LENGTH, WRAPPED_SHARE = 16, 60, 0.85
# How far back an open bracket is looked for.
BRACKET_REACH = 150
OPEN_BRACKET = re.compile(r"[（(][^（）()]*$")
# A line that begins with one of these goes on with the line before.
INNER_MARKS = frozenset("，、；：。！？）”》,;")
CLOSERS = "）)”"
RESPONSIBLE_END = re.compile(rf"[（(]\s?{RESPONSIBILITY}\s?[：:][^（）()]*[）)]$")
ASCII_EDGE = re.compile(r"[A-Za-z0-9]$")
Opener = Callable[[str], bool]


@dataclass(slots=True)
class Paragraph:
    """A paragraph and the lines it stands on; ``repeats`` are joints at which a character stands twice."""

    text: str
    line: int
    last_line: int
    last_length: int
    emphasis: bool = False
    repeats: tuple[tuple[int, str], ...] = ()


@dataclass(slots=True)
class Growing:
    """A paragraph that may go on; only its end is looked at again, however long it gets.

    One that was ``opened`` by its form goes on in hard-wrapped text only; one
    that is ``sealed`` (a date, a note, a row of a table) never does.
    """

    first: Line
    opened: bool
    sealed: bool
    numbered: bool
    last: Line
    parts: list[str] = field(default_factory=list)
    repeats: list[tuple[int, str]] = field(default_factory=list)
    end: str = ""

    def append(self, line: Line) -> None:
        """Go on with another line."""
        if line.after_blank and self.end and repeats(self.end, line.text):
            self.repeats.append((self.last.number, line.text[0]))
        between = space_between(self.end, line.text) if self.end else ""
        self.parts.append(between + line.text)
        self.end = (self.end + between + line.text)[-BRACKET_REACH:]
        self.last = line

    def finished(self) -> Paragraph:
        """The whole paragraph."""
        return Paragraph(
            "".join(self.parts),
            self.first.number,
            self.last.number,
            len(self.last.text),
            self.first.emphasis,
            tuple(self.repeats),
        )

    @property
    def is_closed(self) -> bool:
        """Whether a paragraph may end here; a bracket ends a short line or a whole sentence only."""
        if not is_terminated(self.end):
            return False
        if self.end.rstrip()[-1:] not in CLOSERS or len(self.last.text) < HEADING_LENGTH:
            return True
        return ends_sentence(self.end) or bool(RESPONSIBLE_END.search(self.end))


def glue(first: str, second: str) -> str:
    """Two halves of a sentence; only Latin words and figures need the space between them."""
    return first + space_between(first, second) + second


def space_between(first: str, second: str) -> str:
    """The space that a line end stood for: between Latin words."""
    return " " if ASCII_EDGE.search(first) and re.match(r"[A-Za-z]", second) else ""


def repeats(first: str, second: str) -> bool:
    """Whether a page break doubled a character."""
    return first[-1:] == second[:1] and "\u4e00" <= second[:1] <= "\u9fff"


def build_paragraphs(lines: Iterable[Line], opens: Opener = lambda text: False) -> list[Paragraph]:
    """Join lines that belong together; ``opens`` names further lines that begin something."""
    given = list(lines)
    wrapped = wrapped_length(given)
    paragraphs: list[Paragraph] = []
    growing: Growing | None = None
    for line in given:
        if growing and continues(growing, line, opens, wrapped):
            growing.append(line)
            continue
        if growing:
            paragraphs.append(growing.finished())
        growing = begun(line, opens)
    if growing:
        paragraphs.append(growing.finished())
    return paragraphs


def begun(line: Line, opens: Opener) -> Growing:
    """A paragraph that begins with the line."""
    numbered = numbering(line.text) is not None
    sealed = not numbered and not ARTICLE.match(line.text) and starts_something(line.text)
    growing = Growing(line, sealed or opens(line.text), sealed, numbered, line)
    growing.append(line)
    return growing


def wrapped_length(lines: list[Line]) -> float:
    """From which length on a line was cut by the margin; infinite when the text is not hard-wrapped."""
    longest = max((len(line.text) for line in lines), default=0)
    return longest * WRAPPED_SHARE if SHORTEST_WRAPPED <= longest <= WRAPPED_LENGTH else float("inf")


def continues(growing: Growing, line: Line, opens: Opener, wrapped: float) -> bool:
    """Whether the line goes on with the paragraph."""
    if RESPONSIBILITY_BRACKET.match(line.text):
        return True
    begins = starts_something(line.text) or opens(line.text)
    if OPEN_BRACKET.search(growing.end):
        return not begins
    if line.text[0] in INNER_MARKS and not growing.opened:
        return True
    if begins or growing.is_closed or line.emphasis:
        return False
    was_wrapped = not line.after_blank and len(growing.last.text) >= wrapped
    if growing.opened:
        return was_wrapped and not growing.sealed
    if growing.numbered or growing.first.emphasis:
        return was_wrapped or len(growing.last.text) >= HEADING_LENGTH or is_cut(growing.end)
    return True


def is_cut(first: str) -> bool:
    """Whether a short numbered line is the first half of a paragraph, which a heading is not."""
    return any(mark in first for mark in SENTENCE_ENDS)

"""An issue divided into its chronicle and its documents."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from gazette.parser.dates import whole_date
from gazette.parser.headings import chronicle_heading
from gazette.parser.lines import Line
from gazette.parser.patterns import (
    MARK_LENGTH,
    begins_title,
    document_number,
    ends_sentence,
    is_issuer,
    is_rubric,
    is_title,
    names_no_issuer,
)

# A title is printed on so many lines at most.
TITLE_LINES = 4
CHRONICLE, DOCUMENT, RUBRIC, LOOSE = "chronicle", "document", "rubric", "loose"


@dataclass(slots=True)
class Block:
    """Lines that belong together; of a document without those of its title."""

    kind: str
    line: int
    title: str = ""
    lines: list[Line] = field(default_factory=list)


def divide(lines: Sequence[Line]) -> list[Block]:
    """The blocks of an issue in reading order."""
    blocks = [Block(LOOSE, 1)]
    place = 0
    while place < len(lines):
        line = lines[place]
        if chronicle_heading(line.text):
            blocks.append(Block(CHRONICLE, line.number, lines=[line]))
            place += 1
        elif count := title_at(lines, place):
            title = "".join(part.text for part in lines[place : place + count])
            number = _number_before(blocks[-1])
            blocks.append(Block(DOCUMENT, line.number, title, number))
            place += count
        elif is_rubric(line.text) and _divides(lines, place):
            blocks.append(Block(RUBRIC, line.number, line.text))
            place += 1
        else:
            _last_open(blocks).lines.append(line)
            place += 1
    return blocks


def _divides(lines: Sequence[Line], place: int) -> bool:
    """Whether a line stands between parts, and not in the middle of a sentence."""
    line = lines[place]
    if place == 0 or line.emphasis or line.after_blank:
        return True
    before = lines[place - 1].text
    return is_rubric(before) or ends_sentence(before) or bool(whole_date(before[:MARK_LENGTH]))


def _last_open(blocks: list[Block]) -> Block:
    """The block that goes on; under a rubric nothing does."""
    if blocks[-1].kind == RUBRIC:
        blocks.append(Block(LOOSE, blocks[-1].line))
    return blocks[-1]


def _number_before(block: Block) -> list[Line]:
    """The document number that is printed above a title belongs to what follows."""
    if not block.lines or not document_number(block.lines[-1].text):
        return []
    # Directly under its own title it is that document's number.
    if block.kind == DOCUMENT and len(block.lines) == 1:
        return []
    return [block.lines.pop()]


def title_at(lines: Sequence[Line], place: int) -> int:
    """How many lines from here on are the title of a document; 0 when none is."""
    text = lines[place].text
    if len(text) > MARK_LENGTH:
        return 0
    if is_title(text):
        return int(not names_no_issuer(text) or _stands_free(lines, place))
    if not (is_issuer(text) or begins_title(text)):
        return 0
    joined = text
    for count in range(2, TITLE_LINES + 1):
        if place + count > len(lines) or _begins_anew(lines[place + count - 1].text):
            return 0
        joined += lines[place + count - 1].text
        if is_title(joined):
            return count
    return 0


def _begins_anew(text: str) -> bool:
    """Whether a line cannot go on with a title: another title, or a sentence."""
    return len(text) > MARK_LENGTH or is_issuer(text) or begins_title(text) or ends_sentence(text)


def _stands_free(lines: Sequence[Line], place: int) -> bool:
    """Whether a title without an issuer is more than the end of a hard-wrapped sentence."""
    if place == 0 or lines[place].emphasis:
        return True
    return lines[place].after_blank and ends_sentence(lines[place - 1].text)

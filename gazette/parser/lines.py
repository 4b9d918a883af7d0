"""Lines without their markup; furniture of the page set apart.

Gazettes come out of OCR and converters: heading marks, bold, list dashes and
superscript tags are removed here and remembered only where they help later.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from gazette.parser.records import Furniture

SUPERSCRIPTS = {"2": "²", "3": "³", "1": "¹", "0": "⁰"}
SUP_TAG = re.compile(r"<su[pb]>([^<]{0,24})</su[pb]>", re.IGNORECASE)
HEADING = re.compile(r"^\s*#{1,6}\s*")
BOLD = re.compile(r"\*\*|__")
LIST_DASH = re.compile(r"^\s*[-*+]\s+(?=\S)")
RULE = re.compile(r"^\s*([-*_=])(\s*\1){2,}\s*$")
TABLE_OF_CONTENTS = re.compile(r"^.{1,120}?(?:…{2,}|\.{4,}|·{4,}|．{3,})\s*[（(]?\d{1,4}[）)]?$")
PAGE_NUMBER = re.compile(
    r"^(?:[-—–－·•]{1,3}\s*\d{1,4}\s*[-—–－·•]{1,3}|第\s*\d{1,4}\s*页(?:\s*[,，/]?\s*共\s*\d{1,4}\s*页)?|\d{1,4})$"
)
RUNNING_HEAD = re.compile(r"^[\u4e00-\u9fff]{2,24}公报(?:\s*[（(]?\s*(?:19|20)\d\d\s*年?.{0,24})?$")
GAZETTE_NAME = re.compile(r"[\u4e00-\u9fff]{2,24}公报")
BLANK = re.compile(r"[\s\u3000\ufeff\u200b]+")
EDGE = " \t\u3000\ufeff\u200b"
# Furniture is short; a longer line is not compared with its patterns.
FURNITURE_LENGTH = 160


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text: ``emphasis`` is True when it was marked as heading or bold."""

    number: int
    text: str
    emphasis: bool
    after_blank: bool

    @property
    def bare(self) -> str:
        """The text without any white space."""
        return BLANK.sub("", self.text)


def split_lines(text: str) -> tuple[list[Line], list[Furniture]]:
    """Lines with text in them, and the furniture between them; numbers count from 1."""
    lines: list[Line] = []
    furniture: list[Furniture] = []
    after_blank = True
    for number, raw in enumerate(text.split("\n"), start=1):
        content, emphasis = strip_markup(raw)
        if not content:
            after_blank = True
        elif printed := furniture_in(raw.strip(EDGE), content):
            furniture.append(Furniture(number, printed))
        else:
            lines.append(Line(number, content, emphasis, after_blank))
            after_blank = False
    return lines, furniture


def strip_markup(raw: str) -> tuple[str, bool]:
    """The text of a line, and whether it was emphasised."""
    if RULE.match(raw):
        return "", False
    text = SUP_TAG.sub(_superscript, raw)
    heading = HEADING.match(text)
    if heading:
        text = text[heading.end() :]
    emphasis = bool(heading) or text.lstrip().startswith(("**", "__"))
    text = BOLD.sub("", LIST_DASH.sub("", text))
    return text.strip(EDGE), emphasis


def _superscript(found: re.Match[str]) -> str:
    return "".join(SUPERSCRIPTS.get(char, char) for char in found[1].strip())


def furniture_in(raw: str, content: str) -> str:
    """The line as furniture, "" when it is text; a page number may look like a list item (- 3 -)."""
    if len(raw) > FURNITURE_LENGTH:
        return ""
    return next((text for text in (raw, content) if is_furniture(text)), "")


def is_furniture(text: str) -> bool:
    """Page numbers, running heads, lines of a table of contents."""
    bare = BLANK.sub("", text)
    return bool(
        PAGE_NUMBER.match(text)
        or RUNNING_HEAD.match(bare)
        or TABLE_OF_CONTENTS.match(text)
        or bare in ("目录", "目次")
    )


def gazette_title(furniture: Iterable[Furniture]) -> str:
    """The gazette's name in 《》, from its running head; empty when there is none."""
    for item in furniture:
        name = GAZETTE_NAME.match(BLANK.sub("", item.text))
        if name:
            return f"《{name[0]}》"
    return ""

"""Files that the portal made itself, read back: what it adds to a gazette's text is taken out again; pure.

The portal names the source under the title, sets rosters as tables, marks annexes that no gazette
printed, and adds notes below the text. None of that is the gazette's.
"""

import re
from collections.abc import Iterator

from gazette.parser.patterns import SPACES, ends_sentence, starts_something
from gazette.parser.rosters import ROLE, split_name

SOURCE = re.compile(r"^（来源：《?([\u4e00-\u9fff]{2,24}公报)》?(.{0,30})）$")
NOTES = re.compile(r"^以下由.{2,40}附注。$")
# Annexes that only a sentence names: the reader finds them there.
MENTIONED = "文中提到、原文未附："
NOT_PRINTED = "（原文未附）"
NO_POST = "原文未印"
ROSTER_HEAD = re.compile(r"^职责\s+姓名\s+职务$")
# A post that fills more than its cell goes on in a line that is shorter than this.
CELL_LENGTH = 20
MARKS = "#*"


def without_additions(text: str) -> str:
    """The text as the gazette gives it; any other file as it is."""
    lines = text.split("\n")
    if not any(SOURCE.match(line) or NOTES.match(line) for line in lines):
        return text
    return "\n".join(_rosters_as_lines(list(_printed(lines))))


def _printed(lines: list[str]) -> Iterator[str]:
    """What stands above the notes, the source as a running head."""
    for line in lines:
        if NOTES.match(line):
            return
        if source := SOURCE.match(line):
            yield f"{source[1]}{source[2]}"
        elif not line.startswith(MENTIONED):
            yield line.removesuffix(NOT_PRINTED)


def _rosters_as_lines(lines: list[str]) -> list[str]:
    """Rows of a roster as a gazette prints them; its name above the table is the portal's."""
    found: list[str] = []
    inside = False
    for place, line in enumerate(lines):
        role, _, rest = line.partition(" ")
        if ROSTER_HEAD.match(line):
            if not inside:
                _drop_last(found)
            inside = True
        elif inside and rest and ROLE.fullmatch(role):
            found.append(_member(role, rest))
        elif inside and line and _ends_a_cell(line, lines[place + 1 :]):
            found[-1 if found[-1] else -2] += line
        else:
            inside = inside and not line
            found.append(line)
    return found


def _member(role: str, rest: str) -> str:
    """A row as a line; what a narrow cell broke is one word again."""
    name, post = split_name(rest)
    words = f"{name} {SPACES.sub('', post)}" if name else rest
    return f"{role}：{words.replace(NO_POST, '')}".strip()


def _ends_a_cell(line: str, following: list[str]) -> bool:
    """Whether a line below a row is the end of its post, and neither text nor the name of another roster."""
    after = next((one for one in following if one), "")
    is_text = line[0] in MARKS or len(line) > CELL_LENGTH or ends_sentence(line) or starts_something(line)
    return not is_text and not ROSTER_HEAD.match(after)


def _drop_last(lines: list[str]) -> None:
    """Take out the last line that holds something."""
    while lines and not lines[-1]:
        lines.pop()
    if lines:
        lines.pop()

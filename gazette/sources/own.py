"""Files that the portal made itself, read back: what it adds to a gazette's text is taken out again; pure.

The portal names the source under the title, sets rosters as tables, marks annexes that no gazette
printed, and adds notes below the text. None of that is the gazette's.
"""

import re
from collections.abc import Iterator

from gazette.sources.marked import CELL_GAP

SOURCE = re.compile(r"^（来源：《?([\u4e00-\u9fff]{2,24}公报)》?(.{0,30})）$")
NOTES = re.compile(r"^以下由.{2,40}附注。$")
NOT_PRINTED = "（原文未附）"
NO_POST = "原文未印"
ROSTER_HEAD = CELL_GAP.join(("职责", "姓名", "职务"))
ROSTER_ROW = re.compile(rf"^([^{CELL_GAP[0]}]+){CELL_GAP}([^{CELL_GAP[0]}]+)(?:{CELL_GAP}(.+))?$")


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
        else:
            yield line.removesuffix(NOT_PRINTED)


def _rosters_as_lines(lines: list[str]) -> list[str]:
    """Rows of a roster as a gazette prints them; its name above the table is the portal's."""
    found: list[str] = []
    inside = False
    for line in lines:
        row = ROSTER_ROW.match(line) if inside else None
        if line == ROSTER_HEAD:
            if not inside:
                _drop_last(found)
            inside = True
        elif row:
            post = (row[3] or "").replace(NO_POST, "")
            found.append(f"{row[1]}：{row[2]} {post}".strip())
        else:
            inside = inside and not line.strip()
            found.append(line)
    return found


def _drop_last(lines: list[str]) -> None:
    """Take out the last line that holds something."""
    while lines and not lines[-1].strip():
        lines.pop()
    if lines:
        lines.pop()

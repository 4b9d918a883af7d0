"""Who answers for something, as printed: （牵头部门：…；配合部门：…；完成时限：…）.

Labels are looked for wherever they stand, so that a wrong separator between
two of them does no harm; what stands under no known label is handed back as
``unplaced`` instead of being dropped.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gazette.parser.departments import DepartmentNames
from gazette.parser.patterns import SPACES, labelled

OPENING, CLOSING = "（(【", "）)】"
BRACKETS = re.compile(f"[{OPENING}{CLOSING}]")
DUTY = "牵头|责任|配合|协办|协助|主办|承办|主责|完成|办结"
LABEL = re.compile(rf"((?:{DUTY}){{1,2}})(部门|单位|领导|时限|时间|期限|科室|人)?\s{{0,8}}[：:]")
OPENED_LABEL = re.compile(rf"[{OPENING}]\s{{0,8}}(?={LABEL.pattern})")
LEADERS_LINE = re.compile(r"\s{0,8}责任领导\s{0,8}[：:]")
BETWEEN_NAMES = re.compile(r"[、，,；;。.]")
CLOSING_WORDS = re.compile(r"等(?:有关|相关)?(?:部门|单位|负责人)?$")
EDGES = " \t\u3000；;，,。.、"
# No department's name is longer; longer wording is a remark, not a name.
NAME_LENGTH = 40
# A bracket that is never closed ends with its paragraph, unless that is far away.
UNCLOSED_LENGTH = 300
LEADING, RESPONSIBLE, SUPPORTING, DUE, PEOPLE = "lead", "responsible", "support", "due", "people"


@dataclass(frozen=True, slots=True)
class Responsibilities:
    """Printed names by what they are to a task; ``due_text`` the printed date."""

    leads: tuple[str, ...] = ()
    supporters: tuple[str, ...] = ()
    leaders: tuple[str, ...] = ()
    due_text: str = ""
    unplaced: tuple[str, ...] = ()


def split_brackets(text: str, names: DepartmentNames) -> tuple[str, Responsibilities | None]:
    """The text without its brackets of responsibilities, and what they say; None when it has none."""
    kept: list[str] = []
    said: list[Responsibilities] = []
    position = 0
    for start, end in _brackets(text):
        kept.append(text[position:start])
        said.append(read_fields(_inside(text[start:end]), names))
        position = end
    if not said:
        return text, None
    kept.append(text[position:])
    return _joined(kept), _together(said, names)


def names_departments(text: str) -> bool:
    """Whether a bracket of the text lays something on departments."""
    labels = (OPENED_LABEL.match(text, start) for start, _ in _brackets(text))
    return any(_kind_of(label) in (LEADING, RESPONSIBLE, SUPPORTING) for label in labels if label)


def read_leaders_line(text: str, names: DepartmentNames) -> Responsibilities | None:
    """An unbracketed 责任领导：…；责任部门：…。 that fills its paragraph; None for anything else."""
    return read_fields(text, names) if LEADERS_LINE.match(text) else None


def read_fields(text: str, names: DepartmentNames) -> Responsibilities:
    """Labels and the words behind them."""
    first = LABEL.search(text)
    before = text[: first.start()] if first else text
    fields: dict[str, list[str]] = {kind: [] for kind in (LEADING, RESPONSIBLE, SUPPORTING, DUE, PEOPLE)}
    for label, words in labelled(LABEL, text):
        fields[_kind_of(label)].append(words.strip(EDGES))
    return _assemble(fields, before, names)


def _kind_of(label: re.Match[str]) -> str:
    duty, noun = label[1], label[2] or ""
    if noun in ("领导", "人"):
        return PEOPLE
    if noun in ("时限", "时间", "期限") or (not noun and duty in ("完成", "办结")):
        return DUE
    if any(word in duty for word in ("配合", "协办", "协助")):
        return SUPPORTING
    return RESPONSIBLE if duty == "责任" else LEADING


def _assemble(fields: dict[str, list[str]], before: str, names: DepartmentNames) -> Responsibilities:
    """Beside a 牵头部门, a 责任部门 supports; alone, it leads."""
    leading, responsible = fields[LEADING], fields[RESPONSIBLE]
    leads, odd_leads = _names_in(leading or responsible, names)
    supporters, odd_supporters = _names_in((responsible if leading else []) + fields[SUPPORTING], names)
    people = tuple(name for words in fields[PEOPLE] for name in _split(words))
    *earlier, due_text = fields[DUE] or [""]
    return Responsibilities(
        leads,
        supporters,
        people,
        due_text,
        (*_some(before), *odd_leads, *odd_supporters, *filter(None, earlier)),
    )


def _together(said: list[Responsibilities], names: DepartmentNames) -> Responsibilities:
    """What several brackets of one paragraph say; the last date counts."""
    if len(said) == 1:
        return said[0]
    dates = [one.due_text for one in said if one.due_text]
    return Responsibilities(
        leads=_once((name for one in said for name in one.leads), names),
        supporters=_once((name for one in said for name in one.supporters), names),
        leaders=tuple(dict.fromkeys(name for one in said for name in one.leaders)),
        due_text=dates[-1] if dates else "",
        unplaced=(*(words for one in said for words in one.unplaced), *dates[:-1]),
    )


def _names_in(fields: list[str], names: DepartmentNames) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Printed names, each department once, and wording that is too long for a name."""
    printed = [
        name if names.knows(name) else CLOSING_WORDS.sub("", name) or name
        for words in fields
        for name in _split(words)
    ]
    odd = tuple(name for name in printed if len(name) > NAME_LENGTH)
    return _once((name for name in printed if len(name) <= NAME_LENGTH), names), odd


def _once(printed: Iterable[str], names: DepartmentNames) -> tuple[str, ...]:
    """Of several printed forms of a department the first."""
    found: dict[str, str] = {}
    for name in printed:
        found.setdefault(names.canonical(name), name)
    return tuple(found.values())


def _split(words: str) -> Iterator[str]:
    pieces = (SPACES.sub("", piece) for piece in BETWEEN_NAMES.split(words))
    return (piece for piece in pieces if piece)


def _some(text: str) -> tuple[str, ...]:
    bare = text.strip(EDGES)
    return (bare,) if bare else ()


def _brackets(text: str) -> Iterator[tuple[int, int]]:
    """Where brackets of responsibilities begin and end, outermost ones, left to right."""
    starts = [found.start() for found in OPENED_LABEL.finditer(text)]
    if not starts:
        return
    ends = _pairs(text)
    position = 0
    for start in starts:
        end = ends.get(start, len(text) if len(text) - start <= UNCLOSED_LENGTH else 0)
        if start >= position and end:
            yield start, end
            position = end


def _inside(bracket: str) -> str:
    return bracket[1:-1] if bracket[-1] in CLOSING else bracket[1:]


def _pairs(text: str) -> dict[int, int]:
    """For each opening bracket the place behind its closing one; widths may differ."""
    open_at: list[int] = []
    pairs: dict[int, int] = {}
    for found in BRACKETS.finditer(text):
        if found[0] in OPENING:
            open_at.append(found.start())
        elif open_at:
            pairs[open_at.pop()] = found.end()
    return pairs


def _joined(kept: list[str]) -> str:
    """Pieces of a sentence without the brackets between them; no mark stands twice."""
    pieces: list[str] = []
    for piece in map(str.strip, kept):
        closed = not pieces or pieces[-1][-1] in EDGES
        if rest := piece.lstrip(EDGES) if closed else piece:
            pieces.append(rest)
    return "".join(pieces)

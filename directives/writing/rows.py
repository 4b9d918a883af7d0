"""Sections, annexes, rosters and stages as rows of a form: read, moved, added, taken out; no database.

Rows know each other by keys that last as long as the page, so that a roster stays in its section wherever
that is moved. A row taken out stays in the form until it is saved, and can be put back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

FIELDS: dict[str, tuple[str, ...]] = {
    "section": ("depth", "number", "heading", "text", "annex"),
    "annex": ("label", "title", "printed", "text"),
    "roster": ("name", "annex", "section", "members"),
    "stage": ("name", "starts_on", "ends_on", "section"),
}
WORDS = {"section": "条目", "annex": "附件", "roster": "名单", "stage": "阶段"}
PREFIXES = {"section": "s", "annex": "a", "roster": "r", "stage": "t"}
BLANK = {"depth": "1", "printed": "1"}
# More of one kind than any document has: a form that was tampered with.
MOST_ROWS = 600
DIGITS = "一二三四五六七八九"


@dataclass(slots=True)
class Row:
    """One part; ``gone`` when it was taken out on this page, ``error`` what is wrong with it."""

    kind: str
    key: str
    values: dict[str, str]
    gone: bool = False
    error: str = ""
    focus: bool = False

    @property
    def word(self) -> str:
        """What the row is, with its first words."""
        said = (self.values.get(name, "") for name in ("number", "label", "heading", "title", "name", "text"))
        return " ".join(part for part in said if part)[:24] or f"新{WORDS[self.kind]}"


@dataclass(slots=True)
class Rows:
    """All parts of a document, each kind in order."""

    kinds: dict[str, list[Row]] = field(default_factory=lambda: {kind: [] for kind in FIELDS})

    @property
    def sections(self) -> list[Row]:
        """The sections, those that were taken out among them."""
        return self.kinds["section"]

    def standing(self, kind: str) -> list[Row]:
        """Rows that are not taken out."""
        return [row for row in self.kinds[kind] if not row.gone]

    def new_key(self, kind: str) -> str:
        """A key that no row of the kind has."""
        known = {row.key for row in self.kinds[kind]}
        prefix = PREFIXES[kind]
        return next(key for n in range(1, len(known) + 2) if (key := f"{prefix}{n}") not in known)


def read_rows(posted: Mapping[str, str]) -> Rows:
    """The rows as the form sent them, in the order in which they stand on the page."""
    rows = Rows()
    for kind, names in FIELDS.items():
        for place in range(_count(posted.get(f"{kind}-count", ""))):
            prefix = f"{kind}-{place}-"
            key = posted.get(f"{prefix}key", "")[:12] or rows.new_key(kind)
            values = {name: _text(posted.get(prefix + name, "")) for name in names}
            rows.kinds[kind].append(Row(kind, key, values, gone=posted.get(f"{prefix}gone") == "1"))
    return rows


def _count(text: str) -> int:
    return min(int(text), MOST_ROWS) if text.isdecimal() and len(text) < 6 else 0


def _text(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def take_step(rows: Rows, step: str) -> None:
    """Do what a button of the form says: ``section:up:k3``, ``roster:add:``, ``section:renumber:``.

    A step that fits no row changes nothing: the page is shown again as it was.
    """
    kind, _, rest = step.partition(":")
    what, _, key = rest.partition(":")
    if kind not in FIELDS:
        return
    kept = rows.kinds[kind]
    place = next((n for n, row in enumerate(kept) if row.key == key), None)
    if what in ("add", "below"):
        _add(rows, kind, place, below=what == "below")
    elif what == "renumber" and kind == "section":
        renumber(rows.standing(kind))
    elif place is not None:
        _change(kept, place, what)


def _add(rows: Rows, kind: str, place: int | None, *, below: bool) -> None:
    """A new row behind another and what is under it, of its depth and annex; at the end when none is named.

    ``below``: the first one under it, a depth deeper.
    """
    kept = rows.kinds[kind]
    if len(kept) >= MOST_ROWS:
        return
    values = {name: BLANK.get(name, "") for name in FIELDS[kind]}
    if place is not None:
        values |= {name: kept[place].values[name] for name in ("depth", "annex") if name in values}
    row = Row(kind, rows.new_key(kind), values, focus=True)
    if below and place is not None and kind == "section":
        values["depth"] = str(min(_depth(kept[place]) + 1, 4))
        kept.insert(place + 1, row)
    else:
        kept.insert(len(kept) if place is None else _end(kept, place), row)


def _change(kept: list[Row], place: int, what: str) -> None:
    row = kept[place]
    row.focus = True
    if what in ("remove", "restore"):
        row.gone = what == "remove"
    elif what == "up" and place > 0:
        _move(kept, place, _before(kept, place))
    elif what == "down" and _end(kept, place) < len(kept):
        after = _end(kept, place)
        same = _depth(kept[after]) == _depth(row)
        _move(kept, place, _end(kept, after) if same else after + 1)


def _move(kept: list[Row], place: int, target: int) -> None:
    """A row with what is under it to another place."""
    end = _end(kept, place)
    block = kept[place:end]
    del kept[place:end]
    start = target if target < place else target - len(block)
    kept[start:start] = block


def _end(kept: list[Row], place: int) -> int:
    """Where the row with what is under it ends; only sections have others under them."""
    end = place + 1
    if kept[place].kind == "section":
        while end < len(kept) and _depth(kept[end]) > _depth(kept[place]):
            end += 1
    return end


def _before(kept: list[Row], place: int) -> int:
    """Where the row before it begins that is not under another of its depth."""
    before = place - 1
    if kept[place].kind == "section":
        while before > 0 and _depth(kept[before]) > _depth(kept[place]):
            before -= 1
    return before


def _depth(row: Row) -> int:
    depth = row.values["depth"]
    return int(depth) if depth in ("1", "2", "3", "4") else 1


def renumber(sections: list[Row]) -> None:
    """Numbers by count: 一 （一） 1 （1）; within an annex and under another heading they begin anew."""
    places, annex = [0, 0, 0, 0], ""
    for row in sections:
        if row.values["annex"] != annex:
            places, annex = [0, 0, 0, 0], row.values["annex"]
        depth = _depth(row)
        places[depth - 1] += 1
        places[depth:] = [0] * (4 - depth)
        row.values["number"] = number_of(depth, places[depth - 1])


def number_of(depth: int, count: int) -> str:
    """How the count is written at this depth."""
    return {1: chinese(count), 2: f"（{chinese(count)}）", 3: str(count), 4: f"（{count}）"}[depth]


def chinese(count: int) -> str:
    """一 … 十 … 九十九; beyond that in figures."""
    if not 0 < count < 100:
        return str(count)
    tens, ones = divmod(count, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{DIGITS[tens - 1]}十"
    return head + (DIGITS[ones - 1] if ones else "")


def rows_of(content: Mapping[str, Any]) -> Rows:
    """The rows of a document's content."""
    rows = Rows()
    annexes, sections = content["annexes"], content["sections"]
    for place, (label, title, printed, text) in enumerate(annexes, start=1):
        _put(rows, "annex", place, (label, title, "1" if printed else "0", text))
    for place, (depth, number, heading, text, annex) in enumerate(sections, start=1):
        _put(rows, "section", place, (str(depth), number, heading, text, _key("a", annex)))
    for place, (name, annex, section, members) in enumerate(content["rosters"], start=1):
        lines = "\n".join(member_line(*member) for member in members)
        _put(rows, "roster", place, (name, _key("a", annex), _key("s", section), lines))
    for place, (name, starts, ends, section) in enumerate(content["stages"], start=1):
        _put(rows, "stage", place, (name, starts or "", ends or "", _key("s", section)))
    return rows


def _put(rows: Rows, kind: str, place: int, values: tuple[str, ...]) -> None:
    named = dict(zip(FIELDS[kind], values, strict=True))
    rows.kinds[kind].append(Row(kind, f"{PREFIXES[kind]}{place}", named))


def _key(prefix: str, place: int) -> str:
    return f"{prefix}{place}" if place else ""


def member_line(role: str, name: str, post: str, concurrent: bool) -> str:
    """A member as one line of the form."""
    return "｜".join((role, name, post, "兼" if concurrent else "")).rstrip("｜")

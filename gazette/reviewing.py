"""A preview as the page shows it: doubtful places first, changes side by side. Pure, from its JSON."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gazette.comparing import Run, compared
from gazette.fieldwords import FIELDS, in_words

KINDS = {"event": "大事记", "directive": "政策文件", "task": "任务", "flood_plan": "防内涝方案"}
STATUSES = {"new": "新增", "changed": "有变化", "conflict": "人工改过", "unchanged": "无变化"}
SHOWN_NEW = (
    "start_date",
    "end_date",
    "issued_on",
    "number",
    "text",
    "lead",
    "support",
    "due_on",
    "officials",
    "year",
    "thresholds",
    "duties",
    "groups",
)
# Doubts about a word, after those that change how many records there are or when they happened.
WORDING_CODES = frozenset({"name_variant", "department_alias", "misprint", "number_missing", "repeated_word"})
# What stands there makes no record, and is in none.
LEFT_OUT_CODES = frozenset({"unplaced", "bad_date", "undated", "empty_entry"})
# Where a record stands among its neighbours.
PLACE_FIELDS = frozenset({"position", "order"})
OPEN_DOUBTS = 12


@dataclass(frozen=True, slots=True)
class Change:
    """A field that the file gives otherwise; ``conflict`` when a person has changed it as well."""

    label: str
    before: tuple[Run, ...]
    after: tuple[Run, ...]
    conflict: bool


@dataclass(frozen=True, slots=True)
class Fact:
    """A field of a record to be written."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A record of the preview; ``raw`` is its JSON.

    Changes and facts are worked out when they are shown: a long import has
    thousands of records, and a page shows some hundreds.
    """

    key: str
    kind: str
    status: str
    label: str
    line: int
    raw: Mapping[str, Any]

    @property
    def changes(self) -> tuple[Change, ...]:
        """Fields that the file gives otherwise, side by side."""
        return tuple(_change(change) for change in self.raw.get("changes", []))

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What is written of a new record."""
        return tuple(_facts(self.raw.get("after", {})))

    @property
    def only_moved(self) -> bool:
        """Whether the file gives it as it is, with another place among its neighbours."""
        fields = {change["field"] for change in self.raw.get("changes", [])}
        return bool(fields) and fields <= PLACE_FIELDS

    @property
    def kind_word(self) -> str:
        """大事记, 政策文件 or 任务."""
        return KINDS[self.kind]

    @property
    def status_word(self) -> str:
        """What becomes of it."""
        return STATUSES[self.status]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A place that wants a person's eye, and the record that is made of it.

    ``is_open`` shows it at once with its source; the others are a line that opens.
    ``left_out``: it is written nowhere; there is no record then, and ``kind`` is that of the records around.
    """

    number: int
    is_open: bool
    line: int
    message: str
    source: tuple[Mapping[str, Any], ...]
    record: Reviewed | None
    kind: str = ""
    left_out: bool = False


@dataclass(frozen=True, slots=True)
class KindCounts:
    """A line of the table by kind."""

    word: str
    new: int
    changed: int
    unchanged: int
    doubtful: int


@dataclass(frozen=True, slots=True)
class Review:
    """The whole preview; ``shifted`` are those of which nothing but the place among others changes."""

    title: str
    lines: int
    doubts: tuple[Doubt, ...]
    conflicts: tuple[Reviewed, ...]
    changed: tuple[Reviewed, ...]
    shifted: tuple[Reviewed, ...]
    new: tuple[Reviewed, ...]
    unchanged: tuple[Reviewed, ...]
    by_kind: tuple[KindCounts, ...]
    missing: Mapping[str, Any]
    absent: Sequence[str]
    furniture: Sequence[Mapping[str, Any]]

    @property
    def doubtful(self) -> int:
        """Places and records that wait for a person."""
        return len(self.doubts) + len(self.conflicts)

    @property
    def writes(self) -> int:
        """How many records a confirmation writes, conflicts left as they are."""
        return len(self.new) + len(self.changed) + len(self.shifted)


def review_of(preview: Mapping[str, Any]) -> Review:
    """The page's view of ``ImportRun.preview``."""
    records = [reviewed(record) for record in preview.get("records", [])]
    doubts = _doubts(preview.get("warnings", []), records)
    changed = _with_status(records, "changed")
    return Review(
        title=preview.get("title", ""),
        lines=preview.get("lines", 0),
        doubts=doubts,
        conflicts=_with_status(records, "conflict"),
        changed=tuple(record for record in changed if not record.only_moved),
        shifted=tuple(record for record in changed if record.only_moved),
        new=_with_status(records, "new"),
        unchanged=_with_status(records, "unchanged"),
        by_kind=_by_kind(preview.get("by_kind", {}), doubts),
        missing=preview.get("missing", {}),
        absent=preview.get("absent", []),
        furniture=preview.get("furniture", []),
    )


def _with_status(records: Sequence[Reviewed], status: str) -> tuple[Reviewed, ...]:
    return tuple(record for record in records if record.status == status)


def reviewed(record: Mapping[str, Any]) -> Reviewed:
    """A record of the preview."""
    return Reviewed(
        key=record["key"],
        kind=record["kind"],
        status=record["status"],
        label=record["label"],
        line=record["line"],
        raw=record,
    )


def _facts(after: Mapping[str, Any]) -> list[Fact]:
    facts = []
    for name in SHOWN_NEW:
        lines = in_words(name, after.get(name))
        if lines and not (name == "end_date" and after[name] == after.get("start_date")):
            facts.append(Fact(FIELDS[name], "、".join(lines) if name != "text" else "\n".join(lines)))
    if "sections" in after:
        facts.append(Fact(FIELDS["sections"], f"{len(after['sections'])} 条"))
    if after.get("rosters"):
        facts.append(Fact(FIELDS["rosters"], "、".join(in_words("rosters", after["rosters"]))))
    return facts


def _change(change: Mapping[str, Any]) -> Change:
    name = change["field"]
    before, after = (in_words(name, change[side]) for side in ("before", "after"))
    old, new = compared(before, after)
    return Change(FIELDS.get(name, name), old, new, change.get("conflict", False))


# -- doubtful places --------------------------------------------------------------------------


def _doubts(warnings: Sequence[Mapping[str, Any]], records: Sequence[Reviewed]) -> tuple[Doubt, ...]:
    ordered = sorted(records, key=lambda record: record.line)
    starts = [record.line for record in ordered]
    doubts = []
    for number, warning in enumerate(sorted(warnings, key=_about_wording), start=1):
        place = bisect_right(starts, warning["line"]) - 1
        near = ordered[place] if place >= 0 else None
        left_out = warning.get("code") in LEFT_OUT_CODES
        doubts.append(
            Doubt(
                number=number,
                is_open=number <= OPEN_DOUBTS and not _about_wording(warning),
                line=warning["line"],
                message=warning["message"],
                source=tuple(warning.get("source", ())),
                record=None if left_out else near,
                kind=near.kind if near else "",
                left_out=left_out,
            )
        )
    return tuple(doubts)


def _about_wording(warning: Mapping[str, Any]) -> bool:
    return warning.get("code") in WORDING_CODES


def _by_kind(counts: Mapping[str, Mapping[str, int]], doubts: Sequence[Doubt]) -> tuple[KindCounts, ...]:
    doubtful = Counter(doubt.kind for doubt in doubts)
    return tuple(
        KindCounts(
            word,
            counts.get(kind, {}).get("new", 0),
            counts.get(kind, {}).get("changed", 0),
            counts.get(kind, {}).get("unchanged", 0),
            counts.get(kind, {}).get("conflict", 0) + doubtful[kind],
        )
        for kind, word in KINDS.items()
    )

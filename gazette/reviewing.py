"""A preview as the page shows it: doubtful places first, changes side by side. Pure, from its JSON."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

KINDS = {"event": "大事记", "directive": "政策文件", "task": "任务", "flood_plan": "防内涝方案"}
STATUSES = {"new": "新增", "changed": "有变化", "conflict": "人工改过", "unchanged": "无变化"}
FIELDS = {
    "start_date": "起始日期",
    "end_date": "结束日期",
    "position": "本月序号",
    "text": "正文",
    "officials": "人员",
    "departments": "部门",
    "citations": "引用",
    "title": "标题",
    "number": "序号",
    "issuer": "发文机关",
    "issued_on": "成文日期",
    "addressees": "主送机关",
    "is_public": "公开",
    "release_note": "公开标注",
    "preamble": "前言",
    "plan_title": "所附方案",
    "plan_preamble": "方案前言",
    "annexes": "附件",
    "sections": "条目",
    "rosters": "名单",
    "stages": "阶段",
    "order": "次序",
    "part": "部分",
    "subsection": "小节",
    "lead": "牵头",
    "support": "配合",
    "due_on": "时限",
    "due_text": "时限原文",
    "milestones": "节点",
    "year": "年度",
    "thresholds": "启动条件",
    "duties": "成员单位职责",
    "groups": "专项工作组",
}
MILESTONE_WORDS = {"milestone": "节点", "start": "开始"}
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
SHOWN_LINES, LONG_TEXT = 60, 160
# Doubts about a word, after those that change how many records there are or when they happened.
WORDING_CODES = frozenset({"name_variant", "department_alias", "misprint", "number_missing", "repeated_word"})
OPEN_DOUBTS = 12


@dataclass(frozen=True, slots=True)
class Run:
    """A run of text that stayed, was removed or was added (same, del, ins)."""

    text: str
    mark: str = "same"


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
    """

    number: int
    is_open: bool
    line: int
    message: str
    source: tuple[Mapping[str, Any], ...]
    record: Reviewed | None


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
    """The whole preview."""

    title: str
    lines: int
    doubts: tuple[Doubt, ...]
    conflicts: tuple[Reviewed, ...]
    changed: tuple[Reviewed, ...]
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
        return len(self.new) + len(self.changed)


def review_of(preview: Mapping[str, Any]) -> Review:
    """The page's view of ``ImportRun.preview``."""
    records = [reviewed(record) for record in preview.get("records", [])]
    doubts = _doubts(preview.get("warnings", []), records)
    return Review(
        title=preview.get("title", ""),
        lines=preview.get("lines", 0),
        doubts=doubts,
        conflicts=_with_status(records, "conflict"),
        changed=_with_status(records, "changed"),
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
        doubts.append(
            Doubt(
                number=number,
                is_open=number <= OPEN_DOUBTS and not _about_wording(warning),
                line=warning["line"],
                message=warning["message"],
                source=tuple(warning.get("source", ())),
                record=ordered[place] if place >= 0 else None,
            )
        )
    return tuple(doubts)


def _about_wording(warning: Mapping[str, Any]) -> bool:
    return warning.get("code") in WORDING_CODES


def _by_kind(counts: Mapping[str, Mapping[str, int]], doubts: Sequence[Doubt]) -> tuple[KindCounts, ...]:
    doubtful = Counter(doubt.record.kind for doubt in doubts if doubt.record)
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


# -- values in words --------------------------------------------------------------------------


def in_words(name: str, value: Any) -> list[str]:
    """A value of a field as lines of text; no line for an empty value."""
    if value in (None, "", []):
        return []
    if isinstance(value, bool):
        return ["是" if value else "否"]
    if isinstance(value, list):
        return [_row_in_words(name, row) for row in value]
    return str(value).splitlines()


def _row_in_words(name: str, row: Any) -> str:
    if not isinstance(row, list):
        return str(row)
    if name == "officials":
        person, post, printed = row
        return f"{post} {person}".strip() + (f"（印作{printed}）" if printed != person else "")
    if name in ("lead", "support"):
        department, printed = row
        return f"{department}（印作{printed}）" if printed != department else str(department)
    if name == "rosters":
        return f"{row[0]} {len(row[3])} 人"
    if name == "milestones":
        return f"{MILESTONE_WORDS.get(row[0], row[0])} {row[1]} {row[2]}".strip()
    if name == "sections":
        return f"{row[1]} {row[2]} {row[3]}".strip()
    if name == "stages":
        return f"{row[0]} {row[1] or ''} 至 {row[2] or ''}".strip()
    if name == "annexes":
        return f"{row[0]} {row[1]}{'' if row[2] else '（原文未附）'}".strip()
    return " ".join(str(part) for part in row if part not in (None, "", 0))


def compared(before: Sequence[str], after: Sequence[str]) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    """Both sides in runs: by character for one line, by whole lines for more."""
    if len(before) <= 1 and len(after) <= 1:
        return _compare("".join(before), "".join(after), "")
    return _compare(before, after, "\n")


def _compare(
    before: Sequence[str], after: Sequence[str], glue: str
) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    old: list[Run] = []
    new: list[Run] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            same = _shortened(before[i:j], glue)
            old.append(Run(same))
            new.append(Run(same))
            continue
        if i < j:
            old.append(Run(_joined(before[i:j], glue), "del"))
        if k < m:
            new.append(Run(_joined(after[k:m], glue), "ins"))
    return tuple(old), tuple(new)


def _joined(parts: Sequence[str], glue: str) -> str:
    if glue and len(parts) > SHOWN_LINES:
        return glue.join([*parts[:SHOWN_LINES], f"… 另 {len(parts) - SHOWN_LINES} 行", ""])
    return "".join(f"{part}{glue}" for part in parts)


def _shortened(parts: Sequence[str], glue: str) -> str:
    """What both sides share, without the middle of long stretches."""
    if glue:
        return f"… {len(parts)} 行相同\n" if len(parts) > 2 else _joined(parts, glue)
    text = "".join(parts)
    return text if len(text) <= LONG_TEXT else f"{text[:60]} …… {text[-60:]}"

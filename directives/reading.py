"""A document laid out for reading: its table of contents, its paragraphs, its rosters.

Plain values made from rows that were fetched before; nothing here asks the
database. A level (1 to 4) on a paragraph marks the condition that starts a
response of that level, in documents that a flood plan was taken from.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from directives.marks import Misprints, Piece, citation_pattern
from directives.models import Annex, Citation, DirectiveCorrection, Roster, RosterMember, Section, Stage

LEVEL_CONDITION = re.compile(r"^\s*(IV|III|II|I|Ⅳ|Ⅲ|Ⅱ|Ⅰ|四|三|二|一)\s*级?\s*响应启动条件")
LEVELS = {
    name: n
    for n, names in enumerate(("I Ⅰ 一", "II Ⅱ 二", "III Ⅲ 三", "IV Ⅳ 四"), 1)
    for name in names.split()
}
ORDINARY_ROLES = frozenset({"成员", "组员", ""})
# "…组成人员如下：" stands before the roster that it announces.
ANNOUNCES_ROSTER = re.compile(r"(人员|成员|名单|组成)[^。；]*[：:]\s*$")
# In a section that holds a roster and says so nowhere else, a bare "如下：" announces it too,
ANNOUNCES_ANYTHING = re.compile(r"如下\s*[：:]\s*$")
# and in one without even that, the sentence that sets up the body.
SETS_UP_BODY = re.compile(r"(成立|设立|组建)[^。；]*(小组|专班|指挥部|委员会|工作组)(（[^）]*）)?[。：:]\s*$")
# Who heads a group, on the line below the group's name: 组 长：…, 责任人：….
HEADS = (
    "组长", "总指挥", "指挥长", "指挥", "主任", "局长", "队长", "团长", "会长", "召集人", "联系人", "联络员",
    "负责人", "责任人", "责任领导", "责任部门", "责任单位", "牵头领导", "牵头部门", "牵头单位", "牵头人",
    "配合部门", "配合单位", "成员", "成员单位", "组员",
)  # fmt: skip
_HEADS = "|".join(r"\s*".join(word) for word in HEADS)
LABEL_FIRST = re.compile(rf"(?:(?:第\s*一|常\s*务|执\s*行|副)\s*)*(?:{_HEADS})\s*[：:]")
# Under such a heading the roster comes before any text.
HEADS_ROSTER = re.compile(r"(组成人员|成员|名单)(名单)?。?$")


@dataclass(frozen=True, slots=True)
class LaidRoster:
    """A roster: who heads the body stands in boxes, the others in two columns."""

    roster: Roster
    heads: tuple[RosterMember, ...]
    columns: tuple[tuple[tuple[int, RosterMember], ...], ...]

    @property
    def ordinary(self) -> int:
        """How many ordinary members there are."""
        return sum(len(column) for column in self.columns)

    @property
    def members(self) -> list[RosterMember]:
        """Everybody in printed order."""
        ordinary = [member for column in self.columns for _, member in column]
        return sorted((*self.heads, *ordinary), key=lambda member: member.order)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph in pieces, with the rosters that it announces."""

    pieces: tuple[Piece, ...]
    level: int | None = None
    rosters: tuple[LaidRoster, ...] = ()

    @property
    def text(self) -> str:
        """The whole paragraph as printed."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Block:
    """A section with what stands in it.

    ``opening`` is the roster that its heading announces, ``rosters`` are those that nothing announces,
    ``old_anchors`` those of sections that are gone and lead here.
    """

    section: Section
    paragraphs: tuple[Paragraph, ...]
    rosters: tuple[LaidRoster, ...] = ()
    stages: tuple[Stage, ...] = ()
    opening: tuple[LaidRoster, ...] = ()
    old_anchors: tuple[str, ...] = ()

    @property
    def number(self) -> str:
        """The number as printed before a heading or paragraph."""
        return printed_number(self.section)

    @property
    def stands_alone(self) -> bool:
        """Whether the heading has a line of its own: nothing, a roster or 组长：… follows it."""
        if not self.paragraphs or self.opening:
            return True
        return LABEL_FIRST.match(self.paragraphs[0].text) is not None

    @property
    def heading(self) -> str:
        """The heading; run in before text it ends in a full stop."""
        heading = self.section.heading.rstrip("。")
        runs_in = heading and self.section.depth > 1 and not self.stands_alone
        return f"{heading}。" if runs_in else heading


@dataclass(frozen=True, slots=True)
class LaidAnnex:
    """An annex with its sections, and the rosters that none of its paragraphs announces."""

    annex: Annex
    paragraphs: tuple[Paragraph, ...]
    blocks: tuple[Block, ...]
    rosters: tuple[LaidRoster, ...]
    label: str

    @property
    def anchor(self) -> str:
        """The fragment of its address."""
        return f"annex-{self.annex.order}"


@dataclass(slots=True)
class ContentsLine:
    """A line of the table of contents with the lines below it."""

    anchor: str
    label: str
    children: list["ContentsLine"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Parts:
    """The rows of a document, each fetched once."""

    sections: Sequence[Section]
    annexes: Sequence[Annex]
    members: Sequence[RosterMember]
    stages: Sequence[Stage]
    citations: Sequence[Citation]


@dataclass(frozen=True, slots=True)
class Reading:
    """The whole document as it is shown."""

    preamble: tuple[Paragraph, ...]
    plan_preamble: tuple[Paragraph, ...]
    blocks: tuple[Block, ...]
    rosters: tuple[LaidRoster, ...]
    annexes: tuple[LaidAnnex, ...]
    missing_annexes: tuple[Annex, ...]
    contents: tuple[ContentsLine, ...]
    has_text: bool
    misprints: Misprints


def annex_label(annex: Annex, count: int) -> str:
    """附件, or 附件2 where there are several, when the author typed none."""
    return annex.label or (f"附件{annex.order}" if count > 1 else "附件")


def printed_number(section: Section) -> str:
    """一、 （一） 1. （1）: the number with the mark that follows it in print."""
    if not section.number:
        return ""
    return section.number + {1: "、", 3: "."}.get(section.depth, "")


def lay_out(
    parts: Parts,
    preamble: str,
    plan_preamble: str,
    *,
    with_levels: bool,
    moved: Mapping[str, str] = MappingProxyType({}),
    notices: Sequence[DirectiveCorrection] = (),
) -> Reading:
    """Lay a document out; ``with_levels`` for a flood plan, ``moved`` as on Directive."""
    layout = _Layout(parts, with_levels, moved, notices)
    annexes = tuple(layout.annex(annex) for annex in parts.annexes if annex.printed)
    blocks = layout.blocks(None)
    opening, rosters = with_rosters(layout.paragraphs(preamble), layout.rosters_of(None))
    plan_opening, rosters = with_rosters(layout.paragraphs(plan_preamble), rosters)
    return Reading(
        preamble=opening,
        plan_preamble=plan_opening,
        blocks=blocks,
        rosters=rosters,
        annexes=annexes,
        missing_annexes=tuple(annex for annex in parts.annexes if not annex.printed),
        contents=tuple(contents_of(blocks, annexes)),
        misprints=layout.misprints,
        has_text=bool(preamble or plan_preamble or any(section.text for section in parts.sections)),
    )


class _Layout:
    def __init__(
        self,
        parts: Parts,
        with_levels: bool,
        moved: Mapping[str, str],
        notices: Sequence[DirectiveCorrection],
    ) -> None:
        self.misprints = Misprints(notices)
        self.gone: dict[str, list[str]] = defaultdict(list)
        for old, anchor in moved.items():
            self.gone[anchor].append(old)
        self.parts, self.with_levels = parts, with_levels
        self.citations = {citation.title: citation for citation in parts.citations if citation.title}
        self.cited = citation_pattern(self.citations)
        self.rosters = group_rosters(parts.members)
        self.stages: dict[int | None, list[Stage]] = defaultdict(list)
        for stage in parts.stages:
            self.stages[stage.section_id].append(stage)

    def paragraphs(self, text: str) -> tuple[Paragraph, ...]:
        return tuple(self._paragraph(line) for line in text.splitlines() if line.strip())

    def _paragraph(self, line: str) -> Paragraph:
        found = LEVEL_CONDITION.match(line) if self.with_levels else None
        return Paragraph(self._pieces(line), LEVELS[found[1]] if found else None)

    def _pieces(self, line: str) -> tuple[Piece, ...]:
        if self.cited is None:
            return tuple(self.misprints.pieces(line))
        runs = self.cited.split(line)
        # split() with one group gives text and title in turn.
        pieces: list[Piece] = []
        for place, run in enumerate(runs):
            pieces += [Piece(f"《{run}》", self.citations[run])] if place % 2 else self.misprints.pieces(run)
        return tuple(pieces)

    def blocks(self, annex_id: int | None) -> tuple[Block, ...]:
        sections = [section for section in self.parts.sections if section.annex_id == annex_id]
        return tuple(
            replace(self._block(section), old_anchors=tuple(self.gone[section.anchor]))
            for section in sections
        )

    def _block(self, section: Section) -> Block:
        rosters = tuple(r for r in self.rosters if r.roster.section_id == section.pk)
        paragraphs = self.paragraphs(section.text)
        announcing = announcement_in(paragraphs)
        stages = tuple(self.stages[section.pk])
        if announcing:
            paragraphs, rosters = with_rosters(paragraphs, rosters, announcing)
        elif paragraphs and HEADS_ROSTER.search(section.heading):
            return Block(section, paragraphs, rosters[1:], stages, opening=rosters[:1])
        return Block(section, paragraphs, rosters, stages)

    def rosters_of(self, annex_id: int | None) -> tuple[LaidRoster, ...]:
        """Rosters that stand in no section."""
        return tuple(r for r in self.rosters if r.roster.section_id is None and r.roster.annex_id == annex_id)

    def annex(self, annex: Annex) -> LaidAnnex:
        paragraphs, rosters = with_rosters(self.paragraphs(annex.text), self.rosters_of(annex.pk))
        label = annex_label(annex, len(self.parts.annexes))
        return LaidAnnex(annex, paragraphs, self.blocks(annex.pk), rosters, label)


def announcement_in(paragraphs: Iterable[Paragraph]) -> re.Pattern[str] | None:
    """How the text of a section announces a roster, in the plainest way that it uses."""
    texts = [paragraph.text for paragraph in paragraphs]
    ways = (ANNOUNCES_ROSTER, ANNOUNCES_ANYTHING, SETS_UP_BODY)
    return next((way for way in ways if any(way.search(text) for text in texts)), None)


def with_rosters(
    paragraphs: tuple[Paragraph, ...],
    rosters: tuple[LaidRoster, ...],
    announcing: re.Pattern[str] = ANNOUNCES_ROSTER,
) -> tuple[tuple[Paragraph, ...], tuple[LaidRoster, ...]]:
    """The paragraphs, each announcing one with the next roster, and the rosters that are left."""
    left = list(rosters)
    placed = [
        replace(paragraph, rosters=(left.pop(0),))
        if left and not paragraph.rosters and announcing.search(paragraph.text)
        else paragraph
        for paragraph in paragraphs
    ]
    return tuple(placed), tuple(left)


def group_rosters(members: Sequence[RosterMember]) -> list[LaidRoster]:
    """Rosters in printed order from their members, which come with ``roster`` fetched."""
    groups: dict[int, list[RosterMember]] = defaultdict(list)
    for member in members:
        groups[member.roster_id].append(member)
    return [_laid(rows[0].roster, rows) for rows in groups.values()]


def _laid(roster: Roster, members: list[RosterMember]) -> LaidRoster:
    heads = tuple(member for member in members if member.role not in ORDINARY_ROLES)
    others = list(enumerate((m for m in members if m.role in ORDINARY_ROLES), start=1))
    half = (len(others) + 1) // 2
    columns = (tuple(others[:half]), tuple(others[half:])) if len(others) > 5 else (tuple(others),)
    return LaidRoster(roster, heads, columns)


def contents_of(blocks: Sequence[Block], annexes: Sequence[LaidAnnex]) -> list[ContentsLine]:
    """Headings of the first two depths, annexes with their first depth."""
    lines: list[ContentsLine] = []
    _add_headings(lines, blocks, depths=(1, 2))
    for laid in annexes:
        label = f"{laid.label} {short_title(laid.annex.title)}"
        line = ContentsLine(laid.anchor, label)
        _add_headings(line.children, [b for b in laid.blocks if b.section.depth == 1], depths=(1,))
        lines.append(line)
    return lines


def _add_headings(lines: list[ContentsLine], blocks: Sequence[Block], *, depths: tuple[int, ...]) -> None:
    for block in blocks:
        heading = block.section.heading.rstrip("。")
        if not heading or block.section.depth not in depths:
            continue
        line = ContentsLine(block.section.anchor, f"{block.number}{heading}")
        below = block.section.depth > min(depths) and lines
        (lines[-1].children if below else lines).append(line)


def short_title(title: str) -> str:
    """The end of a long title, where it says what the annex is."""
    return title if len(title) <= 10 else f"…{title[-8:]}"

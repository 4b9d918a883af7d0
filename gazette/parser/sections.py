"""Numbered headings and paragraphs, with the rosters that stand in them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from gazette.parser.paragraphs import Paragraph
from gazette.parser.patterns import Numbering, is_terminated, numbering
from gazette.parser.records import Roster, Section
from gazette.parser.rosters import Listing, as_roster, listings, roster_name

HEADING_LENGTH, LINE_LENGTH, STATEMENT_LENGTH = 30, 60, 20
FIRST_SENTENCE = re.compile(r"^([^。！？\n]{1,120})[。！？]\s*(.*)$", re.DOTALL)
CLAUSE_MARK = re.compile(r"[，,；;：:]")
BRACKETS = re.compile(r"[（(][^（）()]{0,60}[）)]")


@dataclass(slots=True)
class Draft:
    """A section that still takes paragraphs."""

    numbered: Numbering
    heading: str
    line: int
    texts: list[str] = field(default_factory=list)

    def finished(self) -> Section:
        """The section."""
        depth, number = self.numbered.depth, self.numbered.number
        return Section(depth, number, self.heading, "\n".join(self.texts), self.line)


@dataclass(slots=True)
class Sections:
    """What paragraphs hold: those before the first number, the sections, the rosters."""

    opening: list[str] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    rosters: list[Roster] = field(default_factory=list)


def read_sections(paragraphs: Sequence[Paragraph], *, title: str, annex: str = "") -> Sections:
    """Sections and rosters; ``title`` names a roster that nothing else names."""
    found = Sections()
    drafts: list[Draft] = []
    body = ""
    introduction = ""
    for part in listings(paragraphs):
        if isinstance(part, Listing):
            body, roster = _roster(part, introduction, body, title, annex, drafts)
            found.rosters.append(roster)
            introduction = ""
            continue
        numbered = numbering(part.text)
        if numbered:
            drafts.append(_begun(numbered, part.line))
        else:
            (drafts[-1].texts if drafts else found.opening).append(part.text)
        # What leads to a roster stands in its section.
        introduction = (
            part.text if numbered and numbered.depth == 1 else f"{introduction}\n{part.text}"[-300:]
        )
    found.sections = [draft.finished() for draft in drafts]
    return found


def _roster(
    listing: Listing, introduction: str, body: str, title: str, annex: str, drafts: list[Draft]
) -> tuple[str, Roster]:
    """The roster, and the body whose office may follow."""
    name = roster_name(introduction, body, annex or title)
    section = f"{drafts[-1].numbered.number} {drafts[-1].heading}".strip() if drafts else ""
    return body or name, as_roster(listing, name=name, annex=annex, section=section)


def _begun(numbered: Numbering, line: int) -> Draft:
    heading, text = split_heading(numbered.rest)
    return Draft(numbered, heading, line, [text] if text else [])


def split_heading(text: str) -> tuple[str, str]:
    """Heading and text of a numbered line; a paragraph's short first sentence is its heading."""
    if not is_terminated(text) or (text.endswith(tuple("）)”")) and "。" not in text):
        return (text, "") if len(text) <= LINE_LENGTH else ("", text)
    found = FIRST_SENTENCE.match(text)
    if not found:
        bare = text.rstrip("：:")
        is_short = bare != text and len(bare) <= STATEMENT_LENGTH and not CLAUSE_MARK.search(bare)
        return (bare, "") if is_short else ("", text)
    sentence, rest = found[1], found[2]
    return (sentence.strip(), rest) if _is_heading(BRACKETS.sub("", sentence), bool(rest)) else ("", text)


def _is_heading(words: str, leads_on: bool) -> bool:
    """Whether a paragraph's first sentence is its heading; ``leads_on`` when more follows."""
    if not leads_on:
        return len(words) <= STATEMENT_LENGTH and not CLAUSE_MARK.search(words)
    if CLAUSE_MARK.search(words):
        return len(words) <= STATEMENT_LENGTH and len(CLAUSE_MARK.findall(words)) == 1
    return len(words) <= HEADING_LENGTH

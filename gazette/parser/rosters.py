"""Lists of people: 组长：某某 post, and lines below that inherit the role."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from gazette.parser.paragraphs import Paragraph
from gazette.parser.patterns import SPACES
from gazette.parser.people import ends_in_post, is_name
from gazette.parser.records import Roster, RosterMember

LINE_LENGTH = 90
RANK = "第一|第二|常务|执行|名誉|总|副"
ROLE = re.compile(
    rf"(?:{RANK})*(?:组长|指挥长|指挥|组员|成员|主任委员|主任|委员|主席|秘书长|召集人|联络员|联系人|顾问|队长|队员|团长|书记|会长|理事长"
    r"|理事|专家|负责人|办公室主任|办公室副主任)(?:单位)?"
)
ROLE_LINE = re.compile(r"^([\u4e00-\u9fff \u3000]{2,14}?)[ \u3000]?[：:]\s*(.*)$")
CONCURRENT = re.compile(r"[（(]\s?兼\s?[）)]|兼$")
IN_BRACKETS = re.compile(r"^([\u4e00-\u9fff \u3000·]{2,8})[（(]([^（）()]{2,50})[）)]$")
NOT_IN_A_MEMBER = re.compile(r"[，。；：！？,;:!?《》“”]")
BODY = re.compile(
    r"成立(?:了)?([^，。；：（(]{2,50}?(?:领导小组|指挥部|委员会|工作组|工作专班|专班|小组|协调组|协会))"
)
NAMED_BODY = re.compile(r"[^，。；：（(、]{2,40}(?:领导小组|指挥部|委员会)")
OFFICE = re.compile(r"办公室设在|设立办公室|下设办公室|设办公室")
NAME = re.compile(r"[\u4e00-\u9fff·]{2,4}")


@dataclass(frozen=True, slots=True)
class Member:
    """A line of a roster; ``role`` "" is inherited, ``bracketed`` when the post is in brackets."""

    role: str
    name: str
    post: str
    concurrent: bool
    bracketed: bool


def printed_role(text: str) -> tuple[str, str] | None:
    """The role that a line begins with and what follows it."""
    if len(text) > LINE_LENGTH:
        return None
    found = ROLE_LINE.match(text)
    role = SPACES.sub("", found[1]) if found else ""
    return (role, found[2].strip()) if found and ROLE.fullmatch(role) else None


def read_member(text: str) -> Member | None:
    """A line with one person on it; None for any other line."""
    if len(text) > LINE_LENGTH:
        return None
    labelled = printed_role(text)
    role, rest = labelled or ("", text.strip())
    concurrent = bool(CONCURRENT.search(rest))
    bare = CONCURRENT.sub("", rest).strip()
    if NOT_IN_A_MEMBER.search(bare):
        return None
    if found := IN_BRACKETS.match(bare):
        name = SPACES.sub("", found[1])
        is_person = bool(labelled) and is_name(name)
        return Member(role, name, found[2].strip(), concurrent, True) if is_person else None
    name, post = split_name(bare)
    if not name or not (post or labelled):
        return None
    return Member(role, name, post, concurrent, False)


def split_name(text: str) -> tuple[str, str]:
    """Name and post of 程 远 山 市长; the name is "" where the line begins with none."""
    words = text.split()
    if not words:
        return "", ""
    count = 1
    while len(words[0]) == 1 and count < len(words) and len(words[count]) == 1 and count < 4:
        count += 1
    name, post = "".join(words[:count]), " ".join(words[count:])
    # A surname that is not on the list is a surname still where an office follows.
    if not NAME.fullmatch(name) or not (is_name(name) or (len(name) < 4 and ends_in_post(post))):
        return "", ""
    return name, post


def is_roster_line(text: str) -> bool:
    """Whether a line is a person's or begins with a role, and so never continues another."""
    return read_member(text) is not None or printed_role(text) is not None


@dataclass(slots=True)
class Listing:
    """Neighbouring roster lines."""

    members: list[RosterMember] = field(default_factory=list)
    paragraphs: list[Paragraph] = field(default_factory=list)
    is_bracketed: bool = True
    is_broken: bool = False

    @property
    def is_roster(self) -> bool:
        """A leader before a list of departments heads a working group, which is no roster."""
        return bool(self.members) and not (self.is_bracketed and self.is_broken)


def listings(paragraphs: Sequence[Paragraph]) -> Iterator[Listing | Paragraph]:
    """The paragraphs in order, those that make up a roster put together."""
    listing = Listing()
    for paragraph in paragraphs:
        member = read_member(paragraph.text)
        role = member.role if member else ""
        if member and (role or listing.members):
            role = role or listing.members[-1].role
            listing.members.append(
                RosterMember(role, member.name, member.post, paragraph.line, member.concurrent)
            )
            listing.paragraphs.append(paragraph)
            listing.is_bracketed &= member.bracketed
            continue
        listing.is_broken = printed_role(paragraph.text) is not None
        yield from _closed(listing)
        listing = Listing()
        yield paragraph
    yield from _closed(listing)


def _closed(listing: Listing) -> Iterator[Listing | Paragraph]:
    if listing.is_roster:
        yield listing
    else:
        yield from listing.paragraphs


def roster_name(introduction: str, first: str, fallback: str) -> str:
    """The body that a list is of; ``first`` is the body named above it, for which this may be the office."""
    if OFFICE.search(introduction):
        return f"{first or fallback}办公室"
    if found := BODY.search(introduction):
        return found[1]
    found = NAMED_BODY.search(introduction)
    return found[0] if found else first or fallback


def as_roster(listing: Listing, *, name: str, annex: str, section: str) -> Roster:
    """The listing as a record."""
    return Roster(name, tuple(listing.members), listing.members[0].line, annex, section)

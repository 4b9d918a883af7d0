"""Annexes: which are named, which are printed, and where each begins."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from gazette.parser.dates import chinese_number, whole_date
from gazette.parser.lines import Line
from gazette.parser.patterns import (
    MARK_LENGTH,
    PLAN_ENDING,
    SPACES,
    annex_line,
    ends_sentence,
    is_issuer,
    numbering,
    release_note,
    signed_date,
)

ITEM_LENGTH, TITLE_LENGTH, TITLE_LINES = 100, 50, 3
BETWEEN_ITEMS = re.compile(r"[ \u3000]+(?=\d{1,2}[.．、](?!\d))")
IN_A_SENTENCE = re.compile(r"[，。；：！？,;:!?]")
SEE_ANNEX = re.compile(
    r"[（(]\s?(?:详?见)?(?P<label>附[件表录]?)\s?\d{0,2}\s?(?P<title>[：:][^（）()]{2,40})?[）)]|见(?P<table>附表)"
)
PHRASE_REACH = 40
PHRASE_EDGE = re.compile(r"[，。；：！？,;:!?（）()“”\n]")
# The name of a thing begins after the verb that makes it.
MAKES = re.compile(r".*(?:建立|实行|组建|制定|成立|设立|落实|编制|执行|按照|根据|完善|为主的|的)")
# With one of these a name is whole.
NAME_END = re.compile(
    rf"(?:{PLAN_ENDING.pattern[3:-2]}|表|图|册|目录|名录|指挥部|职责|小组|人员|说明|通知|报告|书|标准)$"
)
# Two names end alike in so many characters: they are of one thing.
SAME_ENDING = 4


@dataclass(slots=True)
class ListedAnnex:
    """An annex that the document names; ``number`` 0 when it is the only one."""

    number: int
    title: str
    line: int
    label: str


@dataclass(slots=True)
class AnnexLines:
    """A printed annex: its title and the lines under it."""

    number: int
    label: str
    title: str
    line: int
    lines: list[Line] = field(default_factory=list)


def begins_annex(lines: Sequence[Line], place: int, listed: Sequence[ListedAnnex]) -> bool:
    """Whether the line at a place stands over a printed annex, and does not name one only."""
    found = annex_line(lines[place].text)
    if not found:
        return False
    name, count = _named_here(lines, place)
    following = lines[place + count].text if place + count < len(lines) else ""
    if not name:
        return bool(listed) or not list_items(following)
    if not following or annex_line(following) or _ends_the_text(following):
        return False
    return not list_items(name) and not (not listed and list_items(following))


def _named_here(lines: Sequence[Line], place: int) -> tuple[str, int]:
    """What is named at a place, and how many lines its name fills in a hard-wrapped text."""
    found = annex_line(lines[place].text)
    name = found[3] if found else lines[place].text
    count = 1
    while name and not NAME_END.search(name) and place + count < len(lines) and count < TITLE_LINES:
        line = lines[place + count]
        if line.after_blank or not _may_be_a_title(line.text):
            break
        name += line.text
        count += 1
    return name, count


def _ends_the_text(text: str) -> bool:
    if len(text) > MARK_LENGTH:
        return False
    return bool(whole_date(text) or signed_date(text)[0] or release_note(text) or is_issuer(text))


def list_items(text: str) -> list[tuple[int, str]]:
    """1.某某 2.某某 as numbers and titles; empty when the text is no such list."""
    items = []
    for part in BETWEEN_ITEMS.split(text[:MARK_LENGTH]):
        found = numbering(part)
        if not found or found.depth != 3 or len(part) > ITEM_LENGTH or ends_sentence(part):
            return []
        items.append((int(found.number), SPACES.sub("", found.rest)))
    return items if len(text) <= MARK_LENGTH else []


def listed_annexes(lines: Sequence[Line], place: int, listed: list[ListedAnnex]) -> int:
    """Take the names of annexes that stand from here on; the place of the line after them."""
    line = lines[place]
    found = annex_line(line.text)
    if not found:
        return place + 1
    label, number = closed_label(line.text), annex_number(found[1])
    name, count = _named_here(lines, place)
    items = list_items(name)
    if name:
        for item_number, title in items or [(number, SPACES.sub("", name))]:
            listed.append(ListedAnnex(item_number, title, line.number, label))
    place += count
    while place < len(lines) and (not name or items):
        name, count = _named_here(lines, place)
        items = list_items(name)
        if not items or items[0][0] != (listed[-1].number + 1 if listed else 1):
            break
        listed.extend(ListedAnnex(n, title, lines[place].number, label) for n, title in items)
        place += count
    return place


def closed_label(text: str) -> str:
    """附件, 附表 or 附录 as a line begins with it."""
    return SPACES.sub("", text[:4])[:2]


def annex_number(printed: str) -> int:
    """The number behind 附件; 0 when there is none."""
    return (chinese_number(printed) or 0) if printed else 0


def take_title(lines: Sequence[Line], place: int, listed: Sequence[ListedAnnex]) -> tuple[AnnexLines, int]:
    """The annex that begins here, without its text, and the place of its first line."""
    line = lines[place]
    found = annex_line(line.text)
    number = annex_number(found[1]) if found else 0
    name, count = _named_here(lines, place)
    annex = AnnexLines(number, f"{closed_label(line.text)}{number or ''}", SPACES.sub("", name), line.number)
    place += count
    if name:
        return annex, place
    expected = next((item.title for item in listed if item.number == number or len(listed) == 1), "")
    count = _expected_title(lines, place, expected) or _worded_title(lines, place)
    annex.title = "".join(SPACES.sub("", part.text) for part in lines[place : place + count])
    return annex, place + count


def _expected_title(lines: Sequence[Line], place: int, expected: str) -> int:
    joined = ""
    for count, line in enumerate(lines[place : place + TITLE_LINES], start=1):
        if not expected or len(line.text) > MARK_LENGTH:
            return 0
        joined += SPACES.sub("", line.text)
        if joined == expected:
            return count
        if not expected.startswith(joined):
            return 0
    return 0


def _worded_title(lines: Sequence[Line], place: int) -> int:
    """How many lines from here look like a title: one, or two of which the second ends like one."""
    if place >= len(lines) or not _may_be_a_title(lines[place].text):
        return 0
    if place + 1 < len(lines) and not PLAN_ENDING.search(lines[place].text):
        second = lines[place + 1].text
        if _may_be_a_title(second) and PLAN_ENDING.search(second):
            return 2
    return 1


def _may_be_a_title(text: str) -> bool:
    return (
        len(text) <= TITLE_LENGTH
        and not IN_A_SENTENCE.search(text)
        and not numbering(text)
        and not annex_line(text)
    )


def mentioned_annexes(texts: Iterable[tuple[int, str]], known: Sequence[str]) -> Iterator[ListedAnnex]:
    """Annexes that sentences refer to (见附件) and that are neither listed nor printed."""
    told = list(known)
    endings = {title[-SAME_ENDING:] for title in told}
    for line, text in texts:
        for found in SEE_ANNEX.finditer(text):
            title = (found["title"] or "").lstrip("：: ") or phrase_before(text, found.start())
            title = SPACES.sub("", title)
            if len(title) >= 2 and title[-SAME_ENDING:] not in endings:
                endings.add(title[-SAME_ENDING:])
                yield ListedAnnex(0, title, line, found["label"] or found["table"])


def phrase_before(text: str, end: int) -> str:
    """What a reference stands behind: the last phrase, without the verb before it."""
    phrase = PHRASE_EDGE.split(text[max(0, end - PHRASE_REACH) : end])[-1]
    return MAKES.sub("", phrase).strip()

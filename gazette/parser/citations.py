"""Titles in 《》 and numbers of documents that a text refers to."""

import re
from collections.abc import Iterable, Iterator

from gazette.parser.patterns import plain
from gazette.parser.records import Citation

YEARED = re.compile(r"[〔\[（(【［﹝]\s?((?:19|20)\d\d)\s?[〕\]）)】］﹞]\s?第?\s?(\d{1,5})\s?号")
AGENCY = re.compile(r"[\u4e00-\u9fff]{2,12}$")
AGENCY_REACH = 12
# Words of the sentence before an agency's short name.
LEAD = re.compile(r"^.*(?:按照|根据|依据|贯彻|落实|印发|转发|以及|见|和|与|及|的|由|以|经)")
BRACKETS_BEFORE = "（( "
LONGEST_TITLE = 120


def cited_in(
    texts: Iterable[tuple[int, str]], *, own_titles: frozenset[str], own_number: str
) -> tuple[Citation, ...]:
    """What the texts refer to, each once in reading order; ``texts`` are lines and their words.

    ``own_titles`` are the document's own, made ``plain``.
    """
    cited: dict[str, Citation] = {}
    for line, text in texts:
        for title, number in references(text):
            if plain(title) in own_titles or (not title and number == own_number):
                continue
            known = cited.get(title or number)
            if known is None:
                if title or all(number != other.number for other in cited.values()):
                    cited[title or number] = Citation(title, number, line)
            elif number and not known.number:
                cited[title] = Citation(title, number, known.line)
    return tuple(cited.values())


def references(text: str) -> Iterator[tuple[str, str]]:
    """Title and number of each reference; either may be ""."""
    numbers = {found.start(): found for found in YEARED.finditer(text)} if "号" in text else {}
    starts = sorted(numbers)
    used: set[int] = set()
    for title, end in titles_in(text):
        place = _next_number(text, end, starts, numbers)
        if place is not None:
            used.add(place)
        yield title, _number(text, numbers[place], end) if place is not None else ""
    for place in starts:
        if place not in used and (number := _number(text, numbers[place], 0)):
            yield "", number


def titles_in(text: str) -> Iterator[tuple[str, int]]:
    """Titles between 《》 with the place behind them; a title may quote another."""
    depth, start = 0, 0
    for found in re.finditer("[《》]", text):
        if found[0] == "《":
            start = found.end() if depth == 0 else start
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0 and 0 < found.start() - start <= LONGEST_TITLE:
                yield text[start : found.start()], found.end()
        if depth and found.end() - start > LONGEST_TITLE:
            depth = 0


def _next_number(text: str, end: int, starts: list[int], numbers: dict[int, re.Match[str]]) -> int | None:
    """The number that stands in brackets directly behind a title."""
    for reach in range(end, min(len(text), end + AGENCY_REACH + 3)):
        if reach in numbers:
            return reach if text[end : end + 1] in BRACKETS_BEFORE or reach == end else None
        if text[reach] in "《》，。；、":
            return None
    return None


def _number(text: str, found: re.Match[str], earliest: int) -> str:
    before = text[max(earliest, found.start() - AGENCY_REACH) : found.start()]
    agency = AGENCY.search(before.rstrip())
    name = LEAD.sub("", agency[0]) if agency else ""
    return f"{name}〔{found[1]}〕{int(found[2])}号" if name else ""

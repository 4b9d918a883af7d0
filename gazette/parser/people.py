"""People named in an entry, with the posts printed before them.

A person is known by name, or recognised: a surname with one or two characters
that stands between a post and a word that cannot belong to the name.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gazette.parser.departments import longest_first
from gazette.parser.names import (
    COMPOUND_SURNAMES,
    FOLLOWING_WORDS,
    GROUPS,
    NO_GIVEN_NAME,
    NO_NAMES,
    POSTS,
    SURNAMES,
)
from gazette.parser.records import PersonMention

POST = re.compile("|".join(sorted(POSTS, key=len, reverse=True)))
GROUP = re.compile("|".join(GROUPS))
FOLLOWING = re.compile("|".join(sorted(FOLLOWING_WORDS, key=len, reverse=True)))
HARD_END = "，。；：、！？,;:!?（）()“”《》"
LIST_END = "，。、,；;等"
# A post is looked for in so many characters before the name.
POST_REACH = 80
CLAUSE = re.compile(r"[，。；：！？,;:!?“”《》\s]")
# A post begins after the verb or preposition that leads to it.
LEADS_TO_A_POST = re.compile(
    r"^(?:与|和|及|以及|以|由|向|对|请|经|邀请|同)|.*(?:邀请|听取|陪同|会见|传达|参加|通过|贯彻|落实|按照|根据|召开)"
)
STATE_LEADER = ("总书记", "总理", "国家主席", "委员长")
TITLE_AFTER = re.compile(r"(?:副?(?:书记|市长|省长|主席|主任|部长|局长|县长|区长))")
BEFORE_A_NAME = "市省区县旗州盟镇乡委、，。；,;（(和与及由以对向到“"
HEADCOUNT = re.compile(r"等\d{1,3}(?:人|名|位)")
NAME_CHARACTER = re.compile(r"[\u4e00-\u9fff·]")
LONGEST = 4


@dataclass(frozen=True, slots=True)
class Found:
    """A name at a place of the text."""

    start: int
    end: int


class PeopleFinder:
    """Finds people; ``known`` maps known and misprinted names to canonical ones."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self._known = {name: canonical for name, canonical in known.items() if name}
        self._pattern = longest_first(self._known)

    def mentioned(self, text: str) -> tuple[PersonMention, ...]:
        """People in the order of the text, each name with its post once."""
        mentions: list[PersonMention] = []
        post, previous = "", 0
        for found in self._names(text):
            printed = text[found.start : found.end]
            between = text[previous : found.start]
            if not (mentions and between in ("、", "和", "，", ",", "与", "及")):
                post = post_before(text, previous, found.start) or _post_after(text, found.end)
            mentions.append(PersonMention(self._known.get(printed, printed), printed, post))
            previous = found.end
        return tuple(dict.fromkeys(mentions))

    def _names(self, text: str) -> list[Found]:
        """Names that do not overlap, in order; known ones count first."""
        places = list(self._known_names(text))
        for found in _recognised(text):
            places.append(found)
        taken: list[Found] = []
        for found in sorted(set(places), key=lambda found: (found.start, -found.end)):
            if not taken or found.start >= taken[-1].end:
                taken.append(found)
        return [found for found in taken if not _is_state_leader(text, found)]

    def _known_names(self, text: str) -> Iterator[Found]:
        for match in self._pattern.finditer(text):
            found = Found(match.start(), match.end())
            if len(match[0]) > 2 or _stands_like_a_name(text, found):
                yield found


def _stands_like_a_name(text: str, found: Found) -> bool:
    """Whether two characters that are a known name are one here (not a part of other words)."""
    before = text[max(0, found.start - LONGEST) : found.start]
    led = not before or before[-1] in HARD_END or ends_in_post(before)
    return led and bool(_following(text, found.end) or _post_after(text, found.end))


def _recognised(text: str) -> Iterator[Found]:
    for post in POST.finditer(text):
        if text[max(0, post.start() - 1) : post.start()] != "总" or post[0] != "书记":
            yield from _listed(text, post.end())
    for group in GROUP.finditer(text):
        found = _name_at(text, group.end())
        if found and text.startswith(("一行", "等"), found.end):
            yield found
    for title in TITLE_AFTER.finditer(text):
        if found := _name_before(text, title.start()):
            yield found
    for count in HEADCOUNT.finditer(text):
        yield from _list_before(text, count.start())


def _listed(text: str, start: int) -> Iterator[Found]:
    """The name at a place, and those that follow it in a list."""
    found = _name_at(text, start)
    while found:
        yield found
        mark = text[found.end : found.end + 1]
        if mark not in ("、", "，", ",", "和") or mark == "":
            return
        following = _name_at(text, found.end + 1)
        if following and mark in "，," and text[following.end : following.end + 1] not in LIST_END:
            return
        found = following


def _name_at(text: str, start: int) -> Found | None:
    """The likeliest name that begins at a place."""
    head = text[start : start + LONGEST]
    compound = head[:2] in COMPOUND_SURNAMES
    if not head or not (compound or head[0] in SURNAMES):
        return None
    lengths = (4, 3) if compound else (3, 2)
    best, best_weight = None, 0
    for length in lengths:
        name = text[start : start + length]
        if len(name) < length or not is_name(name):
            continue
        weight = _following(text, start + length)
        if weight > best_weight:
            best, best_weight = Found(start, start + length), weight
    return best


def is_name(name: str) -> bool:
    """Whether the characters may be a name: a surname, and given names that are no other word."""
    given = name[2:] if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else name[1:]
    return (
        (name[:2] in COMPOUND_SURNAMES or name[0] in SURNAMES)
        and bool(given)
        and not any(char in NO_GIVEN_NAME or not NAME_CHARACTER.match(char) for char in given)
        and name[:2] not in NO_NAMES
    )


def _following(text: str, end: int) -> int:
    """How surely a name ends at a place: 9 for punctuation, else the length of the word that follows."""
    if end >= len(text) or text[end] in HARD_END or text[end].isspace():
        return 9
    word = FOLLOWING.match(text, end)
    return len(word[0]) if word else 0


def _name_before(text: str, end: int) -> Found | None:
    """A name that stands before its title (某某某书记)."""
    for length in (3, 2):
        start = end - length
        if start < 0 or not is_name(text[start:end]):
            continue
        if start == 0 or text[start - 1] in BEFORE_A_NAME:
            return Found(start, end)
    return None


def _list_before(text: str, end: int) -> Iterator[Found]:
    """The names of 某某、某某等6人, from the last to the first."""
    while True:
        found = None
        for length in (3, 2):
            start = end - length
            if start >= 0 and is_name(text[start:end]):
                found = Found(start, end)
                if start == 0 or text[start - 1] in HARD_END:
                    break
        if found is None:
            return
        yield found
        if found.start == 0 or text[found.start - 1] != "、":
            return
        end = found.start - 1


def post_before(text: str, earliest: int, end: int) -> str:
    """The posts printed before a name: 、 joins several, as long as each of them is one."""
    earliest = max(earliest, end - POST_REACH)
    clauses = CLAUSE.split(text[earliest:end])
    segments = clauses[-1].split("、")
    posts = [_without_lead(segments[-1])]
    whole = posts[0] == segments[-1]
    for segment in reversed(segments[:-1]):
        if not whole or not POST.search(segment[-4:]) or not ends_in_post(segment):
            break
        posts.append(_without_lead(segment))
        whole = posts[-1] == segment
    post = "、".join(reversed(posts)).strip()
    return post if ends_in_post(post) or GROUP.search(post[-4:]) else ""


def _without_lead(segment: str) -> str:
    return LEADS_TO_A_POST.sub("", segment.strip(), count=1)


def ends_in_post(text: str) -> bool:
    """Whether the text ends in an office."""
    return text.endswith(POSTS)


def _post_after(text: str, end: int) -> str:
    title = TITLE_AFTER.match(text, end)
    return title[0] if title else ""


def _is_state_leader(text: str, found: Found) -> bool:
    """State leaders are named in phrases; they took no part."""
    return text.startswith(STATE_LEADER, found.end) or text[: found.start].endswith(STATE_LEADER)

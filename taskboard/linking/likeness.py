"""What two records have in common: pure, from texts and days."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

GRAM = 6
# A run of characters that more records share than this says nothing about two of them.
MOST_SHARING = 4
NUMBER, TITLE, WORDS, SAME_DAY = 95, 85, 50, 20
BRACKETS = str.maketrans("[]()（）【】〖〗", "〔〕〔〕〔〕〔〕〔〕")
NOISE = re.compile(r"[\s“”\"'‘’《》〈〉，。、；：]")
SHORTEST_TITLE = 6
# What half of all titles begin with says nothing: 某市人民政府办公室关于.
OPENING = re.compile(r"^.{0,24}?关于(?:印发|转发)?")
# So many runs in common, or the same day, make words worth a look.
FEWEST_SHARED = 3


@dataclass(frozen=True, slots=True)
class Record:
    """An entry, document or task: its key, the words that name it, its text and day."""

    pk: int
    title: str
    text: str = ""
    day: date | None = None
    number: str = ""
    plan: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two records that may belong together; ``strength`` up to 100, ``reasons`` are sentences."""

    one: int
    other: int
    strength: int
    reasons: tuple[str, ...]


def plain(text: str) -> str:
    """The text with one form of bracket and without blanks and marks."""
    return NOISE.sub("", text.translate(BRACKETS))


def likenesses(texts: Iterable[Record], named: Iterable[Record]) -> Iterator[Likeness]:
    """Of each text the named records whose number, title or rare words stand in it.

    The time grows with the length of the texts, not with the product of both sides.
    """
    index = _Index(list(named))
    for record in texts:
        yield from index.found_in(record)


class _Index:
    """Named records by their number, title and rare runs of characters."""

    def __init__(self, named: list[Record]) -> None:
        self.named = {record.pk: record for record in named}
        self.by_gram: dict[str, set[int]] = defaultdict(set)
        for record in named:
            for name in (record.title, record.plan):
                for gram in _grams(plain(OPENING.sub("", name))):
                    self.by_gram[gram].add(record.pk)
        self.by_gram = {gram: keys for gram, keys in self.by_gram.items() if len(keys) <= MOST_SHARING}
        self.by_number = {plain(record.number): record.pk for record in named if record.number}
        self.number_like = (
            re.compile("|".join(map(re.escape, sorted(self.by_number, key=len, reverse=True))))
            if self.by_number
            else None
        )

    def found_in(self, record: Record) -> Iterator[Likeness]:
        """What the record's text names or resembles."""
        text = plain(f"{record.title}\n{record.text}")
        reasons: dict[int, list[str]] = defaultdict(list)
        strength: Counter[int] = Counter()
        if self.number_like is not None:
            for printed in set(self.number_like.findall(text)):
                key = self.by_number[printed]
                reasons[key].append(f"文中写有文号{self.named[key].number}")
                strength[key] = max(strength[key], NUMBER)
        shared: Counter[int] = Counter()
        samples: dict[int, str] = {}
        for gram in set(_grams(text)):
            for key in self.by_gram.get(gram, ()):
                shared[key] += 1
                samples[key] = min(samples.get(key, gram), gram)
        for key, number in shared.items():
            named = self.named[key]
            whole = next((name for name in (named.title, named.plan) if _whole(name, text)), "")
            if whole:
                reasons[key].append("文中写有题名")
                strength[key] = max(strength[key], TITLE)
            elif number >= FEWEST_SHARED or (record.day and record.day == named.day):
                run = max(
                    (_run(samples[key], text, plain(name)) for name in (named.title, named.plan)), key=len
                )
                reasons[key].append(f"都写有“{run}”等相同词句")
                strength[key] = max(strength[key], min(WORDS + number, TITLE - 1))
        for key in reasons:
            if record.day and record.day == self.named[key].day:
                reasons[key].append("日期相同")
                strength[key] = min(strength[key] + SAME_DAY, 100)
            yield Likeness(record.pk, key, strength[key], tuple(reasons[key]))


def _grams(text: str) -> Iterator[str]:
    """Runs of characters without figures: years and amounts are everywhere."""
    runs = (text[start : start + GRAM] for start in range(len(text) - GRAM + 1))
    return (run for run in runs if not any(sign.isdecimal() for sign in run))


def _run(gram: str, one: str, other: str) -> str:
    """The run around a gram that both hold, as an editor would quote it; empty where one does not."""
    place, there = one.find(gram), other.find(gram)
    if place < 0 or there < 0:
        return ""
    before = _shared(reversed(one[:place]), reversed(other[:there]))
    return before[::-1] + _shared(one[place:], other[there:])


def _shared(one: Iterable[str], other: Iterable[str]) -> str:
    """What both begin with."""
    return "".join(a for a, _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _whole(name: str, text: str) -> bool:
    bare = plain(name)
    return len(bare) >= SHORTEST_TITLE and bare in text

"""What is found, in what order, and what else it could be narrowed by.

A rare term is found by the index: all hits are read (without their texts),
counted, ordered and counted by kind, year and name in memory. Of a term that
has more than a thousand hits the newest are taken: sorted, or, of a common
one, found by walking along the days, which comes upon a hit after a few rows.
It is counted up to a bound and never beyond, for all and for each kind. How
often years and names are met is known of the newest alone then.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.db.models import Case, IntegerField, Q, Value, When

from search.documents import kind_key
from search.models import SearchEntry
from search.querysets import SearchEntryQuerySet, are_many, contains, counts_up_to, place_at_most
from search.words import KEY, Word

COUNTED = 1_000
NAMES_AHEAD = 20
BEST, NEWEST = "best", "newest"
NO_DAY = date.min


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked; ``keys`` are those of departments, people and topics that a hit must bear."""

    words: Sequence[Word]
    audiences: Collection[str]
    kinds: Collection[str]
    kind: str = ""
    year: int | None = None
    keys: tuple[str, ...] = ()
    order: str = BEST
    undated_kinds: Collection[str] = ()

    @property
    def narrowed(self) -> bool:
        """Whether more than words is asked for."""
        return bool(self.kind or self.year or self.keys)


class Hit(NamedTuple):
    """A row that was found, without its text; ``keys`` have a space on either side."""

    pk: int
    kind: str
    object_id: int
    day: date
    keys: str
    score: int

    @property
    def year(self) -> int | None:
        """The year of its first day."""
        return None if self.day == NO_DAY else self.day.year


@dataclass(frozen=True, slots=True)
class Found:
    """All hits in order, or the first thousand (``more``); years and names are counted in those alone then.

    ``kinds`` says how many of each kind pass all other conditions: above a
    thousand, only that there are more.
    """

    hits: list[Hit]
    more: bool
    kinds: Counter[str]
    years: Counter[int]
    keys: Counter[str] = field(default_factory=Counter)

    def entries(self, start: int, size: int) -> list[SearchEntry]:
        """Some of what was found, with texts: one query."""
        wanted = [hit.pk for hit in self.hits[start : start + size]]
        rows = SearchEntry.objects.filter(pk__in=wanted).defer("grams", "folded").in_bulk()
        # Another process may have replaced a row since.
        return [rows[pk] for pk in wanted if pk in rows]


def find(question: Question) -> Found:
    """One query for a rare term; up to six for a common one."""
    visible = SearchEntry.objects.open_to(question.audiences).of_kinds(question.kinds)
    hits = _hits(visible.by_index(question.words), question)
    if len(hits) <= COUNTED:
        return _counted(hits, question)
    candidates = visible.of_year(question.year, looked_at=True)
    kinds = _numbers_of_kinds(candidates, question)
    hits = _newest(candidates, question)
    if question.order == BEST and question.undated_kinds and not question.narrowed:
        hits = _names_ahead(visible, question) + hits
    return _ordered(hits, kinds, question)


def _newest(candidates: SearchEntryQuerySet, question: Question) -> list[Hit]:
    groups = [(key,) for key in question.keys]
    of_kind = [*groups, (kind_key(question.kind),)] if question.kind else groups
    if not are_many(question.words, of_kind):
        found = candidates.by_index(question.words, of_kind).newest_first(looked_at=True)
        return _hits(found, question)
    along_days = SearchEntry.objects.open_to(question.audiences).of_year(question.year)
    along_days = along_days.of_kinds([question.kind] if question.kind else question.kinds)
    return _hits(along_days.holding(question.words, groups).newest_first(), question)


def _numbers_of_kinds(candidates: SearchEntryQuerySet, question: Question) -> Counter[str]:
    """How many of each kind pass all other conditions, up to one more than a thousand."""
    groups = [(key,) for key in question.keys]
    of_each = {
        kind: candidates.by_index(question.words, [*groups, (kind_key(kind),)]) for kind in question.kinds
    }
    return Counter(counts_up_to(COUNTED + 1, of_each))


def _names_ahead(visible: SearchEntryQuerySet, question: Question) -> list[Hit]:
    """People and departments belong to no day: among the newest of a common term they would be missed."""
    names = visible.by_index(question.words, [[kind_key(kind) for kind in question.undated_kinds]])
    return sorted(_hits(names, question), key=lambda hit: -hit.score)[:NAMES_AHEAD]


def _hits(found: SearchEntryQuerySet, question: Question) -> list[Hit]:
    rows = found.annotate(score=_score(question)).values_list(
        "pk", "kind", "object_id", "sort_day", "keys", "score"
    )
    return [Hit(*row) for row in rows[: COUNTED + 1]]


def _score(question: Question) -> Case:
    """2 for each word in the title, 1 more where the title is that word; 0 where order is by day."""
    total = Value(0)
    for word in question.words if question.order == BEST else ():
        total = total + Case(When(_titled(word), then=Value(2)), default=Value(0))  # type: ignore[assignment]
        whole = Q(title_length__in={len(form) for form in word.forms}) & _titled(word)
        total = total + Case(When(whole, then=Value(1)), default=Value(0))  # type: ignore[assignment]
    return Case(default=total, output_field=IntegerField())


def _titled(word: Word) -> Q:
    ways = (
        Q(contains("folded", form)) & Q(place_at_most("folded", form, "title_length")) for form in word.forms
    )
    return reduce(or_, ways)


def _counted(hits: Sequence[Hit], question: Question) -> Found:
    """Everything is known: each kind of count is of what passes all other conditions."""
    passing = [hit for hit in hits if _of_year(hit, question) and _bears(hit, question)]
    of_kind = [hit for hit in hits if _of_kind(hit, question) and _bears(hit, question)]
    chosen = [hit for hit in passing if _of_kind(hit, question)]
    years = Counter(hit.year for hit in of_kind if hit.year)
    return Found(_sorted(chosen, question), False, Counter(hit.kind for hit in passing), years, _keys(chosen))


def _ordered(hits: Sequence[Hit], kinds: Counter[str], question: Question) -> Found:
    more = len(hits) > COUNTED
    ordered = _sorted(list({hit.pk: hit for hit in hits}.values()), question)[:COUNTED]
    years = Counter(hit.year for hit in ordered if hit.year)
    return Found(ordered, more, kinds, years, _keys(ordered))


def _sorted(hits: list[Hit], question: Question) -> list[Hit]:
    if question.order == BEST:
        return sorted(hits, key=lambda hit: (_rank(hit, question), hit.day, hit.pk), reverse=True)
    return sorted(hits, key=lambda hit: (hit.day, hit.pk), reverse=True)


def _rank(hit: Hit, question: Question) -> int:
    """A person or department that bears a word stands before a text that has it in its title."""
    return hit.score + (1 if hit.score and hit.kind in question.undated_kinds else 0)


def _of_kind(hit: Hit, question: Question) -> bool:
    return not question.kind or hit.kind == question.kind


def _of_year(hit: Hit, question: Question) -> bool:
    return question.year is None or hit.year == question.year


def _bears(hit: Hit, question: Question) -> bool:
    return all(f" {key} " in hit.keys for key in question.keys)


def _keys(hits: Sequence[Hit]) -> Counter[str]:
    names = (f"{KEY}department", f"{KEY}person", f"{KEY}topic")
    numbers = Counter("".join(hit.keys for hit in hits).split())
    return Counter({key: number for key, number in numbers.items() if key.startswith(names)})

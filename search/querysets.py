"""Reads of the index."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Self, cast

from django.db import connection, models
from django.db.models import F, Q, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import StrIndex

from search.fulltext import question
from search.words import LONG_SPAN, Days, Word

if TYPE_CHECKING:
    from search.models import SearchEntry  # noqa: F401

Keys = Sequence[Sequence[str]]
JOINED = {
    "sqlite": "search_fts.rowid = search_entry.id AND search_fts MATCH %s",
    "postgresql": "search_entry.lexemes @@ %s::tsquery",
}
CANDIDATES = "SELECT COUNT(*) FROM (SELECT rowid FROM search_fts WHERE search_fts MATCH %s LIMIT %s)"
MANY = 10_000
# In a query of its own inside another: there the table bears another name.
WITHIN = {
    "sqlite": "id IN (SELECT rowid FROM search_fts WHERE search_fts MATCH %s)",
    "postgresql": "lexemes @@ %s::tsquery",
}


class LookedAt(models.Func):
    """A column's value, which SQLite must not use an index for; PostgreSQL knows by itself when not to."""

    template = "%(expressions)s"
    arity = 1

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        """With the sign that SQLite takes as a hint."""
        return super().as_sql(compiler, connection, template="+%(expressions)s", **context)


class SearchEntryQuerySet(models.QuerySet["SearchEntry"]):
    """Entries of the index."""

    def open_to(self, audiences: Collection[str]) -> Self:
        """Entries for one of the audiences."""
        return self.filter(visibility__in=sorted(audiences))

    def of_kinds(self, kinds: Collection[str], *, looked_at: bool = False) -> Self:
        """Entries of the kinds; of all without any; with ``looked_at`` among those found otherwise.

        One kind may be walked through along its days. For several that would
        mean to sort them all, so the database is kept from it.
        """
        if len(kinds) == 1 and not looked_at:
            return self.filter(kind__in=kinds)
        return (
            self.alias(looked_at_kind=LookedAt("kind")).filter(looked_at_kind__in=sorted(kinds))
            if kinds
            else self
        )

    def of_year(self, year: int | None, *, looked_at: bool = False) -> Self:
        """Entries whose first day lies in the year; with ``looked_at`` among those found otherwise."""
        if year is None:
            return self
        span = (date(year, 1, 1), date(year, 12, 31))
        if looked_at:
            return self.alias(looked_at_day=LookedAt("sort_day")).filter(looked_at_day__range=span)
        return self.filter(sort_day__range=span)

    def holding(self, words: Sequence[Word], keys: Keys = (), *, own: bool = False) -> Self:
        """Entries that hold all words, and of each group of keys at least one: by looking at each."""
        found = self
        for word in words:
            found = found.filter(_holds(word, own))
        for group in keys:
            found = found.filter(reduce(or_, (_bears(key) for key in group)))
        return found

    def by_index(self, words: Sequence[Word], keys: Keys = ()) -> Self:
        """The same by the index, candidates first: for a query of its own, not for one inside another."""
        if not words and not keys:
            return self
        vendor = connection.vendor
        asked = question(words, keys, vendor)
        tables = ["search_fts"] if vendor == "sqlite" else []
        # What is asked of the index is a parameter; all else is written here.
        joined = self.extra(tables=tables, where=[JOINED[vendor]], params=[asked])  # noqa: S610
        return cast(Self, joined).holding(words, keys)

    def by_index_within(self, words: Sequence[Word], *, own: bool = False) -> Self:
        """The same inside another query; with ``own`` what stands beside a text does not count."""
        vendor = connection.vendor
        asked = question(words, (), vendor)
        found = RawSQL(WITHIN[vendor], [asked], output_field=models.BooleanField())  # noqa: S611
        return self.filter(found).holding(words, own=own)

    def newest_first(self, *, looked_at: bool = False) -> Self:
        """By day, what belongs to none last; with ``looked_at`` what was found otherwise is sorted."""
        if looked_at:
            return self.order_by(LookedAt("sort_day").desc(), LookedAt("pk").desc())
        return self.order_by("-sort_day", "-pk")


def are_many(words: Sequence[Word], keys: Keys) -> bool:
    """Whether a walk along the days comes upon hits sooner than the index could be read and sorted.

    PostgreSQL knows how common a word is and decides by itself.
    """
    if not words and not keys:
        return True
    if connection.vendor != "sqlite":
        return False
    with connection.cursor() as cursor:
        cursor.execute(CANDIDATES, [question(words, keys, connection.vendor), MANY])
        (number,) = cursor.fetchone()
    return bool(number >= MANY)


def counts_up_to(bound: int, querysets: Mapping[str, SearchEntryQuerySet]) -> dict[str, int]:
    """How many entries each holds, counted up to a bound: one query for all."""
    parts: list[str] = []
    params: list[Any] = []
    for found in querysets.values():
        sql, values = found.order_by().values("pk")[:bound].query.sql_with_params()
        # The framework's own SQL; every value is a parameter.
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) AS counted)")  # noqa: S608
        params += values
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", params)
        numbers = cursor.fetchone()
    return dict(zip(querysets, numbers, strict=True))


def _holds(word: Word, own: bool) -> Q:
    ways: list[Q] = [Q(contains("folded", form)) for form in word.forms]
    if own:
        # The record's own text comes first: what stands there is found there first.
        ways = [
            way & Q(place_at_most("folded", form, "own_length"))
            for way, form in zip(ways, word.forms, strict=True)
        ]
    if word.days:
        ways += [_bears(word.days.key), _spans(word.days)]
    return reduce(or_, ways)


def _bears(key: str) -> Q:
    return Q(contains("keys", f" {key} "))


def _spans(days: Days) -> Q:
    long = _bears(LONG_SPAN)
    if days.any_year:
        return long
    return long & Q(day__lte=days.last, last_day__gte=days.first)


def place_at_most(column: str, text: str, bound: str) -> models.lookups.LessThanOrEqual:
    """Whether the text first stands, if at all, within the bound that another column tells."""
    return models.lookups.LessThanOrEqual(StrIndex(F(column), Value(text)), F(bound))


def contains(column: str, text: str) -> models.lookups.GreaterThan:
    """Whether the column holds the text, letter by letter, on every database."""
    return models.lookups.GreaterThan(StrIndex(F(column), Value(text)), 0)

"""The words of a query, the forms in which they may be printed, and the days they name: pure."""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from search.folding import forms_of

MAX_WORDS = 8
MAX_LENGTH = 200
BETWEEN_WORDS = re.compile(r"[\s\x00-\x1f《》“”\"]+")
WHOLE_DAY = re.compile(r"(\d{4})(?:年|[./-])(\d{1,2})(?:月|[./-])(\d{1,2})[日号]?")
DAY_OF_ANY_YEAR = re.compile(r"(\d{1,2})月(\d{1,2})[日号]")
MONTH = re.compile(r"(\d{4})(?:年|[./-])(\d{1,2})月?")
YEAR = re.compile(r"(\d{4})年")
# What a key begins with; no gram does.
KEY = "ω"
# Of a longer span the days are not written out: it bears this key, and its ends are looked at.
LONGEST_SPAN = 400
LONG_SPAN = f"{KEY}span"


@dataclass(frozen=True, slots=True)
class Days:
    """Days that a word names, first to last; with ``any_year`` the same day of every year."""

    first: date
    last: date
    any_year: bool = False

    @property
    def key(self) -> str:
        """The key that every record which touches these days bears."""
        if self.any_year:
            return f"{KEY}a{self.first:%m%d}"
        if self.first == self.last:
            return day_key(self.first)
        whole_year = self.first.month != self.last.month
        return f"{KEY}y{self.first.year}" if whole_year else f"{KEY}m{self.first.year}{self.first:%m}"


@dataclass(frozen=True, slots=True)
class Word:
    """A word as typed, its forms as they are compared, and the days it names."""

    typed: str
    forms: tuple[str, ...]
    days: Days | None = None


def words_of(query: str) -> list[Word]:
    """The first words of a query; quotation and title marks around them are dropped."""
    found = [word for word in BETWEEN_WORDS.split(query[:MAX_LENGTH]) if word]
    return [Word(word, forms_of(word), days_of(word)) for word in found[:MAX_WORDS]]


def plain_words(query: str) -> list[Word]:
    """The first words of a query, parted by spaces alone, each as it stands and none a date."""
    return [Word(word, forms_of(word)) for word in query.split()[:MAX_WORDS]]


def forms(words: Sequence[Word]) -> list[str]:
    """Every form of every word, for marking them in a text."""
    return [form for word in words for form in word.forms]


def left_out(query: str) -> bool:
    """Whether the query is longer than what is searched for."""
    words = [word for word in BETWEEN_WORDS.split(query) if word]
    return len(query.strip()) > MAX_LENGTH or len(words) > MAX_WORDS


def days_of(word: str) -> Days | None:
    """The day, month or year that the whole word names; None for any other word and for a 31 November."""
    text = unicodedata.normalize("NFKC", word)
    try:
        return _days_of(text)
    except ValueError:  # the calendar has no such day
        return None


def _days_of(text: str) -> Days | None:
    if named := WHOLE_DAY.fullmatch(text):
        day = date(*_numbers(named))
        return Days(day, day)
    if named := DAY_OF_ANY_YEAR.fullmatch(text):
        day = date(2000, *_numbers(named))
        return Days(day, day, any_year=True)
    if named := MONTH.fullmatch(text):
        year, month = _numbers(named)
        return Days(date(year, month, 1), date(year, month, monthrange(year, month)[1]))
    if named := YEAR.fullmatch(text):
        (year,) = _numbers(named)
        return Days(date(year, 1, 1), date(year, 12, 31))
    return None


def _numbers(named: re.Match[str]) -> list[int]:
    return [int(number) for number in named.groups()]


def day_key(day: date) -> str:
    """The key of one day."""
    return f"{KEY}d{day.year}{day:%m%d}"


def keys_of_span(first: date, last: date) -> list[str]:
    """The keys of all days, months and years that a record touches."""
    years = [f"{KEY}y{year}" for year in range(first.year, last.year + 1)]
    months = [
        f"{KEY}m{number // 12}{number % 12 + 1:02}"
        for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    ]
    length = (last - first).days + 1
    if length > LONGEST_SPAN:
        return [*years, *months, LONG_SPAN]
    days = [first + timedelta(days=place) for place in range(length)]
    return [*years, *months, *map(day_key, days), *dict.fromkeys(f"{KEY}a{day:%m%d}" for day in days)]

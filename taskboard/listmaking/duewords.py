"""Dates in the sentences of a document: when a task is due, and what comes before. Pure."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

DAY_WORDS = re.compile(
    r"(?P<year>(?:19|20)\d\d\s*年|今年|明年)?\s*(?:至|到)?\s*(?<!\d)(?P<month>1[0-2]|0?[1-9])\s*月"
    r"(?:\s*(?P<day>[12]\d|3[01]|0?[1-9])\s*日|\s*(?:底|末)|份)?(?:之前|以前|前)?"
)
YEAR_END = re.compile(r"(?P<year>(?:19|20)\d\d\s*|今|明|本)?年(?:底|末)(?:之前|以前|前)?")
# What begins on a date is no deadline.
STARTING = re.compile(r"\s*(?:起|开始|实施|开工|启动)")


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date with the words that say it; ``starts`` when something begins on it."""

    on: date
    printed: str
    place: int
    starts: bool


@dataclass(frozen=True, slots=True)
class Dates:
    """The deadline of a text, if it has one, and the other dates."""

    due: PrintedDate | None
    others: tuple[PrintedDate, ...]


def dates_in(text: str, year: int) -> Dates:
    """The last date that nothing begins on is the due date; ``year`` holds where none is printed."""
    found = sorted((*_days(text, year), *_year_ends(text, year)), key=lambda printed: printed.place)
    due = next((printed for printed in reversed(found) if not printed.starts), None)
    return Dates(due, tuple(printed for printed in found if printed is not due))


def _days(text: str, year: int) -> Iterator[PrintedDate]:
    for match in DAY_WORDS.finditer(text):
        month, of_year = int(match["month"]), _year(match["year"], year)
        last = monthrange(of_year, month)[1]
        number = int(match["day"]) if match["day"] else last
        if number <= last:
            yield _printed(text, match, date(of_year, month, number))


def _year_ends(text: str, year: int) -> Iterator[PrintedDate]:
    for match in YEAR_END.finditer(text):
        yield _printed(text, match, date(_year(match["year"], year), 12, 31))


def _year(words: str | None, year: int) -> int:
    if not words or words[0] in "今本":
        return year
    return year + 1 if words[0] == "明" else int(words[:4])


def _printed(text: str, match: re.Match[str], on: date) -> PrintedDate:
    return PrintedDate(on, match[0].strip(), match.start(), bool(STARTING.match(text, match.end())))

"""The year of an issue: from what is printed to say it, never from a sentence."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from gazette.parser.dates import first_year, whole_date
from gazette.parser.headings import chronicle_heading, issue_heading, month_heading
from gazette.parser.lines import Line
from gazette.parser.openings import read_opening
from gazette.parser.patterns import MARK_LENGTH, document_number, is_title
from gazette.parser.records import Furniture


def issue_year(lines: Sequence[Line], furniture: Sequence[Furniture]) -> int | None:
    """The year that comes first in a heading, running head, title, document number or date.

    Where all of them are silent, an entry directly under a heading may print its whole date.
    """
    named = [(item.line, first_year(item.text)) for item in furniture]
    named += [(line.number, _year_named_by(line)) for line in lines]
    years = (year for _, year in sorted(named, key=lambda item: item[0]) if year)
    return next(years, None) or next(_years_of_first_entries(lines), None)


def _year_named_by(line: Line) -> int | None:
    text = line.text
    if len(text) > MARK_LENGTH:
        return None
    if period := chronicle_heading(text) or issue_heading(text):
        return period.year
    if day := whole_date(text):
        return day.year
    return first_year(text) if document_number(text) or is_title(text) else None


def _years_of_first_entries(lines: Sequence[Line]) -> Iterator[int]:
    for heading, line in pairwise(lines):
        if chronicle_heading(heading.text) or month_heading(heading.text):
            opening = read_opening(line.text)
            if opening and opening.first and opening.first.year and not opening.reads_on:
                yield opening.first.year

"""Headings of the chronicle: 2022年7月大事记, 大事记（2022年）, 七月, （2022年7月）."""

import re
from dataclasses import dataclass

from gazette.parser.dates import chinese_number, chinese_year, half_width_figures
from gazette.parser.patterns import SPACES

# Longer lines that speak of a chronicle are sentences.
LENGTH = 40
CHRONICLE = "大事记"
YEAR = r"(?P<year>(?:19|20)\d\d|[一二][〇○零Ｏ0O一二三四五六七八九]{3})年"
MONTH = r"(?P<month>\d{1,2}|[一二三四五六七八九十]{1,3})月份?"
PERIOD = re.compile(rf"{YEAR}(?:{MONTH})?|(?<!\d){MONTH.replace('month', 'lone')}")
MONTH_LINE = re.compile(rf"(?:{YEAR})?{MONTH}")
YEAR_LINE = re.compile(YEAR)
ISSUE_LINE = re.compile(rf"{YEAR}第(?:\d{{1,3}}|[一二三四五六七八九十]{{1,4}})[期号]")
BRACKETED = re.compile(r"[（(〔［\[【](.*)[）)〕］\]】]")
NO_HEADING = re.compile(r"[。，；！？：,;:《》“”]")
LAST_MONTH = 12


@dataclass(frozen=True, slots=True)
class Period:
    """The year and month that a heading names."""

    year: int | None
    month: int | None


def chronicle_heading(text: str) -> Period | None:
    """The period of a chronicle's heading; None when the line is none."""
    if len(text) > LENGTH or CHRONICLE[0] not in text:
        return None
    bare = half_width_figures(SPACES.sub("", text))
    before, found, after = bare.partition(CHRONICLE)
    if not found or NO_HEADING.search(bare) or (after and not re.fullmatch(r"[（(].{1,20}[）)]", after)):
        return None
    period = PERIOD.search(before) or PERIOD.search(after)
    if period is None:
        return Period(None, None)
    return _period(period["year"], period["month"] or period["lone"])


def month_heading(text: str) -> Period | None:
    """The period of a line that is a month (or a year) and nothing else, bracketed or not."""
    bare = _without_brackets(text)
    if found := MONTH_LINE.fullmatch(bare):
        return _period(found["year"], found["month"])
    found = YEAR_LINE.fullmatch(bare)
    return _period(found["year"], None) if found else None


def issue_heading(text: str) -> Period | None:
    """The period that a line between the parts of an issue names: as above, or 2023年第9期."""
    if period := month_heading(text):
        return period
    found = ISSUE_LINE.fullmatch(_without_brackets(text))
    return _period(found["year"], None) if found else None


def _without_brackets(text: str) -> str:
    """A short line without spaces and the brackets around it; longer ones are no headings."""
    if len(text) > LENGTH:
        return ""
    bare = half_width_figures(SPACES.sub("", text))
    bracketed = BRACKETED.fullmatch(bare)
    return bracketed[1] if bracketed else bare


def _period(year: str | None, month: str | None) -> Period | None:
    number = chinese_number(month) if month else None
    if month and not (number and number <= LAST_MONTH):
        return None
    if not year:
        return Period(None, number)
    return Period(int(year) if year.isascii() and year.isdigit() else chinese_year(year), number)

"""Dated phases of a plan: 部署阶段（2022年8月15日前）."""

import re
from dataclasses import dataclass
from datetime import date

from gazette.parser.dates import half_width_figures, make_date, month_end
from gazette.parser.patterns import SPACES
from gazette.parser.records import Section, Stage

# The dates stand in brackets within so many characters of a section.
REACH = 120
BRACKET = re.compile(r"[（(]([^（）()]{3,60})[）)]")
YEAR = r"(?:((?:19|20)\d\d)年)?"
POINT = rf"{YEAR}(?:(\d{{1,2}})月份?)?(?:(\d{{1,2}})日|(底|末))?"
RANGE = re.compile(rf"{POINT}(?:[~～\-－—–―至到]{{1,2}}{POINT})?(之?前|以前|为止|止|起|开始|以后|之后)?")
BEFORE, AFTER = ("前", "之前", "以前", "为止", "止"), ("起", "开始", "以后", "之后")


@dataclass(frozen=True, slots=True)
class Point:
    """One end of a period as printed: figures, and whether 底 stands for the day."""

    year: int | None
    month: int | None
    day: int | None
    is_end: bool

    @property
    def is_printed(self) -> bool:
        """Whether anything is printed of it."""
        return bool(self.year or self.month or self.day or self.is_end)


def stage_of(section: Section, year: int | None) -> Stage | None:
    """The phase that a section describes; ``year`` stands in where none is printed."""
    if section.depth < 2:
        return None
    text = (section.heading or section.text)[:REACH]
    for found in BRACKET.finditer(text):
        dates = stage_dates(found[1], year)
        if dates:
            name = (text[: found.start()] + text[found.end() :]) if section.heading else text[: found.start()]
            return Stage(name.strip(), *dates, section=section.number, line=section.line)
    return None


def stage_dates(printed: str, year: int | None) -> tuple[date | None, date | None] | None:
    """First and last day of a printed period, either may be open; None when it is no period."""
    found = RANGE.fullmatch(half_width_figures(SPACES.sub("", printed)))
    if not found or not found[2]:
        return None
    first, second, suffix = _point(found, 1), _point(found, 5), found[9] or ""
    start, end = _first_day(first, year), _last_day(first, year, None)
    if second.is_printed:
        return _range(start, first, second, year)
    if suffix in BEFORE:
        return (None, end) if end else None
    if suffix in AFTER:
        return (start, None) if start else None
    return (start, end) if start and end else None


def _point(found: re.Match[str], group: int) -> Point:
    year, month, day = (int(found[n]) if found[n] else None for n in range(group, group + 3))
    return Point(year, month, day, bool(found[group + 3]))


def _range(start: date | None, first: Point, second: Point, year: int | None) -> tuple[date, date] | None:
    begins = first.year or year
    # 11月至2月 ends in the next year; 9日至1日 is no period.
    turns = begins is not None and bool(second.month and first.month and second.month < first.month)
    end = _last_day(second, begins + 1 if begins and turns else begins, first.month)
    return (start, end) if start and end and start <= end else None


def _first_day(point: Point, year: int | None) -> date | None:
    whole_year = point.year or year
    if whole_year is None or not point.month:
        return None
    if point.is_end:
        return month_end(whole_year, point.month)
    return make_date(whole_year, point.month, point.day or 1)


def _last_day(point: Point, year: int | None, month: int | None) -> date | None:
    whole_year, whole_month = point.year or year, point.month or month
    if whole_year is None or whole_month is None:
        return None
    if point.day:
        return make_date(whole_year, whole_month, point.day)
    return month_end(whole_year, whole_month)

"""Dated phases of a plan: 部署阶段（2022年8月15日前）."""

import re
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
Point = tuple[str | None, str | None, str | None, str | None]


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
    first, second, suffix = found.group(1, 2, 3, 4), found.group(5, 6, 7, 8), found[9] or ""
    start = _first_day(first, year)
    if any(second):
        return _range(start, first, second, year)
    end = _last_day(first, year, None)
    if suffix in BEFORE and suffix:
        return (None, end) if end else None
    if suffix in AFTER and suffix:
        return (start, None) if start else None
    return (start, end) if start and end else None


def _range(start: date | None, first: Point, second: Point, year: int | None) -> tuple[date, date] | None:
    start_year = int(first[0]) if first[0] else year
    end = _last_day(second, start_year, int(first[1]) if first[1] else None)
    if start and end and end < start and not second[0]:
        end = make_date(end.year + 1, end.month, end.day)
    return (start, end) if start and end and start <= end else None


def _first_day(point: Point, year: int | None) -> date | None:
    whole_year = int(point[0]) if point[0] else year
    if whole_year is None or not point[1]:
        return None
    if point[3]:
        return month_end(whole_year, int(point[1]))
    return make_date(whole_year, int(point[1]), int(point[2] or 1))


def _last_day(point: Point, year: int | None, month: int | None) -> date | None:
    whole_year = int(point[0]) if point[0] else year
    whole_month = int(point[1]) if point[1] else month
    if whole_year is None or whole_month is None:
        return None
    if point[2]:
        return make_date(whole_year, whole_month, int(point[2]))
    return month_end(whole_year, whole_month)

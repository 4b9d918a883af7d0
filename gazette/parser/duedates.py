"""Dates inside the text of a task: when it is due, what comes earlier, what begins.

A date without a year takes that of the document; a printed year counts, unless
it lies before the document's, for then it tells a story and sets no date.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from gazette.parser.dates import chinese_number, chinese_year, half_width_figures, make_date, month_end

GAP = r"\s{0,4}"
FIGURES = r"\d{1,2}"
NUMERAL = "[一二三四五六七八九十]{1,3}"
CHINESE_YEAR = "[一二][〇○零Ｏ0O一二三四五六七八九]{3}"
YEAR = rf"(?:(?P<year>(?:19|20)\d\d|{CHINESE_YEAR}){GAP}年|(?P<spoken>今年|本年|明年|次年))?{GAP}"
BEFORE = r"(?:之前|以前|前|止|为止)?"
DAY = rf"(?P<month>{FIGURES}|{NUMERAL}){GAP}月{GAP}(?P<day>{FIGURES}|{NUMERAL}){GAP}[日号]{BEFORE}"
MONTH = (
    rf"(?P<whole>{FIGURES}){GAP}月(?!{GAP}\d)(?P<part>{GAP}(?:份|底|末|上旬|中旬|下旬|初))?{BEFORE}"
    rf"|(?P<named>{NUMERAL}){GAP}月(?P<named_part>{GAP}(?:份|底|末|上旬|中旬|下旬|初)){BEFORE}"
)
YEAR_END = rf"(?P<end>(?(year)年?|(?(spoken)年?|年)){GAP}[底末内]){BEFORE}"
DATE = re.compile(rf"(?<![\d.])(?P<from>至{GAP})?{YEAR}(?:{DAY}|{MONTH}|{YEAR_END})")
DAY_ONLY = re.compile(rf"{GAP}(?:至|到|[-—–~～]){GAP}(?P<day>{FIGURES}){GAP}[日号]{BEFORE}")
RANGE = re.compile(rf"{GAP}(?:至|到|[-—–~～]){GAP}")
CITED_TITLE = re.compile(r"《[^《》]{1,200}》")
# What comes round every year, what is over, and what dates another paper are no dates of the task.
RECURRING = ("每年", "历年", "往年", "常年", "每", "历", "往", "常", "近", "同", "上")
SPAN = tuple("一二三四五六七八九十两几数多半")
ELSEWHERE = re.compile(r"以来|以后|之后|(?:印发|下发|发布|施行|出台|公布|召开)的")
CLAUSE_END = re.compile(r"[，。；;,！？]")
BEGINNING = re.compile(
    r"(?P<begin>^起|起$|开工|动工|开始|启动|实施(?!方案|细则|意见|办法|计划))|完成|竣工|建成|办结"
)
LAST_DAYS = {"初": 10, "上旬": 10, "中旬": 20}
LOOK_AHEAD = 40


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date as it stands in a text; ``on`` is None where there is no such day or no year."""

    on: date | None
    printed: str
    begins: bool
    start: int


def dates_in(text: str, year: int | None) -> list[PrintedDate]:
    """Dates of a text in order; ``year`` is the document's."""
    plain = half_width_figures(CITED_TITLE.sub(lambda title: "《" + "·" * (len(title[0]) - 2) + "》", text))
    return list(_dates(plain, text, year))


def _dates(plain: str, text: str, year: int | None) -> Iterator[PrintedDate]:
    position, inherited = 0, year
    while found := DATE.search(plain, position):
        position = found.end()
        own_year = _year_of(found, inherited, year)
        if _is_none_of_ours(plain, found, own_year, year):
            continue
        ahead = RANGE.match(plain, position)
        opens_range = bool(ahead and DATE.match(plain, ahead.end()))
        inherited = own_year if opens_range else year
        last_day = DAY_ONLY.match(plain, position) if found["day"] else None
        begins = opens_range or bool(last_day) or _begins(plain, position)
        yield PrintedDate(
            _day_of(found, own_year), text[found.start() : position].strip(), begins, found.start()
        )
        if last_day:
            position = last_day.end()
            on = _make(own_year, chinese_number(found["month"]), int(last_day["day"]))
            yield PrintedDate(on, text[found.start() : position].strip(), False, last_day.start())


def _year_of(found: re.Match[str], inherited: int | None, year: int | None) -> int | None:
    if printed := found["year"]:
        return int(printed) if printed.isdigit() and printed.isascii() else chinese_year(printed)
    if spoken := found["spoken"]:
        return year + (spoken in ("明年", "次年")) if year else None
    return inherited


def _is_none_of_ours(plain: str, found: re.Match[str], own_year: int | None, year: int | None) -> bool:
    before = plain[max(0, found.start() - 2) : found.start()]
    if before.endswith(RECURRING) or (found["year"] and year and own_year and own_year < year):
        return True
    if found["end"] and not (found["year"] or found["spoken"]) and before.endswith(SPAN):
        return True
    return bool(ELSEWHERE.match(plain, found.end()))


def _day_of(found: re.Match[str], year: int | None) -> date | None:
    if found["end"]:
        return _make(year, 12, 31)
    if found["day"]:
        return _make(year, chinese_number(found["month"]), chinese_number(found["day"]))
    month = chinese_number(found["whole"] or found["named"])
    part = (found["part"] or found["named_part"] or "").strip()
    if part in LAST_DAYS:
        return _make(year, month, LAST_DAYS[part])
    return month_end(year, month) if year and month else None


def _make(year: int | None, month: int | None, day: int | None) -> date | None:
    return make_date(year or 0, month or 0, day or 0)


def _begins(plain: str, position: int) -> bool:
    """Whether the words after a date tell of a beginning before they tell of an end."""
    clause = CLAUSE_END.split(plain[position : position + LOOK_AHEAD].lstrip("，, "), maxsplit=1)[0]
    found = BEGINNING.search(clause)
    return bool(found and found["begin"])

"""How an entry of the chronicle begins: a marker, a date, a range of dates, 同日.

A line that begins like that need not begin an entry: a hard-wrapped sentence
can go on with a date. What stands around the line decides, see ``chronicle``.
"""

import re
from dataclasses import dataclass, replace
from datetime import date

from gazette.parser.dates import chinese_number, chinese_year, half_width_figures, make_date

# An opening is looked for in so many characters.
REACH = 80
SHORTEST_MONTH = 28
MARKERS = "☆★△▲▽▼◇◆○●◎□■※▪•·►▶✩✦❖"
GAP = r"[ \t\u3000]{0,4}"
FIGURE = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
YEAR = r"(?:(?:19|20)\d\d|[一二][〇○零Ｏ0O一二三四五六七八九]{3})"
DASH = rf"{GAP}(?:[~～—–－―-]{{1,2}}|至|到){GAP}"
MARKER = re.compile(rf"^[{MARKERS}]{GAP}")
DATE = re.compile(
    rf"^(?:({YEAR}){GAP}年{GAP})?(?:({FIGURE}){GAP}月{GAP})?({FIGURE}){GAP}(日)?"
    rf"(?:{DASH}(?:({YEAR}|次|翌|同|本|当){GAP}年{GAP})?(?:({FIGURE}){GAP}月{GAP})?({FIGURE}){GAP}(日))?"
)
# Days one by one: 5日、6日, 5、6日, 30日和10月1日.
NEXT_DAY = rf"{GAP}[、和及与]{GAP}(?:({FIGURE}){GAP}月{GAP})?({FIGURE}){GAP}"
LISTED_DAY = re.compile(NEXT_DAY)
DAYS = re.compile(
    rf"^(?:({YEAR}){GAP}年{GAP})?(?:({FIGURE}){GAP}月{GAP})?({FIGURE}){GAP}日?"
    + rf"((?:{NEXT_DAY}日?)*{NEXT_DAY}日)".replace(f"({FIGURE})", FIGURE)
)
SAME_DAY = re.compile(r"^(?:[是同当]日|[同当]天|同一天)")
SEPARATOR = re.compile(r"^[ \t\u3000]*[，,：:、 \t\u3000]")
LEADING = "，,：:、 \t\u3000"
SPACE = re.compile(r"^[ \t\u3000]+(?![，,：:、 \t\u3000])")
# What follows a date that belongs to a sentence: 26日前, 6日起, 3日内.
IN_A_SENTENCE = re.compile(r"^[ \t\u3000]{0,4}(?:前(?![往来进])|[后起止内]|[之以][前后内]|期间)")
TIME_OF_DAY = re.compile(r"^(?:[上下中]午|凌晨|清晨|早[上晨]|傍晚|晚[上间]?|夜间|深夜)")


@dataclass(frozen=True, slots=True)
class Day:
    """A date as printed; what is not printed is None. ``following`` marks 次年."""

    year: int | None
    month: int | None
    day: int
    following: bool = False


@dataclass(frozen=True, slots=True)
class Opening:
    """The beginning of a line that may begin an entry.

    Without ``first`` it takes the date of the entry above. ``is_marked``: a
    symbol stands before it; ``is_separated``: punctuation, space or a time of
    day after the date, ``is_spaced``: only space; ``reads_on``: the words after
    the date make it part of a sentence. ``apart``: several days that do not
    follow each other are printed; the first counts, and all stay in ``rest``.
    """

    printed: str
    rest: str
    first: Day | None = None
    last: Day | None = None
    is_marked: bool = False
    is_separated: bool = False
    is_spaced: bool = False
    reads_on: bool = False
    apart: bool = False

    def dates(self, year: int | None, month: int | None) -> tuple[date, date] | None:
        """First and last day in a chronicle of that year and month; None when there are no such days."""
        if self.first is None or self.last is None:
            return None
        start_year, start_month = self.first.year or year, self.first.month or month
        if start_year is None or start_month is None:
            return None
        if self.first.year is None and month == 1 and start_month == 12:
            start_year -= 1
        elif self.first.year is None and month == 12 and start_month == 1:
            start_year += 1
        start = make_date(start_year, start_month, self.first.day)
        end = self._end(start, self.last)
        return (start, end) if start and end and start <= end else None

    def _end(self, start: date | None, last: Day) -> date | None:
        if start is None:
            return None
        month = last.month or start.month
        if last.year or last.following:
            return make_date(last.year or start.year + 1, month, last.day)
        end = make_date(start.year, month, last.day)
        if last.month and (month, last.day) < (start.month, start.day):
            return make_date(start.year + 1, month, last.day)
        return end


def read_opening(text: str) -> Opening | None:
    """How the line would begin an entry; None when it begins like any other text."""
    marker = MARKER.match(text)
    start = marker.end() if marker else 0
    head = half_width_figures(text[start : start + REACH])
    is_marked = marker is not None
    if found := SAME_DAY.match(head):
        return _opening(text, start + found.end(), is_marked=is_marked, printed=found[0])
    if found := DAYS.match(head):
        return _listed(text, start, found, is_marked=is_marked)
    found = DATE.match(head)
    if found and (found[8] or found[4]):
        end = start + (found.end() if found[8] else found.end(4))
        first = _day(found[1], found[2], found[3])
        last = _day(found[5], found[6], found[7]) if found[8] else first
        return _opening(
            text, end, is_marked=is_marked, printed=text[start:end].strip(), first=first, last=last
        )
    return Opening("", text[start:].lstrip(LEADING), is_marked=True) if is_marked else None


def _listed(text: str, start: int, found: re.Match[str], *, is_marked: bool) -> Opening:
    """Days that follow each other are a range; others are kept in the text and told as a doubt."""
    first = last = _day(found[1], found[2], found[3])
    follows = True
    for month, day in LISTED_DAY.findall(found[4]):
        following = _day(None, month or None, day)
        follows = follows and _follows(last, following)
        last = following
    end = start + found.end()
    printed = text[start:end].strip()
    opening = _opening(text, end, is_marked=is_marked, printed=printed, first=first, last=last)
    return opening if follows else replace(opening, rest=text[start:], last=first, apart=True)


def _follows(day: Day, following: Day) -> bool:
    if following.month is None or following.month == day.month:
        return following.day == day.day + 1
    return following.day == 1 and day.day >= SHORTEST_MONTH


def _opening(
    text: str, end: int, *, is_marked: bool, printed: str, first: Day | None = None, last: Day | None = None
) -> Opening:
    rest = text[end:]
    return Opening(
        printed=printed,
        rest=rest.lstrip(LEADING),
        first=first,
        last=last,
        is_marked=is_marked,
        is_separated=not rest or bool(SEPARATOR.match(rest) or TIME_OF_DAY.match(rest)),
        is_spaced=bool(SPACE.match(rest)),
        reads_on=bool(IN_A_SENTENCE.match(rest)),
    )


def _day(year: str | None, month: str | None, day: str) -> Day:
    """A numeral that is no number (零日) stands for a day that does not exist."""
    month_number = (chinese_number(month) or 0) if month else None
    return Day(_year(year), month_number, chinese_number(day) or 0, following=year in ("次", "翌"))


def _year(printed: str | None) -> int | None:
    if not printed or len(printed) == 1:
        return None
    return int(printed) if printed.isascii() and printed.isdigit() else chinese_year(printed)

"""Dates as they are printed in Chinese.

A day can be printed in Arabic figures of either width or in Chinese numerals;
〇 has several look-alikes.
"""

import calendar
import re
from datetime import date

FIGURES = str.maketrans("０１２３４５６７８９", "0123456789")
CHINESE_FIGURES = str.maketrans("〇○零Ｏ０一二三四五六七八九", "00000123456789")
NUMERAL = "[一二三四五六七八九十]"
WHOLE_DATE = re.compile(r"(?:((?:19|20)\d\d)年)(\d{1,2})月(\d{1,2})日")
WHOLE_CHINESE_DATE = re.compile(
    rf"([一二][〇○零Ｏ0O一二三四五六七八九]{{3}})年({NUMERAL}{{1,3}})月({NUMERAL}{{1,3}})日"
)
ANY_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)\s*(?=[年〕\]）)—-]|$)|(?:^|\D)((?:19|20)\d\d)年")
CHINESE_YEAR = re.compile(r"([一二][〇○零Ｏ0O一二三四五六七八九]{3})年")


def half_width_figures(text: str) -> str:
    """The text with full-width figures made half-width; its length stays."""
    return text.translate(FIGURES)


def make_date(year: int, month: int, day: int) -> date | None:
    """The date, or None when there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def month_end(year: int, month: int) -> date | None:
    """The last day of a month, or None when there is no such month."""
    if not (1 <= month <= 12 and 1 <= year <= 9999):
        return None
    return date(year, month, calendar.monthrange(year, month)[1])


def chinese_number(text: str) -> int | None:
    """A numeral up to 99 (十二, 二十一, 7) as a number."""
    text = half_width_figures(text)
    if text.isascii() and text.isdigit():
        return int(text)
    tens, has_ten, units = text.partition("十")
    if not has_ten:
        tens, units = "", text
    digits = "一二三四五六七八九"
    if any(char not in digits for char in tens + units) or len(tens) > 1 or len(units) > 1:
        return None
    value = (digits.index(units) + 1) if units else 0
    if has_ten:
        value += 10 * ((digits.index(tens) + 1) if tens else 1)
    return value or None


def chinese_year(text: str) -> int:
    """二〇二二 as 2022."""
    return int(text.translate(CHINESE_FIGURES).replace("O", "0"))


def whole_date(text: str) -> date | None:
    """The date when the text is a date and nothing else; spaces do not count."""
    bare = half_width_figures(re.sub(r"\s+", "", text))
    if found := WHOLE_DATE.fullmatch(bare):
        return make_date(int(found[1]), int(found[2]), int(found[3]))
    if found := WHOLE_CHINESE_DATE.fullmatch(bare):
        month, day = chinese_number(found[2]), chinese_number(found[3])
        return make_date(chinese_year(found[1]), month or 0, day or 0)
    return None


def first_year(text: str) -> int | None:
    """The first year named in a text."""
    plain = half_width_figures(text)
    found = ANY_YEAR.search(plain)
    if found:
        return int(found[1] or found[2])
    chinese = CHINESE_YEAR.search(text)
    return chinese_year(chinese[1]) if chinese else None

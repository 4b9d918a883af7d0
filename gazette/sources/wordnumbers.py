"""Numbers that Word counts by itself (一、 （一） 1.) and that stand nowhere in its text."""

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DIGITS = "〇一二三四五六七八九"
CHINESE = {
    "chineseCounting", "chineseCountingThousand", "chineseLegalSimplified", "ideographDigital",
    "japaneseCounting", "taiwaneseCounting", "taiwaneseCountingThousand",
}  # fmt: skip
CIRCLED = {"decimalEnclosedCircle", "decimalEnclosedCircleChinese"}
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
PLACE = re.compile(r"%(\d)")
MOST_LEVELS = 9


@dataclass(frozen=True, slots=True)
class Level:
    """How a level counts: ``text`` is what is printed, %1 to %9 stand for the levels' counts."""

    form: str
    text: str
    start: int


class Numbering:
    """The counters of a file, asked paragraph by paragraph in reading order."""

    def __init__(self, numbers: Any, styles: Any) -> None:
        self.levels: dict[str, dict[int, Level]] = {}
        self.counts: dict[str, dict[int, int]] = defaultdict(dict)
        self.abstract_of: dict[str, str] = {}
        self.styled = _numbers_of_styles(styles)
        if numbers is None:
            return
        abstract = {one.get(f"{W}abstractNumId"): _levels(one) for one in numbers.iter(f"{W}abstractNum")}
        for one in numbers.iter(f"{W}num"):
            named = one.find(f"{W}abstractNumId")
            of = str(named.get(f"{W}val")) if named is not None else ""
            if of in abstract:
                self.levels[one.get(f"{W}numId")] = abstract[of]
                self.abstract_of[one.get(f"{W}numId")] = of

    def next_of(self, paragraph: Any) -> str:
        """The number of the paragraph; "" for one without."""
        number, depth = _number_in(paragraph.find(f"{W}pPr"))
        if not number:
            style = paragraph.find(f"{W}pPr/{W}pStyle")
            number, depth = self.styled.get(style.get(f"{W}val"), ("", 0)) if style is not None else ("", 0)
        level = self.levels.get(number, {}).get(depth)
        if level is None or level.form in ("bullet", "none"):
            return ""
        counts = self.counts[self.abstract_of[number]]
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in range(depth + 1, MOST_LEVELS):
            counts.pop(deeper, None)
        levels = self.levels[number]

        def count(found: re.Match[str]) -> str:
            at = int(found[1]) - 1
            known = levels.get(at, level)
            return printed(counts.get(at, known.start), known.form)

        return PLACE.sub(count, level.text)


def _number_in(properties: Any) -> tuple[str, int]:
    found = properties.find(f"{W}numPr") if properties is not None else None
    if found is None:
        return "", 0
    number, depth = found.find(f"{W}numId"), found.find(f"{W}ilvl")
    named = number.get(f"{W}val", "") if number is not None else ""
    level = depth.get(f"{W}val", "0") if depth is not None else "0"
    return named, int(level) if level.isdecimal() else 0


def _numbers_of_styles(styles: Any) -> dict[str, tuple[str, int]]:
    if styles is None:
        return {}
    found = {}
    for style in styles.iter(f"{W}style"):
        number, depth = _number_in(style.find(f"{W}pPr"))
        if number:
            found[style.get(f"{W}styleId", "")] = (number, depth)
    return found


def _levels(abstract: Any) -> dict[int, Level]:
    found = {}
    for level in abstract.iter(f"{W}lvl"):
        values = {
            name: (one.get(f"{W}val", "") if (one := level.find(f"{W}{name}")) is not None else "")
            for name in ("numFmt", "lvlText", "start")
        }
        start = int(values["start"]) if values["start"].isdecimal() else 1
        found[int(level.get(f"{W}ilvl", "0"))] = Level(
            values["numFmt"] or "decimal", values["lvlText"], start
        )
    return found


def printed(count: int, form: str) -> str:
    """A count as Word prints it in this form."""
    if form in CHINESE:
        return in_chinese(count)
    if form in CIRCLED and 1 <= count <= 20:
        return chr(0x2460 + count - 1)
    if form == "decimalFullWidth":
        return str(count).translate(FULL_WIDTH)
    return str(count)


def in_chinese(count: int) -> str:
    """1 to 99 as 一 to 九十九; digit by digit beyond."""
    if not 0 < count < 100:
        return "".join(DIGITS[int(digit)] for digit in str(max(count, 0)))
    tens, ones = divmod(count, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{DIGITS[tens]}十"
    return head + (DIGITS[ones] if ones else "")

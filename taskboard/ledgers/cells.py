"""Cells of a ledger: text in, the canonical text or a sentence out; pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

TEXT, NUMBER, DATE, CHOICE = "text", "number", "date", "choice"
LONGEST, LONGEST_NAME = 1000, 200
# So many digits before and after the point; more is a slip of the keyboard.
MOST, PLACES = Decimal(10) ** 12, 6
DAY = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?")
PLAIN_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?|[+-]?\.\d+")


@dataclass(frozen=True, slots=True)
class Column:
    """A column as it is shown and checked; ``key`` is its name among a row's values."""

    key: str
    name: str
    type: str = TEXT
    unit: str = ""
    choices: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """With its unit."""
        return f"{self.name}（{self.unit}）" if self.unit else self.name


# Where the plan names no column: what the entry is, and how it stands. 待确认.
UNNAMED = (Column("c1", "名称"), Column("c2", "情况"))


@dataclass(frozen=True, slots=True)
class Checked:
    """Typed cells after the check; ``errors`` by key of the column."""

    values: dict[str, str]
    errors: dict[str, str]


def check_cells(columns: Sequence[Column], typed: Mapping[str, str]) -> Checked:
    """Each cell by the type of its column; the first column is the name of the entry and not empty."""
    values, errors = {}, {}
    for place, column in enumerate(columns):
        text = typed.get(column.key, "").strip()
        try:
            value = canonical(column, text)
            if place == 0:
                _require_name(column, value)
        except ValueError as wrong:
            errors[column.key] = str(wrong)
            continue
        if value:
            values[column.key] = value
    return Checked(values, errors)


def _require_name(column: Column, value: str) -> None:
    if not value:
        raise ValueError(f"请填写{column.name}。")
    if len(value) > LONGEST_NAME:
        raise ValueError(f"{column.name}最多 {LONGEST_NAME} 字，现在是 {len(value)} 字。")


def canonical(column: Column, text: str) -> str:
    """The cell as it is stored; ValueError with a sentence where it does not fit."""
    if not text:
        return ""
    if "\0" in text or any(ord(sign) < 32 and sign not in "\n\t\r" for sign in text):
        raise ValueError(f"{column.name}含有不能保存的字符。")
    if column.type == NUMBER:
        return _number(column, text)
    if column.type == DATE:
        return _day(column, text)
    if column.type == CHOICE and text not in column.choices:
        raise ValueError(f"{column.name}应为{'、'.join(column.choices)}之一，现在是“{text[:20]}”。")
    if len(text) > LONGEST:
        raise ValueError(f"{column.name}最多 {LONGEST} 字，现在是 {len(text)} 字。")
    return text


def _number(column: Column, text: str) -> str:
    text = text.replace("，", ",").replace("．", ".")
    if not PLAIN_NUMBER.fullmatch(text):
        raise ValueError(f"{column.name}应为数值，现在是“{text[:20]}”。")
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise ValueError(f"{column.name}应为数值，现在是“{text[:20]}”。") from None
    if abs(number) >= MOST:
        raise ValueError(f"{column.name}过大，请核对单位。")
    if number != round(number, PLACES):
        raise ValueError(f"{column.name}最多 {PLACES} 位小数。")
    plain = format(number, "f")
    short = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if short in ("-0", "") else short


def _day(column: Column, text: str) -> str:
    found = DAY.fullmatch(text)
    if found is None:
        raise ValueError(f"{column.name}应为日期，如 2022-08-31，现在是“{text[:20]}”。")
    try:
        return date(*(int(part) for part in found.groups())).isoformat()
    except ValueError:
        raise ValueError(f"{column.name}没有这一天：“{text[:20]}”。") from None

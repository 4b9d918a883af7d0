"""Readings as they come in, row by row: pure. What cannot be used is refused by a sentence with its name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from foundation.errors import InvalidInput

RAIN, PONDING = "rain", "ponding"
KINDS = {RAIN: "雨量", PONDING: "积水深度"}
UNITS = {RAIN: "mm", PONDING: "cm"}
UNIT_WORDS = {"mm": "mm", "毫米": "mm", "cm": "cm", "厘米": "cm"}
# More than ever fell between two records of a gauge, or ever stood in a street.
MOST = {RAIN: Decimal(500), PONDING: Decimal(1000)}
PLACES = 6
LONGEST = 40
# A gauge's clock may be ahead of ours by so much.
CLOCK_SKEW = timedelta(minutes=5)
EARLIEST_YEAR = 1900


class UnusableRow(InvalidInput):
    """A row that cannot be stored."""


@dataclass(frozen=True, slots=True)
class Row:
    """A readable row of a list."""

    station: str
    kind: str
    observed_at: datetime
    value: Decimal


def read_row(row: Any, *, now: datetime) -> Row:
    """The row as given, checked; raises UnusableRow."""
    if not isinstance(row, Mapping):
        raise UnusableRow("不是一个 JSON 对象。")
    for key in ("station", "kind", "observed_at", "value"):
        if key not in row:
            raise UnusableRow(f"缺少 {key}。")
    station = row["station"]
    if not isinstance(station, str) or not station.strip() or not station.isprintable():
        raise UnusableRow("station 不是站号。")
    named = f"站点“{shown(station)}”"
    kind = row["kind"]
    if not isinstance(kind, str) or kind not in KINDS:
        raise UnusableRow(f"{named}的 kind（{shown(kind)}）应为 rain 或 ponding。")
    if "unit" in row:
        check_unit(str(row["unit"] or ""), kind, named)
    return Row(
        station,
        kind,
        _moment(row["observed_at"], named, now),
        _value(row["value"], kind, f"{named}的{KINDS[kind]}"),
    )


def check_unit(text: str, kind: str, named: str = "") -> None:
    """Refuse a unit that is not the kind's, never convert; an empty one is taken for the kind's own."""
    if text.strip() and UNIT_WORDS.get(text.strip().lower()) != UNITS[kind]:
        where = f"{named}的" if named else ""
        raise UnusableRow(
            f"{where}单位“{shown(text)}”不对：{KINDS[kind]}以 {UNITS[kind]} 报送，请换算后再报。"
        )


def _moment(value: object, named: str, now: datetime) -> datetime:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None:
        raise UnusableRow(f"{named}的观测时间 observed_at（{shown(value)}）不是可读的时间。")
    if found.utcoffset() is None:
        raise UnusableRow(f"{named}的观测时间 observed_at（{shown(value)}）没有写明时区，例如 +08:00。")
    if found.year <= EARLIEST_YEAR:
        raise UnusableRow(f"{named}的观测时间 observed_at（{shown(value)}）不是合理的时间。")
    if found - now > CLOCK_SKEW:
        raise UnusableRow(f"{named}的观测时间 observed_at（{shown(value)}）在未来，请核对该站时钟。")
    return found


def _value(value: object, kind: str, named: str) -> Decimal:
    number = _decimal(value)
    if number is None:
        raise UnusableRow(f"{named}（{shown(value)}）不是可读的数。")
    if not number.is_finite():
        raise UnusableRow(f"{named}（{shown(value)}）不是有限的数。")
    if number < 0:
        raise UnusableRow(f"{named}（{shown(value)}）是负数。")
    if number > MOST[kind]:
        raise UnusableRow(
            f"{named}（{shown(value)} {UNITS[kind]}）不合理，上限为 {MOST[kind]} {UNITS[kind]}。"
        )
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -PLACES and number != round(number, PLACES):
        raise UnusableRow(f"{named}（{shown(value)}）的小数超过 {PLACES} 位。")
    return number


def _decimal(value: object) -> Decimal | None:
    """A number, also one written as text; never by way of a binary fraction."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    if isinstance(value, str) and len(value) > LONGEST:
        return None
    try:
        return value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        return None


def shown(value: object) -> str:
    """A value as it can stand in a sentence."""
    text = "".join(char if char.isprintable() else "?" for char in str(value))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"

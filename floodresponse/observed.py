"""Observations and the matrix as JSON, and the assessment as JSON: pure.

Numbers are read as decimals, never as binary fractions. Whatever cannot be
read is refused with a sentence that names the record.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NoReturn

from floodresponse.levels import (
    PONDING_VALID,
    Assessment,
    Observations,
    Reading,
    Reason,
    UnusableObservation,
)
from floodresponse.thresholds import NUMERALS, PONDING, LevelMatrix, Rule, SignRule, UnusableMatrix

SIGN_CODES = frozenset(
    {
        "house_leak", "house_leak_severe", "house_collapse", "house_collapse_wide", "jam", "jam_severe",
        "road_cut", "traffic_paralysed", "basement_some", "basement_many", "utility_cut", "facility_damage",
    }
)  # fmt: skip
KEYS = frozenset(
    {"at", "rain", "ponding", "signs", "expected_gauges", "max_silence_minutes", "ponding_valid_minutes"}
)
NUMBER = re.compile(r"[+-]?[0-9]{1,40}(?:\.[0-9]{1,40})?(?:[eE][+-]?[0-9]{1,3})?")
RAIN = re.compile(r"rain_([1-9][0-9]?)h")
MAX_MINUTES = 31 * 24 * 60
MAX_NAME = 100
SHOWN = 40
Refuse = Callable[[str], NoReturn]


def read_observations(text: str) -> Observations:
    """Observations from JSON; raises UnusableObservation."""
    data = _loads(text, "观测数据", _refuse_observation)
    if not isinstance(data, dict):
        raise UnusableObservation("观测数据不是一个 JSON 对象。")
    if unknown := sorted(set(data) - KEYS):
        raise UnusableObservation(f"观测数据里有不认识的项目“{_shown(unknown[0])}”。")
    if "at" not in data:
        raise UnusableObservation("观测数据没有评估时刻 at。")
    return Observations(
        at=_time(data["at"], "评估时刻 at"),
        rain=_readings(data, "rain", "雨量", "gauge", "mm"),
        ponding=_readings(data, "ponding", "积水", "point", "cm"),
        signs=_signs(data),
        expected_gauges=[
            _name(name, f"应报雨量站第 {n} 个") for n, name in enumerate(_list(data, "expected_gauges"), 1)
        ],
        max_silence=_minutes(data, "max_silence_minutes"),
        ponding_valid=PONDING_VALID if (valid := _minutes(data, "ponding_valid_minutes")) is None else valid,
    )


def _refuse_observation(sentence: str) -> NoReturn:
    raise UnusableObservation(sentence)


def _loads(text: str, what: str, refuse: Refuse) -> Any:
    """JSON with decimals; names that stand twice in an object are refused."""

    def once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                refuse(f"{what}里同一处有两个“{_shown(key)}”。")
            found[key] = value
        return found

    try:
        return json.loads(
            text, parse_float=_decimal, parse_int=_decimal, parse_constant=Decimal, object_pairs_hook=once
        )
    except json.JSONDecodeError as error:
        refuse(f"{what}不是有效的 JSON（第 {error.lineno} 行第 {error.colno} 列）。")
    except RecursionError:
        refuse(f"{what}嵌套过深，无法读取。")


def _decimal(printed: str) -> Decimal | str:
    """A number; one that is longer than any measured value stays text and is refused later."""
    return Decimal(printed) if NUMBER.fullmatch(printed) else printed


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else str(value)
    text = "".join(char if char.isprintable() else "?" for char in text)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _list(data: Mapping[str, Any], key: str) -> list[Any]:
    found = data.get(key, [])
    if not isinstance(found, list):
        raise UnusableObservation(f"观测数据的 {key} 不是列表。")
    return found


def _readings(
    data: Mapping[str, Any], key: str, kind: str, place_key: str, value_key: str
) -> Sequence[Reading]:
    readings = []
    for number, row in enumerate(_list(data, key), start=1):
        if not isinstance(row, dict):
            raise UnusableObservation(f"{kind}第 {number} 条不是一个 JSON 对象。")
        for wanted in (place_key, "at", value_key):
            if wanted not in row:
                raise UnusableObservation(f"{kind}第 {number} 条缺少 {wanted}。")
        station = _name(row[place_key], f"{kind}第 {number} 条的 {place_key} ")
        named = f"{kind}第 {number} 条（“{station}”）"
        at, value = _time(row["at"], f"{named}的 at "), _number(row[value_key], f"{named}的 {value_key} ")
        readings.append(Reading(station, at, value))
    return readings


def _name(value: object, what: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise UnusableObservation(f"{what}不是名称。")
    if len(value) > MAX_NAME or not value.isprintable():
        raise UnusableObservation(f"{what}（“{_shown(value)}”）过长或含有控制字符。")
    return value


def _time(value: object, what: str) -> datetime:
    """A moment with its offset."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None:
        raise UnusableObservation(f"{what}（{_shown(value)}）不是可读的时间。")
    if found.utcoffset() is None:
        raise UnusableObservation(f"{what}（{_shown(value)}）没有写明时区，例如 +08:00。")
    return found


def _number(value: object, what: str) -> Decimal:
    """A number, also one that was written as text; finite or not is judged later."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, str) and NUMBER.fullmatch(value):
        return Decimal(value)
    raise UnusableObservation(f"{what}（{_shown(value)}）不是可读的数。")


def _signs(data: Mapping[str, Any]) -> list[str]:
    codes = []
    for number, code in enumerate(_list(data, "signs"), start=1):
        if not isinstance(code, str) or code not in SIGN_CODES:
            raise UnusableObservation(f"现场现象第 {number} 个（{_shown(code)}）不是已知的代码。")
        codes.append(code)
    return codes


def _minutes(data: Mapping[str, Any], key: str) -> timedelta | None:
    if data.get(key) is None:
        return None
    minutes = _number(data[key], key)
    if not (minutes.is_finite() and 0 <= minutes <= MAX_MINUTES):
        raise UnusableObservation(f"{key}（{_shown(minutes)}）不是合理的分钟数。")
    return timedelta(minutes=float(minutes))


# -- the matrix ----------------------------------------------------------------------------


def read_matrix(text: str) -> LevelMatrix:
    """The matrix from JSON as in ``fixtures/flood_plan.json``; raises UnusableMatrix."""
    data = _loads(text, "判据表", _refuse_matrix)
    if not isinstance(data, dict) or not isinstance(data.get("criteria"), list):
        raise UnusableMatrix("判据表没有启动条件列表 criteria。")
    signs = data.get("signs", [])
    if not isinstance(signs, list):
        raise UnusableMatrix("判据表的 signs 不是列表。")
    return LevelMatrix(
        rules=tuple(_rule(row, number) for number, row in enumerate(data["criteria"], start=1)),
        signs=tuple(_sign_rule(row, number) for number, row in enumerate(signs, start=1)),
    )


def _refuse_matrix(sentence: str) -> NoReturn:
    raise UnusableMatrix(sentence)


def _rule(row: object, number: int) -> Rule:
    what = f"判据表第 {number} 条"
    if not isinstance(row, dict):
        raise UnusableMatrix(f"{what}不是一个 JSON 对象。")
    kind = row.get("kind", row.get("criterion"))
    rain = RAIN.fullmatch(kind) if isinstance(kind, str) else None
    if not rain and kind != PONDING:
        raise UnusableMatrix(f"{what}的 kind（{_shown(kind)}）不是 rain_3h、rain_6h 或 ponding。")
    return Rule(
        level=_level(row.get("level"), what),
        hours=int(rain[1]) if rain else 0,
        lower=_bound(row.get("lower"), f"{what}的下限"),
        lower_inclusive=_flag(row, "lower_inclusive", what, usual=True),
        upper=None if row.get("upper") is None else _bound(row["upper"], f"{what}的上限"),
        upper_inclusive=_flag(row, "upper_inclusive", what, usual=False),
    )


def _sign_rule(row: object, number: int) -> SignRule:
    what = f"判据表现场现象第 {number} 条"
    if not isinstance(row, dict) or not isinstance(row.get("code"), str):
        raise UnusableMatrix(f"{what}没有代码 code。")
    return SignRule(row["code"], _level(row.get("level"), what), _shown(row.get("label", "")))


def _level(value: object, what: str) -> int:
    """1 to 4, or I to IV."""
    for number, numeral in NUMERALS.items():
        if value == numeral or (isinstance(value, Decimal) and value == number):
            return number
    raise UnusableMatrix(f"{what}的级别（{_shown(value)}）不在 I 至 IV 之内。")


def _bound(value: object, what: str) -> Decimal:
    try:
        return _number(value, what)
    except UnusableObservation as error:
        raise UnusableMatrix(error.message) from error


def _flag(row: Mapping[str, Any], key: str, what: str, *, usual: bool) -> bool:
    value = row.get(key, usual)
    if not isinstance(value, bool):
        raise UnusableMatrix(f"{what}的 {key} 不是 true 或 false。")
    return value


# -- the assessment ------------------------------------------------------------------------


def as_json(assessment: Assessment) -> dict[str, Any]:
    """The assessment as plain values; ``single_station`` and ``single`` mean 单点."""
    return {
        "level": NUMERALS[assessment.level] if assessment.level else None,
        "complete": assessment.complete,
        "silent": list(assessment.silent),
        "single_station": assessment.single_station,
        "reasons": [_reason(reason) for reason in assessment.reasons],
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "level": NUMERALS[reason.level] if reason.level else None,
        "criterion": reason.criterion,
        "where": reason.where,
        "value": reason.value if isinstance(reason.value, str) else plain_number(reason.value),
        "threshold": None if reason.threshold is None else plain_number(reason.threshold),
        "from": reason.begins.isoformat(),
        "to": reason.ends.isoformat(),
        "single": reason.single,
    }


def plain_number(value: Decimal) -> int | float:
    """A decimal as a JSON number: whole numbers without a fraction."""
    return int(value) if value == value.to_integral_value() else float(value)

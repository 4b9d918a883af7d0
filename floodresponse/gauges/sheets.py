"""A table of readings as it is handed in, line by line: pure.

Each line becomes a row as the interface takes it, or keeps its errors in
Chinese. Units are checked, never converted: a gauge reports millimetres, a
point centimetres.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from floodresponse.readings import check_unit, shown
from foundation.errors import InvalidInput
from foundation.workbooks import FORMULA

STATION, MOMENT, VALUE, UNIT = "站号", "观测时间", "数值", "单位"
HEADER = (STATION, MOMENT, VALUE, UNIT)
OTHER_NAMES = {
    "站码": STATION, "测站编码": STATION, "station": STATION,
    "时间": MOMENT, "observed_at": MOMENT,
    "雨量": VALUE, "水深": VALUE, "value": VALUE,
    "unit": UNIT,
}  # fmt: skip
MOST_LINES, MOST_COLUMNS = 5000, 30
ENCODINGS = ("utf-8-sig", "gb18030")
NO_TEXT = "表格不能读取，请另存为 UTF-8 编码的 CSV 或 xlsx 后再试。"


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A line: what was typed, the row to hand in, or what is wrong with it."""

    line: int
    station: str
    moment: str
    value: str
    row: Mapping[str, Any] | None
    error: str = ""


def lines_of_csv(content: bytes) -> list[list[str]]:
    """The cells of a CSV in UTF-8 or GB 18030; raises InvalidInput."""
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
            return [[cell.strip() for cell in cells] for cells in csv.reader(text.splitlines())]
        except (UnicodeDecodeError, csv.Error):
            continue
    raise InvalidInput(NO_TEXT, fields={"file": [NO_TEXT]})


def read_lines(lines: Sequence[Sequence[str]], kinds: Mapping[str, str], zone: tzinfo) -> list[SheetLine]:
    """Every line with something in it; ``kinds`` are those of the stations by code.

    Raises InvalidInput when the heading is missing or there are too many lines.
    """
    places = _places(lines[0] if lines else [])
    filled = [(number, cells) for number, cells in enumerate(lines[1:], start=2) if any(cells)]
    if not filled:
        raise InvalidInput("表格里没有数据行，请从第二行起填写。")
    if len(filled) > MOST_LINES:
        raise InvalidInput(f"表格有 {len(filled)} 行，一次最多 {MOST_LINES} 行，请分成几份。")
    return [_line(number, cells, places, kinds, zone) for number, cells in filled]


def _places(head: Sequence[str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, cell in enumerate(head):
        plain = cell.split("（")[0].split("(")[0].strip()
        name = OTHER_NAMES.get(plain.lower(), plain)
        if name in HEADER and name in places:
            raise InvalidInput(f"表头“{name}”出现了两次，请保留一列。")
        if name in HEADER:
            places[name] = place
    missing = [name for name in (STATION, MOMENT, VALUE) if name not in places]
    if missing:
        raise InvalidInput(f"第一行缺少表头：{'、'.join(missing)}。请用模板填写。")
    return places


def _line(
    number: int, cells: Sequence[str], places: Mapping[str, int], kinds: Mapping[str, str], zone: tzinfo
) -> SheetLine:
    given = {name: cells[place] if place < len(cells) else "" for name, place in places.items()}
    station, moment, value = (
        "公式" if given[name] == FORMULA else given[name] for name in (STATION, MOMENT, VALUE)
    )
    try:
        return SheetLine(number, station, moment, value, row=_row(given, kinds, zone))
    except InvalidInput as error:
        return SheetLine(number, station, moment, value, row=None, error=error.message)


def _row(given: Mapping[str, str], kinds: Mapping[str, str], zone: tzinfo) -> dict[str, Any]:
    for name, text in given.items():
        if text == FORMULA:
            raise InvalidInput(f"{name}是公式，请改为数值或文字。")
        if not text and name != UNIT:
            raise InvalidInput(f"{name}没有填写。")
    station = given[STATION]
    kind = kinds.get(station)
    if kind is None:
        raise InvalidInput(f"站点“{shown(station)}”未登记。")
    check_unit(given.get(UNIT, ""), kind)
    moment = moment_of(given[MOMENT], zone)
    return {"station": station, "kind": kind, "observed_at": moment.isoformat(), "value": given[VALUE]}


def moment_of(text: str, zone: tzinfo) -> datetime:
    """2023-07-08 15:04, 2023/7/8 15:04:05 or with an offset; without one it is local time."""
    found = None
    for form in ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d %H:%M:%S"):
        try:
            found = datetime.strptime(text, form)  # noqa: DTZ007 - the zone is added below
            break
        except ValueError:
            continue
    try:
        found = found or (datetime.fromisoformat(text) if "T" in text or "+" in text else None)
    except ValueError:
        found = None
    if found is None:
        raise InvalidInput(f"观测时间“{shown(text)}”应写到分，例如 2023-07-08 15:04。")
    return found if found.utcoffset() is not None else found.replace(tzinfo=zone)

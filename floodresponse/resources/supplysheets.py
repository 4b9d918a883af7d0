"""Stocks as a workbook, and a filled-in workbook back again; every line that cannot be read is named."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from floodresponse.services.stocktaking import Counted
from floodresponse.services.supplies import SupplyContent
from foundation.errors import InvalidInput
from foundation.workbooks import FORMULA
from organizations.models import Department

HEADER = ("单位", "物资", "存放地点", "数量", "计量单位", "保管人", "电话", "最低储备")
# What is worked out is exported and not read back.
TYPED = HEADER[:-1]
LONGEST = {"物资": 60, "存放地点": 120, "计量单位": 12, "保管人": 40, "电话": 40}
MOST_ROWS, MOST_COLUMNS, SHOWN_ERRORS = 2000, 12, 8


def rows_of(supplies: Any) -> Iterator[tuple[str | Decimal, ...]]:
    """A line for each stock; stocks carry ``minimum``."""
    for stock in supplies:
        minimum: str | Decimal = "" if stock.minimum is None else stock.minimum
        yield (
            stock.unit.name,
            stock.name,
            stock.place,
            stock.quantity,
            stock.measure,
            stock.keeper,
            stock.phone,
            minimum,
        )


def read_stocks(lines: Sequence[Sequence[str]], units: Mapping[str, Department]) -> list[Counted]:
    """All lines of a sheet, or InvalidInput with those that cannot be used."""
    if not lines or not any(lines):
        raise InvalidInput("表格是空的，请先下载导出的表格填写。")
    missing = [name for name in TYPED if name not in lines[0]]
    if missing:
        raise InvalidInput(f"第一行缺少表头：{'、'.join(missing)}。请用导出的表格填写。")
    places = {name: lines[0].index(name) for name in TYPED}
    read: list[Counted] = []
    errors: list[str] = []
    seen: set[tuple[str, ...]] = set()
    for number, line in enumerate(lines[1:], start=2):
        cells = {name: line[at].strip() if at < len(line) else "" for name, at in places.items()}
        if not any(cells.values()):
            continue
        problem = _problem(cells, units, seen)
        if problem:
            errors.append(f"第 {number} 行{problem}")
        else:
            read.append(_counted(cells, units))
    if errors:
        more = f"等共 {len(errors)} 处" if len(errors) > SHOWN_ERRORS else ""
        raise InvalidInput(f"没有写入任何内容。{'；'.join(errors[:SHOWN_ERRORS])}{more}。")
    if not read:
        raise InvalidInput("表格里没有内容，没有写入任何内容。")
    return read


def _problem(cells: Mapping[str, str], units: Mapping[str, Department], seen: set[tuple[str, ...]]) -> str:
    identity = (cells["单位"], cells["物资"], cells["存放地点"])
    if FORMULA in cells.values():
        return "有公式，请改为文字或数字"
    if cells["单位"] not in units:
        return f"的单位“{cells['单位']}”不在您可登记的单位中"
    if not cells["物资"] or not cells["计量单位"]:
        return "没有写物资或计量单位"
    if identity in seen:
        return "与前面的行重复"
    seen.add(identity)
    long = [name for name, most in LONGEST.items() if len(cells[name]) > most]
    if long:
        return f"的{long[0]}超过 {LONGEST[long[0]]} 字"
    return "" if _number(cells["数量"]) is not None else f"的数量“{cells['数量']}”不是不小于 0 的数"


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and number >= 0 else None


def _counted(cells: Mapping[str, str], units: Mapping[str, Department]) -> Counted:
    content = SupplyContent(
        unit=units[cells["单位"]],
        name=cells["物资"],
        place=cells["存放地点"],
        measure=cells["计量单位"],
        keeper=cells["保管人"],
        phone=cells["电话"],
    )
    return Counted(content, _number(cells["数量"]) or Decimal(0))

"""The roster as a workbook, and a filled-in workbook back again."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.utils import timezone

from floodresponse.roster.board import UnitDay
from floodresponse.services.roster import OnDuty, Slot
from foundation.errors import InvalidInput
from foundation.workbooks import FORMULA
from organizations.models import Department

HEADER = ("单位", "日期", "带班领导", "带班电话", "值班员", "值班电话")
SIGNED = ("带班签到", "值班签到")
MOST_ROWS, MOST_COLUMNS = 3000, 8
SHOWN_ERRORS = 8


def rows_of(unit_days: Iterable[UnitDay]) -> Iterator[list[str | Decimal | date]]:
    """A line for each unit and day."""
    for line in unit_days:
        shifts = [place.shift for place in line.places]
        people = [text for shift in shifts for text in ((shift.name, shift.phone) if shift else ("", ""))]
        signed = [_moment(shift.signed_in_at) if shift else "" for shift in shifts]
        yield [line.unit.name, line.leader.day, *people, *signed]


def _moment(moment: object) -> str:
    return f"{timezone.localtime(moment):%m-%d %H:%M}" if moment else ""  # type: ignore[arg-type]


def read_roster(
    lines: Sequence[Sequence[str]], units: Mapping[str, Department]
) -> dict[Department, dict[Slot, OnDuty | None]]:
    """The entries of a sheet by unit; InvalidInput names every line that cannot be read.

    Empty cells clear nothing: a sheet that leaves somebody out says nothing about the place.
    """
    if not lines or not any(lines):
        raise InvalidInput("表格是空的，请先下载模板填写。")
    missing = [name for name in HEADER if name not in lines[0]]
    if missing:
        raise InvalidInput(f"第一行缺少表头：{'、'.join(missing)}。请用导出的表格填写。")
    places = [lines[0].index(name) for name in HEADER]
    found: dict[Department, dict[Slot, OnDuty | None]] = defaultdict(dict)
    errors: list[str] = []
    for number, line in enumerate(lines[1:], start=2):
        cells = [line[place].strip() if place < len(line) else "" for place in places]
        if any(cells):
            errors += _read_line(number, cells, units, found)
    if errors:
        more = f"等共 {len(errors)} 处" if len(errors) > SHOWN_ERRORS else ""
        raise InvalidInput(f"没有写入任何内容。{'；'.join(errors[:SHOWN_ERRORS])}{more}。")
    if not found:
        raise InvalidInput("表格里没有人员，没有写入任何内容。")
    return dict(found)


def _read_line(
    number: int,
    cells: Sequence[str],
    units: Mapping[str, Department],
    found: dict[Department, dict[Slot, OnDuty | None]],
) -> list[str]:
    if FORMULA in cells:
        return [f"第 {number} 行有公式，请改为文字"]
    unit, day = units.get(cells[0]), _day(cells[1])
    if unit is None:
        return [f"第 {number} 行的单位“{cells[0]}”不在您可登记的单位中"]
    if day is None:
        return [f"第 {number} 行的日期“{cells[1]}”不能识别，应形如 2023-07-01"]
    errors = []
    for role, (name, phone) in (("leader", cells[2:4]), ("officer", cells[4:6])):
        slot = (day, role)
        if not name:
            continue
        if slot in found[unit]:
            errors.append(f"第 {number} 行与前面的行重复（{unit.name} {day}）")
        found[unit][slot] = OnDuty(name, phone)
    return errors


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return None

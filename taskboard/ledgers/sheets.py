"""A ledger as a table for office programs, and a filled-in table back again."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from foundation.errors import InvalidInput
from foundation.spreadsheets import csv_table
from foundation.workbooks import FORMULA, workbook_of
from taskboard.ledgers.averages import Split
from taskboard.ledgers.cells import DATE, NUMBER, Column, check_cells
from taskboard.models.ledgers import LedgerRow

NUMBER_HEAD, VERSION_HEAD = "编号", "版次"
BEHIND = ("责任单位", "状态", "签字时间", "销号时间")
COUNTED = ("未签字", "在册", "已销号", "已移出")
MOST_ROWS, MOST_COLUMNS = 500, 60


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A line of a sheet: a new entry, or a change of the one with the number."""

    line: int
    number: int | None
    version: int
    values: dict[str, str]
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What is on record of an entry that a line names."""

    department: int
    state: str
    version: int
    values: Mapping[str, str]

    @property
    def on_book(self) -> bool:
        """Neither closed nor moved out."""
        return self.state in ("draft", "signed")


@dataclass(frozen=True, slots=True)
class Preview:
    """The lines of a sheet before anything is written."""

    rows: list[SheetRow] = field(default_factory=list)
    unchanged: int = 0

    @property
    def good(self) -> list[SheetRow]:
        """Lines without an error."""
        return [row for row in self.rows if not row.errors]

    @property
    def bad(self) -> list[SheetRow]:
        """Lines with an error."""
        return [row for row in self.rows if row.errors]


def header_of(columns: Sequence[Column]) -> list[str]:
    """The heading of the sheet."""
    return [NUMBER_HEAD, VERSION_HEAD, *(column.heading for column in columns), *BEHIND]


def csv_lines(columns: Sequence[Column], rows: Iterable[LedgerRow]) -> Iterator[str]:
    """The rows as a table in CSV, line by line."""
    return csv_table(header_of(columns), (_texts(columns, row) for row in rows))


def workbook(title: str, columns: Sequence[Column], rows: Iterable[LedgerRow]) -> bytes:
    """The rows as a workbook, numbers and dates as such."""
    return workbook_of(title, header_of(columns), (_typed(columns, row) for row in rows))


def workbook_of_ledgers(ledgers: Iterable[Any]) -> bytes:
    """Ledgers with their counts, as ``ledgers_with_counts`` reads them."""
    header = ["台账", "依据文件", "类别", "责任单位", "责任领导", "建立时限", *COUNTED]
    return workbook_of("台账目录", header, (_ledger_cells(ledger) for ledger in ledgers))


def _ledger_cells(ledger: Any) -> list[str | Decimal | date]:
    counts = (ledger.n_draft, ledger.n_signed, ledger.n_closed, ledger.n_removed)
    return [
        ledger.title,
        ledger.directive.title,
        ledger.get_kind_display(),
        ledger.responsible,
        ledger.responsible_leader,
        ledger.due_on or "",
        *(Decimal(count) for count in counts),
    ]


def workbook_of_split(title: str, column: Column, split: Split[LedgerRow]) -> bytes:
    """The entries above the average of a column, then those below, largest first."""
    header = ["名称", "责任单位", column.heading, "平均值", "与平均值相比"]
    sides = (("以上（含）", split.above), ("以下", split.below))
    lines: list[list[str | Decimal | date]] = [
        [row.title, row.department.name, value, split.shown, word]
        for word, entries in sides
        for row, value in entries
    ]
    return workbook_of(title, header, lines)


def _texts(columns: Sequence[Column], row: LedgerRow) -> list[str]:
    cells = [row.values.get(column.key, "") for column in columns]
    return [str(row.pk), str(row.version), *cells, *_behind(row)]


def _typed(columns: Sequence[Column], row: LedgerRow) -> list[str | Decimal | date]:
    cells = [_value(column, row.values.get(column.key, "")) for column in columns]
    return [Decimal(row.pk), Decimal(row.version), *cells, *_behind(row)]


def _value(column: Column, text: str) -> str | Decimal | date:
    if text and column.type == NUMBER:
        return Decimal(text)
    return date.fromisoformat(text) if text and column.type == DATE else text


def _behind(row: LedgerRow) -> list[str]:
    days = (row.signed_at, row.closed_at)
    return [
        row.department.name,
        row.get_state_display(),
        *(f"{day.astimezone():%Y-%m-%d}" if day else "" for day in days),
    ]


def read_sheet(
    lines: Sequence[Sequence[str]], columns: Sequence[Column], known: Mapping[int, Known], department: int
) -> Preview:
    """Check each line of a sheet against the columns and the ledger's entries by number; pure."""
    if not lines or not any(lines):
        raise InvalidInput("表格是空的，请先下载模板填写。")
    places = _places(lines[0], columns)
    preview, unchanged, seen = [], 0, set[int]()
    taken = [entry.values for entry in known.values() if entry.department == department and entry.on_book]
    for line, cells in enumerate(lines[1:], start=2):
        if not cells or not any(cells[place] for place in places.values() if place < len(cells)):
            continue
        row = _read_line(line, cells, places, columns)
        row = _compared(row, known, department, seen) if row.number else _new(row, taken)
        if not row.errors and row.number and known[row.number].values == row.values:
            unchanged += 1
            continue
        preview.append(row)
    return Preview(preview, unchanged)


def _places(heading: Sequence[str], columns: Sequence[Column]) -> dict[str, int]:
    """Where each column stands; by heading, with or without its unit."""
    wanted = {NUMBER_HEAD: NUMBER_HEAD, VERSION_HEAD: VERSION_HEAD}
    for column in columns:
        wanted[column.name] = wanted[column.heading] = column.key
    places: dict[str, int] = {}
    for place, name in enumerate(heading):
        if name in wanted and wanted[name] in places:
            raise InvalidInput(f"表头“{name}”出现了两次，请保留一列。")
        if name in wanted:
            places[wanted[name]] = place
    missing = [column.heading for column in columns if column.key not in places]
    if missing:
        raise InvalidInput(f"第一行缺少表头：{'、'.join(missing)}。请用导出的表格或模板填写。")
    return places


def _read_line(
    line: int, cells: Sequence[str], places: Mapping[str, int], columns: Sequence[Column]
) -> SheetRow:
    typed = {key: cells[place] if place < len(cells) else "" for key, place in places.items()}
    errors = [
        f"{column.name}是公式，请改为数值或文字。" for column in columns if typed[column.key] == FORMULA
    ]
    number, wrong = _whole(typed.pop(NUMBER_HEAD, ""), NUMBER_HEAD)
    version, also_wrong = _whole(typed.pop(VERSION_HEAD, ""), VERSION_HEAD)
    errors += [*wrong, *also_wrong]
    checked = check_cells(columns, {key: "" if text == FORMULA else text for key, text in typed.items()})
    if not errors:
        errors += checked.errors.values()
    values = checked.values if not errors else {k: "" if v == FORMULA else v for k, v in typed.items()}
    return SheetRow(line, number, version or 0, values, tuple(errors))


def _whole(text: str, name: str) -> tuple[int | None, list[str]]:
    if not text:
        return None, []
    if not (text.isascii() and text.isdecimal() and len(text) < 16):
        return None, [f"{name}应为导出时的数字，新增条目请留空。"]
    return int(text), []


def _compared(row: SheetRow, known: Mapping[int, Known], department: int, seen: set[int]) -> SheetRow:
    """The line with what speaks against changing the entry it names."""
    number = row.number or 0
    wrong = _wrong_with(row, known.get(number), department)
    if number in seen:
        wrong = f"编号 {number} 在表中出现了两次。"
    seen.add(number)
    return replace(row, errors=(*row.errors, wrong)) if wrong else row


def _new(row: SheetRow, taken: list[Mapping[str, str]]) -> SheetRow:
    """A line without a number, unless the ledger or an earlier line says the same."""
    if row.errors:
        return row
    if row.values in taken:
        return replace(row, errors=("内容与已登记的条目或表中前面一行完全相同。",))
    taken.append(row.values)
    return row


def _wrong_with(row: SheetRow, entry: Known | None, department: int) -> str:
    if entry is None or entry.department != department:
        return f"编号 {row.number} 不是本单位在本台账中的条目，新增请留空编号。"
    if entry.values == row.values and not row.errors:
        return ""
    if entry.state != "draft":
        return f"编号 {row.number} 已签字，只能凭领导小组书面决定更正，不能由表格改动。"
    if entry.version != row.version:
        return f"编号 {row.number} 在导出之后被改过，请重新导出再填。"
    return ""

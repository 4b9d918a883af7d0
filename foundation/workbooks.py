"""Workbooks (XLSX) for office programs: written so that no cell runs, read with every cell as text."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from foundation.errors import InvalidInput
from foundation.spreadsheets import FORMULA_STARTS

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTH, NARROWEST, WIDEST = 2.1, 8, 48
WRAPPED = Alignment(wrap_text=True, vertical="top")
HEAD = PatternFill("solid", fgColor="EEF2F7")
# A cell that a formula would fill: its value depends on the program that opens it.
FORMULA = "\0formula"


def workbook_of(title: str, header: Sequence[str], rows: Iterable[Sequence[str | Decimal | date]]) -> bytes:
    """One sheet with a fixed heading; text stays text, even where it looks like a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_name(title))
    lines = list(rows)
    sheet.freeze_panes = "A2"
    for place, name in enumerate(header):
        longest = max([len(name), *(len(str(line[place])) for line in lines)])
        width = min(WIDEST, max(NARROWEST, longest * WIDTH))
        sheet.column_dimensions[get_column_letter(place + 1)].width = width
    sheet.append([_heading(sheet, name) for name in header])
    for line in lines:
        sheet.append([_cell(sheet, value) for value in line])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet_name(title: str) -> str:
    return "".join("_" if sign in "[]:*?/\\'" else sign for sign in title)[:31] or "表"


def _heading(sheet: Any, name: str) -> Cell:
    cell = _cell(sheet, name)
    cell.font, cell.fill = Font(bold=True), HEAD
    return cell


def storable(value: Any) -> Any:
    """The value without control characters, which no workbook can hold: one must not cost the whole table."""
    return ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", value) if isinstance(value, str) else value


def fill(cell: Cell, value: Any) -> None:
    """Write a value so that text stays text, even where it looks like a formula."""
    cell.value = storable(value)
    if not isinstance(value, str):
        return
    cell.data_type = "s"
    # The mark of a cell that was typed with an apostrophe: it stays text when somebody edits it.
    if value.lstrip().startswith(FORMULA_STARTS):
        cell.quotePrefix = 1


def _cell(sheet: Any, value: Any) -> Cell:
    cell: Cell = WriteOnlyCell(sheet)
    fill(cell, value)
    if isinstance(value, str):
        cell.alignment = WRAPPED
    return cell


def table_from(content: bytes, *, most_rows: int, most_columns: int) -> list[list[str]]:
    """The first sheet as text, blank lines as empty lists; InvalidInput where it cannot be read.

    The caller has checked that it is a workbook (``foundation.services.attachments.check_file``).
    """
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=False)
        sheet = book.worksheets[0]
        lines = []
        for cells in sheet.iter_rows(max_col=most_columns):
            line = [_text(cell) for cell in cells]
            lines.append(line if any(line) else [])
            if len(lines) > most_rows:
                raise InvalidInput(f"表格超过 {most_rows} 行，请分成几份再导入。")
    except (KeyError, ValueError, TypeError, AttributeError, IndexError, BadZipFile, SyntaxError) as broken:
        raise InvalidInput("表格不能读取，请用 Excel 或 WPS 另存为 xlsx 后再试。") from broken
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return FORMULA
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f").removesuffix(".0")
    return str(value).strip()


def _moment(value: datetime) -> str:
    """A day; with its time where it has one, to the second: the sheet counts in fractions of a day."""
    second = (value + timedelta(microseconds=500_000)).replace(microsecond=0)
    return second.date().isoformat() if second.time() == time() else second.isoformat(sep=" ")

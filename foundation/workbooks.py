"""Workbooks (XLSX) for office programs: written so that no cell runs, read with every cell as text."""

import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook

from foundation.errors import InvalidInput
from foundation.spreadsheets import FORMULA_STARTS
from foundation.workbookparts import Value, workbook_parts

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Control characters, halves of pairs and the two that XML knows no sign for.
UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# A cell that a formula would fill: its value depends on the program that opens it.
FORMULA = "\0formula"


def workbook_of(title: str, header: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """One sheet with a fixed heading; text stays text, even where it looks like a formula."""
    return b"".join(workbook_stream(title, header, rows))


def workbook_stream(title: str, header: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """The same, bit by bit: the first bytes leave while later rows are still read."""
    lines = ([storable(value) for value in line] for line in rows)
    return workbook_parts(_sheet_name(title), header, lines, looks_like_formula)


def _sheet_name(title: str) -> str:
    plain = "".join("_" if sign in "[]:*?/\\'" else sign for sign in storable(title))
    return plain[:31] or "表"


def looks_like_formula(text: str) -> bool:
    """Whether an office program might run the text once somebody edits its cell."""
    return text.lstrip().startswith(FORMULA_STARTS)


def storable(value: Any) -> Any:
    """The value without characters that no workbook can hold: one must not cost the whole table."""
    return UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", value) if isinstance(value, str) else value


def fill(cell: Any, value: Any) -> None:
    """Write a value so that text stays text, even where it looks like a formula."""
    cell.value = storable(value)
    if not isinstance(value, str):
        return
    cell.data_type = "s"
    # The mark of a cell that was typed with an apostrophe: it stays text when somebody edits it.
    if looks_like_formula(value):
        cell.quotePrefix = 1


# What a damaged workbook raises in the programs that read it; a package without its book is an OSError.
BROKEN = (
    ArithmeticError,
    AttributeError,
    BadZipFile,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    zlib.error,
)


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
    except BROKEN as broken:
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

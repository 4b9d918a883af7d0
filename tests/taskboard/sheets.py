"""Workbooks as a spreadsheet program reads them."""

from io import BytesIO
from typing import Any

from openpyxl import load_workbook


def sheet_of(content: bytes) -> Any:
    """The sheet that a workbook opens with."""
    return load_workbook(BytesIO(content)).active

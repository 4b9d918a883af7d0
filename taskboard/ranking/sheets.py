"""The ranking and the year-end assessment sheet (年度考核表) as workbooks."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.worksheet import Worksheet

from foundation.workbooks import fill, workbook_of
from taskboard.ranking.scoring import FIGURES, LABELS, LATE, MEANINGS, NOTHING_COUNTED, Ranked, Scored
from taskboard.ranking.weights import Weights

PARTS = ("应计", "按时", "逾期补", "比例%", "得分")
NONE = "—"
LINE = Side(style="thin", color="8A95A2")
FRAME = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
HEAD = PatternFill("solid", fgColor="EEF2F7")
CENTRED = Alignment(horizontal="center", vertical="center", wrap_text=True)
TITLE, BOLD, BODY = Font(name="宋体", size=18, bold=True), Font(name="宋体", bold=True), Font(name="宋体")
HEAD_ROWS = 4
A3 = "8"
# Inches.
MARGIN = 0.4
Value = str | Decimal | int


def ranking_workbook(rows: Sequence[Ranked], start: date, end: date) -> bytes:
    """The ranking as a plain table: numbers as numbers, one department a line."""
    header = ["名次", "部门", "总分"]
    header += [f"{LABELS[key]}{part}" for key in FIGURES for part in PARTS]
    header.append("备注")
    lines = [
        [
            _or_none(row.rank),
            row.name,
            _or_none(row.score),
            *(v for each in row.scored for v in _values(each)),
            row.note,
        ]
        for row in rows
    ]
    cells = [[Decimal(value) if isinstance(value, int) else value for value in line] for line in lines]
    return workbook_of(f"部门排名 {start.isoformat()} 至 {end.isoformat()}", header, cells)


def _or_none(value: Decimal | int | None) -> Value:
    return NONE if value is None else value


def _values(scored: Scored) -> tuple[Value, ...]:
    share = scored.share
    return (share.total, share.good, share.late, _or_none(scored.percent), _or_none(scored.points))


def assessment_workbook(
    rows: Sequence[Ranked], weights: Weights, year: int, owner: str, made_on: date
) -> bytes:
    """The sheet for the year's end: each department's values, weights and score, and how they are counted."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = f"{year}年度考核表"
    _head(sheet, weights, year, owner, made_on)
    for line, row in enumerate(rows, start=HEAD_ROWS + 1):
        values = [_or_none(row.rank), row.name, *(v for each in row.scored for v in _values(each))]
        _write(sheet, line, [*values, _or_none(row.score), row.note])
    _foot(sheet, HEAD_ROWS + len(rows) + 2, weights)
    _page(sheet)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _columns() -> int:
    return 2 + len(FIGURES) * len(PARTS) + 2


def _head(sheet: Worksheet, weights: Weights, year: int, owner: str, made_on: date) -> None:
    last = _columns()
    _say(sheet, 1, f"{year}年度督查任务考核表", TITLE)
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=last)
    sheet.cell(1, 1).alignment = CENTRED
    state = "分值待确认" if weights.provisional else f"分值依据：{weights.basis}"
    place = (
        f"填报单位：{owner}    考核期：{year}年1月1日至12月31日    取数日期：{made_on.isoformat()}    {state}"
    )
    _say(sheet, 2, place, BODY)
    sheet.merge_cells(start_row=2, end_row=2, start_column=1, end_column=last)
    tops = ["名次", "部门"]
    for key in FIGURES:
        tops += [f"{LABELS[key]}（{weights.values[key].normalize():f}分）", *([""] * (len(PARTS) - 1))]
    _write(sheet, 3, [*tops, "总分（百分制）", "备注"], head=True)
    _write(sheet, 4, ["", "", *(PARTS * len(FIGURES)), "", ""], head=True)
    for place_ in range(len(FIGURES)):
        first = 3 + place_ * len(PARTS)
        sheet.merge_cells(start_row=3, end_row=3, start_column=first, end_column=first + len(PARTS) - 1)
    for column in (1, 2, last - 1, last):
        sheet.merge_cells(start_row=3, end_row=4, start_column=column, end_column=column)


def _say(sheet: Worksheet, line: int, words: str, font: Font) -> None:
    cell = sheet.cell(line, 1)
    fill(cell, words)
    cell.font = font


def _write(sheet: Worksheet, line: int, values: Sequence[Value], *, head: bool = False) -> None:
    for column, value in enumerate(values, start=1):
        cell = sheet.cell(line, column)
        fill(cell, value)
        cell.border, cell.alignment, cell.font = FRAME, CENTRED, BOLD if head else BODY
        if head:
            cell.fill = HEAD
        if isinstance(value, Decimal):
            cell.number_format = "0.00"


def _foot(sheet: Worksheet, line: int, weights: Weights) -> None:
    late = f"{weights.values[LATE].normalize():f}"
    notes = [
        "说明：",
        *(f"{LABELS[key]}：{MEANINGS[key]}。" for key in FIGURES),
        f"逾期补报按 {late}% 折算；得分＝比例×分值；没有应计事项的指标不计，总分按其余指标折成百分制。",
        f"只是任务还没亮红灯、没有其他应计事项的部门不计分、不排名，注明“{NOTHING_COUNTED}”。",
    ]
    for place, words in enumerate(notes):
        _say(sheet, line + place, words, BODY)


def _page(sheet: Worksheet) -> None:
    """Wide as an A3 page laid across, the heading on every page, names in sight.

    On A4 the many columns would be too small to read; so narrow they just hold 100.00.
    """
    sheet.freeze_panes = f"C{HEAD_ROWS + 1}"
    for column in range(1, _columns() + 1):
        sheet.column_dimensions[get_column_letter(column)].width = 7
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 6, 16
    for column in (_columns() - 1, _columns()):
        sheet.column_dimensions[get_column_letter(column)].width = 11
    sheet.row_dimensions[1].height, sheet.row_dimensions[3].height = 34, 32
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A3
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]  # openpyxl always sets it
    sheet.page_margins = PageMargins(left=MARGIN, right=MARGIN)
    sheet.print_title_rows = f"1:{HEAD_ROWS}"

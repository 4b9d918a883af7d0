"""A workbook (XLSX) as it is written: part by part, so that a long table leaves before it is whole.

ECMA-376 SpreadsheetML with text kept in its cells. The zip is written without
going back, so nothing but the part at hand is held in memory.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import RawIOBase
from itertools import chain, islice
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl.utils import get_column_letter

Value = str | Decimal | int | date
NAMESPACE = "http://schemas.openxmlformats.org"
MAIN = f"{NAMESPACE}/spreadsheetml/2006/main"
RELATIONS = f"{NAMESPACE}/officeDocument/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# The places of these in the list of cell formats below.
PLAIN, HEADING, WRAPPED, TYPED, DAY, MOMENT = range(6)
# A cell holds no more characters.
LONGEST = 32767
# Serial numbers of days count from here.
DAY_ZERO = date(1899, 12, 30)
SECONDS_OF_A_DAY = 86400
# Column widths go by the first lines; rows are written in bundles.
SAMPLE, BUNDLE = 200, 200
WIDTH, NARROWEST, WIDEST = 2.1, 8, 48

# Printed across, as wide as the page, as many pages long as it takes.
CLOSING = (
    '</sheetData><pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>'
    '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'
)
PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{NAMESPACE}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{TYPE}.styles+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPE}.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{NAMESPACE}/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>"
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{NAMESPACE}/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{RELATIONS}/styles" Target="styles.xml"/></Relationships>'
    ),
    "xl/styles.xml": (
        f'<styleSheet xmlns="{MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
        '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>'
        '<fonts count="2"><font><sz val="11"/><name val="宋体"/></font>'
        '<font><b/><sz val="11"/><name val="宋体"/></font></fonts>'
        '<fills count="3"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill>'
        '<fill><patternFill patternType="solid"><fgColor rgb="FFEEF2F7"/></patternFill></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="6"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1">'
        '<alignment vertical="top"/></xf>'
        '<xf numFmtId="0" fontId="1" fillId="2" borderId="0" xfId="0" applyFont="1" applyFill="1"'
        ' applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>'
        '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1">'
        '<alignment vertical="top" wrapText="1"/></xf>'
        '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyAlignment="1">'
        '<alignment vertical="top" wrapText="1"/></xf>'
        '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"'
        ' applyAlignment="1"><alignment vertical="top"/></xf>'
        '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"'
        ' applyAlignment="1"><alignment vertical="top"/></xf></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ),
}


class _Sink(RawIOBase):
    """Takes what the zip writes and hands it on."""

    def __init__(self) -> None:
        self.held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.held += data
        return len(data)

    def take(self) -> bytes:
        """What was written since the last time."""
        taken = bytes(self.held)
        self.held.clear()
        return taken


def workbook_parts(
    name: str, header: Sequence[str], rows: Iterable[Sequence[Value]], typed: Any
) -> Iterator[bytes]:
    """The bytes of a workbook with one sheet; ``typed(text)`` says which texts look like formulas.

    ``name`` is a valid name of a sheet, texts hold nothing that XML cannot.
    """
    sink, lines = _Sink(), iter(rows)
    first = list(islice(lines, SAMPLE))
    with ZipFile(sink, "w", ZIP_DEFLATED) as book:
        for path, text in PARTS.items():
            book.writestr(path, HEAD + text)
        book.writestr("xl/workbook.xml", HEAD + _book(name))
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write((HEAD + _opening(header, first)).encode())
            sheet.write(_row(1, header, typed, HEADING).encode())
            numbered = enumerate(chain(first, lines), start=2)
            while bundle := list(islice(numbered, BUNDLE)):
                sheet.write("".join(_row(place, line, typed) for place, line in bundle).encode())
                yield sink.take()
            sheet.write(CLOSING.encode())
    yield sink.take()


def _book(name: str) -> str:
    title = escape(name, {'"': "&quot;"})
    return (
        f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
        f'<sheet name="{title}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )


def _opening(header: Sequence[str], sample: Sequence[Sequence[Value]]) -> str:
    """The heading stays in sight; a column is as wide as its longest text."""
    columns = []
    for place, word in enumerate(header):
        longest = max([len(word), *(len(str(line[place])) for line in sample)])
        width = min(WIDEST, max(NARROWEST, longest * WIDTH))
        columns.append(f'<col min="{place + 1}" max="{place + 1}" width="{width:.1f}" customWidth="1"/>')
    return (
        f'<worksheet xmlns="{MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        '<sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{''.join(columns)}</cols><sheetData>"
    )


def _row(place: int, line: Sequence[Value], typed: Any, style: int | None = None) -> str:
    cells = (_cell(f"{get_column_letter(n)}{place}", value, typed, style) for n, value in enumerate(line, 1))
    return f'<row r="{place}">{"".join(cells)}</row>'


def _cell(address: str, value: Value, typed: Any, style: int | None) -> str:
    if isinstance(value, str):
        if not value:
            return ""
        chosen = style if style is not None else TYPED if typed(value) else WRAPPED
        text = escape(value[:LONGEST])
        return f'<c r="{address}" s="{chosen}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
    if isinstance(value, datetime):
        seconds = value.hour * 3600 + value.minute * 60 + value.second
        serial = (value.date() - DAY_ZERO).days + seconds / SECONDS_OF_A_DAY
        return f'<c r="{address}" s="{MOMENT}"><v>{serial}</v></c>'
    if isinstance(value, date):
        return f'<c r="{address}" s="{DAY}"><v>{(value - DAY_ZERO).days}</v></c>'
    return f'<c r="{address}" s="{PLAIN}"><v>{value}</v></c>'

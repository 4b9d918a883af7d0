"""Word files set like the printed page (GB/T 9704-2012): page, faces, levels, tables.

The faces are named as Chinese offices have them; Word puts its own in place of one that is missing.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import _Footer, _Header
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from printing.titles import title_lines, width_of

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FANG, HEI, KAI, SONG, TITLE_SONG = "仿宋", "黑体", "楷体", "宋体", "方正小标宋简体"
SIZE, LINE, SMALL = 16, 28.99, 14
# Headings by level: 1 is a title, below it 一、 （一） 1. and （1）.
LEVEL_FACES = {1: TITLE_SONG, 2: HEI, 3: KAI, 4: FANG, 5: FANG}
TITLE_LEVEL = 1
LATIN = "Times New Roman"
# XML has no place for these.
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# The file says nothing of the hour it was made, so the same text is the same file.
UNDATED = date(2000, 1, 1)
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
DISTANCE_OF_NUMBER = Mm(22)


class WordFile:
    """A Word file that grows from top to bottom."""

    def __init__(self, title: str, author: str, dated: date | None, running: str) -> None:
        self._document = docx.Document()
        _set_page(self._document)
        _set_styles(self._document)
        _set_properties(self._document, title, author, dated)
        _set_edges(self._document, running)

    def paragraph(
        self, text: str = "", *, indent: bool = True, face: str = "", size: float = SIZE
    ) -> Paragraph:
        """A paragraph of text, two characters in unless it is to stand flush."""
        added: Paragraph = self._document.add_paragraph()
        if indent:
            _indent(added, first=2)
        if text:
            write(added, text, face, size)
        return added

    def centred(self, text: str, *, face: str = "", size: float = SIZE) -> Paragraph:
        """A line in the middle, kept with what follows."""
        added = self.paragraph(text, indent=False, face=face, size=size)
        added.alignment = WD_ALIGN_PARAGRAPH.CENTER
        added.paragraph_format.keep_with_next = True
        return added

    def title(self, text: str, *, begins_page: bool = False) -> None:
        """A title in even lines, with an empty line below."""
        added = self._document.add_heading(level=TITLE_LEVEL)
        added.paragraph_format.page_break_before = begins_page or None
        for place, line in enumerate(title_lines(text)):
            run = write(added, line, TITLE_SONG, 22)
            if place:
                run._element.insert(1, OxmlElement("w:br"))

    def heading(self, text: str, level: int) -> None:
        """A heading with a line of its own; level 2 is 一、, 3 （一）."""
        added = self._document.add_heading(level=level)
        write(added, text, LEVEL_FACES[level])
        _indent(added, first=2)

    def signature(self, issuer: str, dated: str) -> None:
        """Issuer and date, ending two characters from the right; the date begins two characters in."""
        lines = [(line, inset) for line, inset in ((issuer, 0), (dated, 2 if issuer else 0)) if line]
        widest = max((width_of(line) + inset for line, inset in lines), default=0)
        for place, (line, inset) in enumerate(lines):
            added = self.paragraph(line, indent=False)
            added.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            added.paragraph_format.right_indent = Pt(SIZE * (2 + widest - inset - width_of(line)))
            if place == 0:
                added.paragraph_format.space_before = Pt(LINE)
                added.paragraph_format.keep_with_next = len(lines) > 1

    def annex_names(self, names: Sequence[str]) -> None:
        """The annexes as they are named below the text, one under another."""
        for place, name in enumerate(names):
            added = self.paragraph(f"附件：{name}" if place == 0 else name, indent=False)
            added.paragraph_format.left_indent = Pt(SIZE * 6)
            added.paragraph_format.first_line_indent = Pt(-SIZE * (4 if place == 0 else 1))
            if place == 0:
                added.paragraph_format.space_before = Pt(LINE)

    def annex_label(self, label: str) -> None:
        """The label of an annex, at the top left of a page of its own."""
        added = self.paragraph(label, indent=False, face=HEI)
        added.paragraph_format.page_break_before = True
        added.paragraph_format.keep_with_next = True

    def table(self, head: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[float]) -> None:
        """A table that repeats its head on each page; widths in mm, all cells but the last centred."""
        rows = list(rows)
        self._keep_apart()
        table = self._document.add_table(rows=1 + len(rows), cols=len(head), style="Table Grid")
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        for place, (line, row) in enumerate(zip([head, *rows], table.rows, strict=True)):
            _mark_row(row._tr, is_head=place == 0)
            for at, (text, cell, width) in enumerate(zip(line, row.cells, widths, strict=True)):
                cell.width = Mm(width)
                self._fill(
                    cell.paragraphs[0], text, HEI if place == 0 else "", place == 0 or at < len(line) - 1
                )

    def _keep_apart(self) -> None:
        """Word joins tables that follow each other without a paragraph between."""
        # The last element of the body are the settings of the section.
        last = self._document.element.body[:-1][-1:]
        if last and last[0].tag == qn("w:tbl"):
            self._hairline()

    def _hairline(self) -> None:
        """A paragraph that takes no place."""
        added = self.paragraph(indent=False)
        added.paragraph_format.line_spacing = Pt(1)
        write(added, "", size=1)

    @staticmethod
    def _fill(paragraph: Paragraph, text: str, face: str, centred: bool) -> None:
        write(paragraph, text, face, SMALL)
        paragraph.paragraph_format.line_spacing = Pt(21)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.LEFT

    def data(self) -> bytes:
        """The file; the same for the same content."""
        made, fixed = BytesIO(), BytesIO()
        self._document.save(made)
        with ZipFile(made) as source, ZipFile(fixed, "w") as target:
            for name in source.namelist():
                target.writestr(ZipInfo(name, ZIP_TIME), source.read(name), ZIP_DEFLATED)
        return fixed.getvalue()


def etag_of(data: bytes) -> str:
    """An entity tag for a finished file."""
    return f'"{hashlib.sha256(data).hexdigest()[:32]}"'


def write(paragraph: Paragraph, text: str, face: str = "", size: float = SIZE) -> Run:
    """Add text; without a face it has that of the style."""
    run = paragraph.add_run(UNFIT.sub("", text))
    if face:
        _set_face(run._element.get_or_add_rPr(), face)
    if size != SIZE:
        run.font.size = Pt(size)
    return run


def _set_face(properties: BaseOxmlElement, face: str) -> None:
    """Name the face for Chinese text too, which the library by itself leaves to the theme."""
    fonts = properties.get_or_add_rFonts()  # type: ignore[attr-defined]  # made by its metaclass
    fonts.attrib.clear()
    for use, name in (("ascii", LATIN), ("hAnsi", LATIN), ("eastAsia", face), ("cs", LATIN)):
        fonts.set(qn(f"w:{use}"), name)


def _indent(paragraph: Paragraph, first: int) -> None:
    """Indent the first line by whole characters, in points for programs that count none."""
    paragraph.paragraph_format.first_line_indent = Pt(SIZE * first)
    indents = paragraph._p.get_or_add_pPr().get_or_add_ind()
    indents.set(qn("w:firstLineChars"), str(first * 100))


def _set_page(document: Document) -> None:
    """A4 with a type area of 156 by 225 mm, in lines of 28.99 pt."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(24), DISTANCE_OF_NUMBER
    # The template of the library has a grid of its own.
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)


def _set_styles(document: Document) -> None:
    for language in document.styles.element.xpath("w:docDefaults//w:lang"):
        # It decides whether a comma stands in the corner or in the middle of its square.
        language.set(qn("w:eastAsia"), "zh-CN")
    _set_style(document.styles["Normal"], FANG, SIZE)
    for level, face in LEVEL_FACES.items():
        style: ParagraphStyle = document.styles[f"Heading {level}"]
        _set_style(style, face, 22 if level == TITLE_LEVEL else SIZE)
        style.paragraph_format.keep_with_next = True
    title: ParagraphStyle = document.styles[f"Heading {TITLE_LEVEL}"]
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.line_spacing = Pt(33)
    title.paragraph_format.space_before = title.paragraph_format.space_after = Pt(LINE)


def _set_style(style: ParagraphStyle, face: str, size: float) -> None:
    _set_face(style.element.get_or_add_rPr(), face)
    style.font.size, style.font.bold, style.font.italic = Pt(size), False, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    layout = style.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(LINE)
    layout.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY


def _set_properties(document: Document, title: str, author: str, dated: date | None) -> None:
    facts = document.core_properties
    # The format takes 255 characters.
    facts.title, facts.author = UNFIT.sub("", title)[:255], UNFIT.sub("", author)[:255]
    facts.created = facts.modified = datetime.combine(dated or UNDATED, time(), UTC)
    facts.last_modified_by = facts.comments = facts.keywords = ""
    facts.language = "zh-CN"


def _set_edges(document: Document, running: str) -> None:
    """The running line above and the page number below, both at the outer edge."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    right, left = WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT
    for header, side in ((section.header, right), (section.even_page_header, left)):
        write(_edge(header, side), running, SONG, 9)
    for footer, side in ((section.footer, right), (section.even_page_footer, left)):
        _number_pages(_edge(footer, side))


def _edge(part: _Header | _Footer, side: WD_ALIGN_PARAGRAPH) -> Paragraph:
    paragraph: Paragraph = part.paragraphs[0]
    paragraph.alignment = side
    return paragraph


def _number_pages(paragraph: Paragraph) -> None:
    """— 1 —, one character in from the outer edge."""
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Pt(SMALL)
    write(paragraph, "— ", SONG, SMALL)
    number = write(paragraph, "", SONG, SMALL)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        number._element.append(part)
    write(paragraph, " —", SONG, SMALL)


def _mark_row(row: BaseOxmlElement, *, is_head: bool) -> None:
    properties = row.get_or_add_trPr()  # type: ignore[attr-defined]  # made by its metaclass
    properties.append(OxmlElement("w:cantSplit"))
    if is_head:
        properties.append(OxmlElement("w:tblHeader"))

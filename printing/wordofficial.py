"""The parts of a Word file that only an official document has (GB/T 9704-2012): red head, rule, imprint."""

from collections.abc import Sequence
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from printing.official import Imprint, RedHead
from printing.word import FANG, HEI, KAI, LINE, SIZE, SMALL, TITLE_SONG, WordFile, write

RED = RGBColor(0xD7, 0x00, 0x0F)
TYPE_AREA = Mm(156)
# Eighths of a point, as Word counts the width of a line: .5 mm, .35 mm, .25 mm.
RULE, THICK, THIN = 11, 8, 6
RULE_BELOW = 5
CORNER_FACES = {"copy-number": FANG, "urgency": HEI}


class OfficialWordFile(WordFile):
    """A Word file with a red head above and an imprint at the foot of its last page."""

    def head(self, head: RedHead) -> None:
        """The issuer's mark 35 mm below the type area's top, number and red rule below it."""
        for kind, words in head.corner:
            self.paragraph(words, indent=False, face=CORNER_FACES[kind])
        mark = self.centred(head.mark, face=TITLE_SONG)
        size = float(head.mark_size)
        mark.paragraph_format.space_before = Mm(35) - Pt(LINE * len(head.corner))
        mark.paragraph_format.line_spacing = Pt(size * 1.2)
        for run in mark.runs:
            run.font.size, run.font.color.rgb, run.font.bold = Pt(size), RED, True
        number = self._number_beside(head) if head.signer else self.centred(head.number)
        number.paragraph_format.space_before = Pt(2 * LINE)
        borders: Any = OxmlElement("w:pBdr")
        borders.append(_line("w:bottom", RULE, str(RED), space=RULE_BELOW))
        number._p.get_or_add_pPr().insert_element_before(borders, "w:shd", "w:spacing", "w:ind", "w:jc")
        self.centred("")

    def _number_beside(self, head: RedHead) -> Paragraph:
        """The number at the left and who signed at the right, one character in (7.2.6)."""
        line = self.paragraph(head.number, indent=False)
        # An indent of the whole paragraph would shorten the rule below it.
        line.paragraph_format.first_line_indent = Pt(SIZE)
        line.paragraph_format.tab_stops.add_tab_stop(TYPE_AREA - Pt(SIZE), WD_TAB_ALIGNMENT.RIGHT)
        write(line, "\t签发人：")
        write(line, head.signer, KAI)
        return line

    def imprint(self, imprint: Imprint) -> None:
        """To whom copies go, who printed it and when, between rules at the foot of the page."""
        day = imprint.issued_on
        printed = f"{day.year}年{day.month}月{day.day}日印发" if day else ""
        rows: list[Sequence[str]] = [(imprint.issued_by, printed)]
        if imprint.copies:
            rows.insert(0, (f"抄送：{'，'.join(imprint.copies)}。",))
        self._keep_apart()
        table = self._document.add_table(rows=len(rows), cols=2)
        table.autofit = False
        _stand_at_the_foot(table._tbl.tblPr, between=len(rows) > 1)
        for row, texts in zip(table.rows, rows, strict=True):
            first, last = row.cells
            first.width = last.width = TYPE_AREA // 2
            if len(texts) == 1:
                first = first.merge(last)
            else:
                self._fill(last.paragraphs[0], texts[1], "", centred=False)
                last.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
                last.paragraphs[0].paragraph_format.right_indent = Pt(SMALL)
            self._fill(first.paragraphs[0], texts[0], "", centred=False)
            first.paragraphs[0].paragraph_format.left_indent = Pt(SMALL)
        # A table in a frame hangs on the paragraph after it.
        self._hairline()


def _line(side: str, width: int, colour: str = "000000", *, space: int = 0) -> Any:
    line: Any = OxmlElement(side)
    given = (("val", "single"), ("sz", str(width)), ("space", str(space)), ("color", colour))
    for name, value in given:
        line.set(qn(f"w:{name}"), value)
    return line


def _stand_at_the_foot(properties: BaseOxmlElement, *, between: bool) -> None:
    place: Any = OxmlElement("w:tblpPr")
    anchors = {"vertAnchor": "margin", "horzAnchor": "margin", "tblpXSpec": "left", "tblpYSpec": "bottom"}
    for name, value in anchors.items():
        place.set(qn(f"w:{name}"), value)
    properties.insert_element_before(
        place, "w:tblOverlap", "w:bidiVisual", "w:tblW", "w:jc", "w:tblLayout", "w:tblLook"
    )
    borders: Any = OxmlElement("w:tblBorders")
    borders.append(_line("w:top", THICK))
    borders.append(_line("w:bottom", THICK))
    if between:
        borders.append(_line("w:insideH", THIN))
    properties.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")

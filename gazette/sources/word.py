"""A Word file (DOCX) as plain text: paragraphs, tables by rows, numbers that Word counts by itself."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from lxml import etree

from gazette.parser.errors import UnreadableGazette
from gazette.sources.marked import line_of, row_of
from gazette.sources.wordnumbers import Numbering

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BODY, NUMBERS, STYLES = "word/document.xml", "word/numbering.xml", "word/styles.xml"
# A year of gazettes has some 20 MB of markup; a bomb unpacks to far more.
MOST_MARKUP = 48 * 1024 * 1024
MOST_PARTS = 10_000
CLAIMED_RATIO = 400
# What is not text on the page: deleted text, codes of fields, drawings told twice, remarks in the margin.
LEFT_OUT = {
    f"{W}del", f"{W}moveFrom", f"{W}instrText", f"{W}delText", f"{W}pPr", f"{W}commentReference",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}  # fmt: skip
BREAKS = {f"{W}tab": " ", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
BROKEN = "这个 Word 文件打不开，可能已损坏。请在 Word 或 WPS 里打开后另存为 .docx 再导入。"


def text_of_word(data: bytes) -> str:
    """The text of a DOCX in reading order; running heads and page numbers are parts that are not read.

    Raises UnreadableGazette for other archives, broken files and those that unpack to too much.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            _refuse_strangers(archive, names)
            body = _parsed(_unpacked(archive, BODY))
            numbers = _parsed(_unpacked(archive, NUMBERS)) if NUMBERS in names else None
            styles = _parsed(_unpacked(archive, STYLES)) if STYLES in names else None
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        NotImplementedError,
        etree.XMLSyntaxError,
    ) as error:
        raise UnreadableGazette(BROKEN) from error
    lines = list(_Reading(Numbering(numbers, styles), _headings(styles)).lines(body))
    if not any(line.strip() for line in lines):
        raise UnreadableGazette("Word 文件里没有文字，可能只有图片。请先做文字识别，再导入识别后的文字版。")
    return "\n".join(lines)


def _refuse_strangers(archive: zipfile.ZipFile, names: set[str]) -> None:
    if BODY not in names:
        raise UnreadableGazette(
            "这是压缩包或别的办公文件，不是 Word 文档（.docx）。请解压，或另存为 .docx 再导入。"
        )
    infos = archive.infolist()
    size = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos) or 1
    if len(infos) > MOST_PARTS or (size > MOST_MARKUP and size / packed > CLAIMED_RATIO):
        raise UnreadableGazette(
            "这个 Word 文件解开后大得不正常，没有读取。请检查来源，或另存为 .docx 再导入。"
        )
    if any(info.flag_bits & 0x1 for info in infos):
        raise UnreadableGazette("这个 Word 文件加了密码。请去掉密码再导入。")


def _unpacked(archive: zipfile.ZipFile, name: str) -> bytes:
    """A part of the archive; what it claims of its size is not believed."""
    with archive.open(name) as part:
        data = part.read(MOST_MARKUP + 1)
    if len(data) > MOST_MARKUP:
        raise UnreadableGazette(
            "这个 Word 文件解开后大得不正常，没有读取。请检查来源，或另存为 .docx 再导入。"
        )
    return data


def _parsed(data: bytes) -> Any:
    """The tree of a part; entities are not expanded and nothing is fetched."""
    if b"<!DOCTYPE" in data[:4096]:
        raise UnreadableGazette(BROKEN)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(data, parser)


def _headings(styles: Any) -> set[str]:
    """Styles of headings: those with a level in the outline, and those called heading or title."""
    if styles is None:
        return set()
    found = set()
    for style in styles.iter(f"{W}style"):
        name = style.find(f"{W}name")
        words = name.get(f"{W}val", "").lower() if name is not None else ""
        if style.find(f"{W}pPr/{W}outlineLvl") is not None or words.startswith(("heading", "title", "标题")):
            found.add(style.get(f"{W}styleId", ""))
    return found


class _Reading:
    """Walks the body once, in order."""

    def __init__(self, numbering: Numbering, headings: set[str]) -> None:
        self.numbering, self.headings = numbering, headings

    def lines(self, element: Any) -> Iterator[str]:
        for child in element:
            if child.tag == f"{W}p":
                yield from self.paragraph(child)
                yield ""
            elif child.tag == f"{W}tbl":
                yield from self.table(child)
                yield ""
            elif child.tag not in LEFT_OUT and isinstance(child.tag, str):
                yield from self.lines(child)  # content controls and the like

    def paragraph(self, paragraph: Any) -> Iterator[str]:
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        heading = style is not None and style.get(f"{W}val") in self.headings
        number = self.numbering.next_of(paragraph)
        runs = list(_runs(paragraph))
        bold = ""
        for text, is_bold in runs:
            if not is_bold and text.strip():
                break
            bold += text
        texts = "".join(text for text, _ in runs).split("\n")
        for place, text in enumerate(texts):
            first = place == 0
            yield line_of(
                f"{number}{text}" if first else text,
                heading=heading,
                bold=f"{number}{bold}" if first and bold.strip() and "\n" not in bold else "",
            )

    def table(self, table: Any) -> Iterator[str]:
        for row in table.iter(f"{W}tr"):
            cells = [
                " ".join("".join(text for text, _ in _runs(p)) for p in cell.iter(f"{W}p"))
                for cell in row.findall(f"{W}tc")
            ]
            yield row_of(cells)


def _runs(element: Any) -> Iterator[tuple[str, bool]]:
    """Texts of a paragraph with whether they are bold; the text of drawings comes where they stand."""
    for child in element:
        if child.tag in LEFT_OUT:
            continue
        if child.tag == f"{W}r":
            yield _text_of(child), _is_bold(child)
        elif isinstance(child.tag, str):
            yield from _runs(child)


def _text_of(run: Any) -> str:
    parts = []
    for child in run.iter():
        if child.tag == f"{W}t":
            parts.append(child.text or "")
        elif child.tag in BREAKS:
            page = child.get(f"{W}type") in ("page", "column")
            parts.append("" if page else BREAKS[child.tag])
    return "".join(parts)


def _is_bold(run: Any) -> bool:
    bold = run.find(f"{W}rPr/{W}b")
    return bold is not None and bold.get(f"{W}val", "1") not in ("0", "false", "off")

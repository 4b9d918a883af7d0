"""A PDF with text in it as plain text: paragraphs put together, page furniture left out."""

import io
import math
import unicodedata
from typing import Any

from pypdf import PdfReader
from pypdf.errors import DependencyError

from gazette.parser.errors import UnreadableGazette
from gazette.sources.pdflines import Run, text_of_pages

MOST_PAGES = 3_000
# A page of a gazette has several hundred characters; fewer than this on average is a scan.
FEWEST_CHARACTERS = 15
# Of the characters of a Chinese text at least this share is Chinese, and at most this is nonsense.
LEAST_CHINESE, MOST_NONSENSE = 0.3, 0.02
SCANNED = "PDF 里没有文字，可能是扫描件。请先做文字识别（OCR），再导入识别后的文字版。"
LOCKED = "PDF 加了密码，无法读取。请去掉密码再导入。"
BROKEN = "PDF 读不出来，可能已损坏。请重新下载，或另存为文本再导入。"
GARBLED = "PDF 里的文字读出来是乱码（字体没有附编码）。请用原来的文档另存，或做文字识别后再导入。"


def text_of_pdf(data: bytes) -> str:
    """The text of a PDF, a paragraph a line, without running heads and page numbers.

    Raises UnreadableGazette for locked, scanned, garbled and broken files.
    """
    try:
        pages = _pages_of(data)
    except UnreadableGazette:
        raise
    except DependencyError as error:
        raise UnreadableGazette(LOCKED) from error
    except Exception as error:  # a damaged file breaks its reader in many ways
        raise UnreadableGazette(BROKEN) from error
    characters = "".join(run.text for page in pages for run in page).replace(" ", "")
    if len(characters) < FEWEST_CHARACTERS * max(len(pages), 1):
        raise UnreadableGazette(SCANNED)
    if _is_garbled(characters):
        raise UnreadableGazette(GARBLED)
    return text_of_pages(pages)


def _pages_of(data: bytes) -> list[list[Run]]:
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise UnreadableGazette(LOCKED)
    if len(reader.pages) > MOST_PAGES:
        raise UnreadableGazette(f"PDF 有 {len(reader.pages)} 页，超过 {MOST_PAGES} 页，请分期导入。")
    return [_runs_of(page) for page in reader.pages]


def _runs_of(page: Any) -> list[Run]:
    """The runs of a page as they are drawn, in points from its lower left corner."""
    runs: list[Run] = []

    def visit(text: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:
        text = "".join(" " if character.isspace() else character for character in text)
        if not text.strip():
            return
        x = cm[0] * tm[4] + cm[2] * tm[5] + cm[4]
        y = cm[1] * tm[4] + cm[3] * tm[5] + cm[5]
        scale = math.hypot(tm[0], tm[1]) * math.hypot(cm[0], cm[1])
        leading = len(text) - len(text.lstrip())
        real = size * scale or 1.0
        upright = abs(tm[1]) < abs(tm[0]) / 10 and abs(cm[1]) < abs(cm[0]) / 10
        # What stands across the page (草稿) is no text of it.
        if upright:
            runs.append(Run(text.strip(), x + leading * real / 4, y, real))

    page.extract_text(visitor_text=visit)
    return runs


def _is_garbled(text: str) -> bool:
    chinese = sum("\u3400" <= character <= "\u9fff" for character in text)
    nonsense = sum(
        unicodedata.category(character) in ("Cc", "Cn", "Co") or character == "\ufffd" for character in text
    )
    return chinese < len(text) * LEAST_CHINESE or nonsense > len(text) * MOST_NONSENSE

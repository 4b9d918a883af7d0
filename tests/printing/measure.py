"""Measuring printed pages: where text stands, how large it is, where there is ink."""

import io
import shutil
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

POINT = 25.4 / 72
DPI = 254  # ten dots a millimetre


@dataclass(frozen=True, slots=True)
class Run:
    """A run of text; ``x`` and ``y`` of its baseline in mm from the page's top left, ``size`` in points."""

    text: str
    x: float
    y: float
    size: float
    font: str


def reader_of(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def runs_of(pdf: bytes, page: int = 0) -> list[Run]:
    """The runs of a page in the order in which they are drawn."""
    found = reader_of(pdf).pages[page]
    height = float(found.mediabox.height)
    runs: list[Run] = []

    def visit(text: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:
        if text.strip():
            x, y = cm[0] * tm[4] + cm[4], cm[3] * tm[5] + cm[5]
            name = font["/BaseFont"].split("+")[-1] if font else ""
            runs.append(Run(text.strip(), x * POINT, (height - y) * POINT, size * cm[0], name))

    found.extract_text(visitor_text=visit)
    return runs


def run_with(pdf: bytes, words: str, page: int = 0) -> Run:
    """The first run that holds the words."""
    return next(run for run in runs_of(pdf, page) if words in run.text)


def text_of(pdf: bytes) -> str:
    """All text, without the breaks between lines."""
    return "".join("".join(page.extract_text().split()) for page in reader_of(pdf).pages)


@lru_cache(maxsize=16)
def picture_of(pdf: bytes, page: int = 0, *, dpi: int = DPI) -> Image.Image:
    """A page as it leaves the printer, ten dots a millimetre."""
    program = shutil.which("pdftoppm")
    if not program:
        pytest.skip("no pdftoppm on this machine")
    number = str(page + 1)
    command = [program, "-r", str(dpi), "-f", number, "-l", number, "-png", "-"]
    done = subprocess.run(command, input=pdf, capture_output=True, check=True)
    return Image.open(io.BytesIO(done.stdout)).convert("RGB")


def ink_box(
    picture: Image.Image, *, left: float = 0, top: float = 0, right: float = 210, bottom: float = 297
) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the ink inside a box; all in mm from the page's top left."""
    grey = picture.convert("L").crop((int(left * 10), int(top * 10), int(right * 10), int(bottom * 10)))
    box = grey.point(lambda value: 255 if value < 160 else 0).getbbox()
    assert box, "no ink there"
    return left + box[0] / 10, top + box[1] / 10, left + box[2] / 10, top + box[3] / 10


def colours_of(picture: Image.Image) -> list[tuple[int, int, int]]:
    """The colours that occur."""
    counted: Any = picture.getcolors(1 << 24)
    return [colour for _, colour in counted or []]


def outline_of(pdf: bytes) -> Any:
    """The outline: entries, and a list of those below after each that has any."""
    return reader_of(pdf).outline


def facts_of(pdf: bytes) -> dict[str, str]:
    """Title, author and the like."""
    return {str(name): str(value) for name, value in (reader_of(pdf).metadata or {}).items()}


def rules_of(picture: Image.Image, *, red: bool = False) -> list[tuple[float, float]]:
    """Horizontal rules wider than 100 mm: the middle and thickness of each, in mm."""
    width, height = picture.size
    pixels = picture.load()
    assert pixels is not None
    full: list[int] = []
    for y in range(height):
        dark = sum(1 for x in range(0, width, 5) if _is_ink(pixels[x, y], red=red))
        if dark * 5 > 1000:
            full.append(y)
    groups: list[list[int]] = []
    for y in full:
        if groups and y == groups[-1][-1] + 1:
            groups[-1].append(y)
        else:
            groups.append([y])
    return [((group[0] + group[-1] + 1) / 20, len(group) / 10) for group in groups]


def _is_ink(pixel: Any, *, red: bool) -> bool:
    r, g, b = pixel
    return bool(r > 150 and g < 140 and b < 140) if red else bool(max(r, g, b) < 140)

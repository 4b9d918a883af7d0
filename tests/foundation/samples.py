"""Small files of every kind, made here."""

import zipfile
from io import BytesIO
from typing import Any

from PIL import Image

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
MAIN = "application/vnd.openxmlformats-officedocument.{}.main+xml"
PARTS = {
    "docx": ("word/document.xml", MAIN.format("wordprocessingml.document")),
    "xlsx": ("xl/workbook.xml", MAIN.format("spreadsheetml.sheet")),
    "pptx": ("ppt/presentation.xml", MAIN.format("presentationml.presentation")),
}


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 20), **options: Any) -> bytes:
    """Left half red, right half blue."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    written = BytesIO()
    image.save(written, format=kind, **options)
    return written.getvalue()


def moving(kind: str = "GIF", frames: int = 3, size: tuple[int, int] = (10, 10)) -> bytes:
    """Frames of different colours."""
    images = [Image.new("RGB", size, (80 * n % 256, 0, 0)) for n in range(frames)]
    written = BytesIO()
    images[0].save(written, format=kind, save_all=True, append_images=images[1:], duration=50)
    return written.getvalue()


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


def package(entries: dict[str, bytes]) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return written.getvalue()


def office(kind: str = "docx", *, declared: str = "", more: dict[str, bytes] | None = None) -> bytes:
    part, content_type = PARTS[kind]
    contents = f'<Types><Override PartName="/{part}" ContentType="{declared or content_type}"/></Types>'
    return package({"[Content_Types].xml": contents.encode(), part: b"<document/>", **(more or {})})

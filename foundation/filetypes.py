"""What a file is, told from its content; pure: bytes in, a kind or a refusal out.

The name somebody typed and the type a browser claims make no file what it is not. Pictures
are for Pillow to judge (``foundation/pictures.py``); here are documents.
"""

import re
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO

from foundation.errors import InvalidInput

ALLOWED = (
    "图片（JPEG、PNG、WebP、GIF）、PDF、Word（docx）、Excel（xlsx）、PowerPoint（pptx）和纯文本（txt、csv）"
)


@dataclass(frozen=True, slots=True)
class FileType:
    """A kind of file that is accepted; the first suffix is the usual one."""

    content_type: str
    suffixes: tuple[str, ...]


JPEG = FileType("image/jpeg", (".jpg", ".jpeg"))
PNG = FileType("image/png", (".png",))
WEBP = FileType("image/webp", (".webp",))
GIF = FileType("image/gif", (".gif",))
PDF = FileType("application/pdf", (".pdf",))
OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX = FileType(f"{OFFICE}wordprocessingml.document", (".docx",))
XLSX = FileType(f"{OFFICE}spreadsheetml.sheet", (".xlsx",))
PPTX = FileType(f"{OFFICE}presentationml.presentation", (".pptx",))
TEXT = FileType("text/plain", (".txt",))
CSV = FileType("text/csv", (".csv",))

MP4 = FileType("video/mp4", (".mp4", ".m4v"))
MOV = FileType("video/quicktime", (".mov",))
WEBM = FileType("video/webm", (".webm",))

PICTURES = frozenset({JPEG, PNG, WEBP, GIF})
FILMS = frozenset({MP4, MOV, WEBM})
NOT_TEXT = (*PICTURES, *FILMS, PDF, DOCX, XLSX, PPTX)
# What a browser may show by itself; everything else is saved to disk.
SHOWN = frozenset(kind.content_type for kind in (*PICTURES, *FILMS, PDF))

PICTURE_SIGNATURES = (
    (re.compile(rb"\xff\xd8\xff"), JPEG),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), PNG),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), WEBP),
    (re.compile(rb"GIF8[79]a"), GIF),
)
# The part that makes the package a document, and how the table of contents declares it.
# A document with macros declares itself otherwise, so it is none of these.
OFFICE_PARTS = {
    "word/document.xml": (DOCX, b"wordprocessingml.document.main+xml"),
    "xl/workbook.xml": (XLSX, b"spreadsheetml.sheet.main+xml"),
    "ppt/presentation.xml": (PPTX, b"presentationml.presentation.main+xml"),
}
CONTENTS = "[Content_Types].xml"
CONTENTS_MAX_BYTES = 1024 * 1024
PDF_END_WITHIN = 1024
CHUNK = 64 * 1024
# Everything below the space except tab, line feed, form feed and carriage return.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class PackageLimits:
    """How far an office document may unfold."""

    max_entries: int
    max_unpacked_bytes: int
    max_ratio: int


def refuse() -> InvalidInput:
    """The refusal that names what is accepted."""
    return InvalidInput(f"不支持这种文件。可以上传{ALLOWED}；其他格式请先另存为其中一种。")


def sniff(content: bytes, *, name: str, limits: PackageLimits) -> FileType:
    """The kind of a file; of text ``name`` tells a table (csv), and what is none of either."""
    for signature, kind in PICTURE_SIGNATURES:
        if signature.match(content):
            return kind
    if content.startswith(b"%PDF-"):
        return _pdf(content)
    if content.startswith(b"PK\x03\x04"):
        return _office(content, limits)
    if is_text(content):
        _refuse_other_names(name)
        return CSV if name.lower().endswith(CSV.suffixes) else TEXT
    raise refuse()


def _refuse_other_names(name: str) -> None:
    """Words that are named as a picture or a document are a broken one, or pretend to be one."""
    suffix = f".{name.rpartition('.')[2].lower()}"
    if any(suffix in kind.suffixes for kind in NOT_TEXT):
        raise InvalidInput(
            f"文件名以 {suffix} 结尾，内容却只是文字，可能已损坏。请打开原文件核对，重新导出后再上传。"
        )


def _pdf(content: bytes) -> FileType:
    if b"%%EOF" not in content[-PDF_END_WITHIN:]:
        raise InvalidInput("这份 PDF 不完整（缺少结尾），请重新导出后再上传。")
    return PDF


def _office(content: bytes, limits: PackageLimits) -> FileType:
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            _check_entries(package, limits)
            kind = _declared(package)
            _unfold(package, len(content), limits)
            return kind
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, zlib.error) as error:
        raise InvalidInput("这份 Office 文件已损坏，请在 Office 或 WPS 中打开并另存后再上传。") from error


def _check_entries(package: zipfile.ZipFile, limits: PackageLimits) -> None:
    entries = package.infolist()
    if len(entries) > limits.max_entries:
        raise _unfolds_too_far()
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise InvalidInput("这份文件设有密码，无法检查。请取消密码后再上传。")
    if any(entry.filename.lower().endswith("vbaproject.bin") for entry in entries):
        raise InvalidInput("这份 Office 文件带有宏，请另存为不带宏的 docx、xlsx 或 pptx 后再上传。")


def _declared(package: zipfile.ZipFile) -> FileType:
    names = set(package.namelist())
    if CONTENTS not in names:
        raise refuse()
    with package.open(CONTENTS) as part:
        contents = part.read(CONTENTS_MAX_BYTES)
    for part_name, (kind, declaration) in OFFICE_PARTS.items():
        if part_name in names and declaration in contents:
            return kind
    raise refuse()


def _unfold(package: zipfile.ZipFile, packed: int, limits: PackageLimits) -> None:
    """Unpack everything, keeping nothing: what a package says of its own sizes may be a lie."""
    most = min(limits.max_unpacked_bytes, packed * limits.max_ratio)
    unpacked = 0
    for entry in package.infolist():
        with package.open(entry) as part:
            while chunk := part.read(CHUNK):
                unpacked += len(chunk)
                if unpacked > most:
                    raise _unfolds_too_far()


def _unfolds_too_far() -> InvalidInput:
    return InvalidInput("这份 Office 文件解压后过大或内容过多，可能是压缩炸弹，未予保存。请删减后再上传。")


def is_text(content: bytes) -> bool:
    """Whether the bytes are text in UTF-8, UTF-16 (with its mark) or GB18030, without control characters."""
    encodings = ("utf-16",) if content.startswith(BYTE_ORDER_MARKS) else ("utf-8", "gb18030")
    for encoding in encodings:
        try:
            return not CONTROL.search(content.decode(encoding))
        except UnicodeDecodeError:
            continue
    return False

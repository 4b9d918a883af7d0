"""Bytes to text: the encodings that gazettes arrive in, and nothing that is not text."""

import re
import unicodedata

from gazette.parser.errors import UnreadableGazette

LINE_ENDS = re.compile(r"\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# More control characters than this share means that the bytes are no text in that encoding.
MAX_CONTROL_SHARE = 0.002
SAMPLE = 200_000


def read_text(data: bytes, *, limit_bytes: int | None = None) -> str:
    """Decode a file: UTF-8, UTF-16 or GB18030, with or without a mark; lines end in ``\\n``.

    Raises UnreadableGazette for an empty file, one above the limit, and one that is not text.
    """
    if limit_bytes is not None and len(data) > limit_bytes:
        raise UnreadableGazette(f"文件超过 {limit_bytes // 1024 // 1024} MB，请分期导入。")
    if not data.strip(b"\x00\t\n\r \xef\xbb\xbf\xff\xfe"):
        raise UnreadableGazette("文件是空的，没有可读取的内容。")
    for encoding in _likely_encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _is_text(text):
            return with_plain_line_ends(text)
    raise UnreadableGazette("文件不是文本，请提供公报的文字版（UTF-8、UTF-16 或 GB18030）。")


def with_plain_line_ends(text: str) -> str:
    """The text with every kind of line end as ``\\n``."""
    return LINE_ENDS.sub("\n", text)


def _likely_encodings(data: bytes) -> list[str]:
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return [encoding]
    if b"\x00" in data:
        return sorted(("utf-16-le", "utf-16-be"), key=lambda name: -_chinese_share(data, name))
    return ["utf-8", "gb18030"]


def _chinese_share(data: bytes, encoding: str) -> float:
    sample = data[:SAMPLE].decode(encoding, errors="replace")
    return sum("\u4e00" <= char <= "\u9fff" for char in sample) / max(len(sample), 1)


def _is_text(text: str) -> bool:
    sample = text[:SAMPLE]
    odd = sum(
        1 for char in sample if unicodedata.category(char) in ("Cc", "Cn", "Co") and char not in "\t\n\r\f\v"
    )
    return odd <= len(sample) * MAX_CONTROL_SHARE

"""Which kind of file it is, told by its first bytes and never by its name."""

import re

from gazette.parser.errors import UnreadableGazette
from gazette.parser.text import read_text as read_plain_text
from gazette.sources.own import without_additions
from gazette.sources.pdf import text_of_pdf
from gazette.sources.web import text_of_page
from gazette.sources.word import text_of_word

# A PDF may have a few bytes before its mark.
HEAD_BYTES = 1024
HTML = re.compile(
    r"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
# Kinds that are no text, with what to do about them.
FOREIGN = (
    (
        b"\xd0\xcf\x11\xe0",
        "这是旧版 Word（.doc）或加了密码的文件。请在 Word 或 WPS 里去掉密码、另存为 .docx 再导入。",
    ),
    (b"{\\rtf", "这是 RTF 文件。请在 Word 或 WPS 里另存为 .docx 再导入。"),
    (b"\xff\xd8\xff", "这是图片，没有文字。请先做文字识别，再导入识别后的文字版。"),
    (b"\x89PNG", "这是图片，没有文字。请先做文字识别，再导入识别后的文字版。"),
    (b"II*\x00", "这是图片，没有文字。请先做文字识别，再导入识别后的文字版。"),
    (b"Rar!", "这是压缩包。请解压后逐个文件导入。"),
    (b"7z\xbc\xaf", "这是压缩包。请解压后逐个文件导入。"),
)


def read_text(data: bytes, *, limit_bytes: int | None = None) -> str:
    """The text of a gazette that came as plain text, DOCX, HTML or PDF with text in it.

    Raises UnreadableGazette, with a sentence that says what to do, for everything else.
    """
    if limit_bytes is not None and len(data) > limit_bytes:
        raise UnreadableGazette(f"文件超过 {limit_bytes // 1024 // 1024} MB，请分期导入。")
    if data.startswith(b"PK\x03\x04"):
        return without_additions(text_of_word(data))
    if b"%PDF-" in data[:HEAD_BYTES]:
        return without_additions(text_of_pdf(data))
    for mark, sentence in FOREIGN:
        if data.startswith(mark):
            raise UnreadableGazette(sentence)
    text = read_plain_text(data)
    return text_of_page(text) if HTML.match(text[:HEAD_BYTES].lstrip("\ufeff")) else text

"""Files that hold no text to be read: each is refused in a sentence that says what to do."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from PIL import Image
from pypdf import PdfReader, PdfWriter

from gazette.parser.errors import UnreadableGazette
from gazette.sources import pdf, read_text, word
from printing import render_pdf
from tests.accounts import browser_of
from tests.gazette.sources.samples import as_docx, as_html, as_pdf

WORD_BODY = "word/document.xml"


def zipped(parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return made.getvalue()


def locked_pdf(password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(as_pdf("# 2023年8月大事记\n\n1日 青河市开会。\n"))))
    writer.encrypt(user_password=password, owner_password="owner", algorithm="AES-256")
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def scanned_pdf() -> bytes:
    made = io.BytesIO()
    Image.new("L", (800, 1100), 240).save(made, "PDF")
    return made.getvalue()


def picture(form: str) -> bytes:
    made = io.BytesIO()
    Image.new("L", (8, 8)).save(made, form)
    return made.getvalue()


def bomb() -> bytes:
    """Sixty megabytes of blanks in sixty kilobytes."""
    return zipped({WORD_BODY: b"<w:document>" + b" " * (60 * 1024 * 1024)})


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><d>&b;</d>"""


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (locked_pdf("secret"), ("加了密码", "去掉密码")),
        (scanned_pdf(), ("扫描件", "文字识别")),
        (as_pdf()[:2000], ("已损坏",)),
        (bomb(), ("大得不正常",)),
        (zipped({WORD_BODY: LAUGHS}), ("打不开", "另存为")),
        (zipped({WORD_BODY: b"<w:document"}), ("打不开",)),
        (zipped({"xl/workbook.xml": b"<a/>"}), ("不是 Word 文档",)),
        (as_docx()[:3000], ("打不开",)),
        (as_docx(" "), ("没有文字",)),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ("旧版 Word", ".docx")),
        (b"{\\rtf1\\ansi text}", ("RTF",)),
        (picture("PNG"), ("图片", "文字识别")),
        (picture("JPEG"), ("图片",)),
        (picture("TIFF"), ("图片",)),
        (b"Rar!\x1a\x07\x01\x00", ("压缩包",)),
        (b"<html><body><script>render()</script></body></html>", ("没有正文", "脚本")),
        (b"<!DOCTYPE html><title>x</title>", ("没有正文",)),
        (bytes(range(1, 256)) * 40, ("不是文本", "GB18030")),
        (b"", ("空的",)),
    ],
)  # fmt: skip
def test_a_file_without_readable_text_is_refused_in_a_sentence(data: bytes, words: tuple[str, ...]) -> None:
    with pytest.raises(UnreadableGazette) as refused:
        read_text(data)
    sentence = str(refused.value)
    assert all(word in sentence for word in words), sentence
    assert sentence.endswith("。")


def test_a_pdf_locked_against_changes_only_is_read() -> None:
    assert "青河市开会。" in read_text(locked_pdf(""))


def test_letters_without_an_encoding_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    page = "<html><head><title>x</title></head><body><p>" + "ĀāĂăĄąĆć" * 40 + "</p></body></html>"
    with pytest.raises(UnreadableGazette, match="乱码"):
        read_text(render_pdf(page))


@pytest.mark.parametrize(("pages", "fits"), [(2, True), (3, True), (4, False)])
def test_a_pdf_has_at_most_so_many_pages(monkeypatch: pytest.MonkeyPatch, pages: int, fits: bool) -> None:
    monkeypatch.setattr(pdf, "MOST_PAGES", 3)
    text = '<p style="break-before: page">青河市召开防汛工作调度会议，部署排水工作。</p>' * pages
    data = render_pdf(f"<html><head><title>x</title></head><body>{text}</body></html>")
    if fits:
        assert read_text(data).count("青河市") == pages
    else:
        with pytest.raises(UnreadableGazette, match="请分期导入"):
            read_text(data)


@pytest.mark.parametrize(("room", "fits"), [(-1, False), (0, True), (1, True)])
def test_what_a_word_file_unpacks_to_is_counted_and_not_believed(
    monkeypatch: pytest.MonkeyPatch, room: int, fits: bool
) -> None:
    data = as_docx()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = max(archive.getinfo(name).file_size for name in (WORD_BODY, word.STYLES, word.NUMBERS))
    monkeypatch.setattr(word, "MOST_MARKUP", size + room)
    if fits:
        assert "防汛工作调度会" in read_text(data)
    else:
        with pytest.raises(UnreadableGazette, match="大得不正常"):
            read_text(data)


def test_scripts_of_a_page_are_no_text_and_nothing_is_fetched() -> None:
    frame, image = (
        '<iframe src="http://a.invalid/"></iframe>',
        '<img src="http://a.invalid/x.png" onerror="x">',
    )
    page = as_html(around=f"<script>x</script>{frame}{{}}{image}")
    text = read_text(page.encode())
    assert "script" not in text and "invalid" not in text and "防汛工作调度会" in text


def test_the_size_of_the_file_is_limited_whatever_its_kind() -> None:
    for data in (as_docx(), as_pdf(), as_html().encode()):
        assert read_text(data, limit_bytes=len(data))
        with pytest.raises(UnreadableGazette, match="超过"):
            read_text(data, limit_bytes=len(data) - 1)


def test_the_command_says_the_sentence_and_ends_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "scan.pdf"
    file.write_bytes(scanned_pdf())
    with pytest.raises(SystemExit) as ended:
        call_command("import_gazette", str(file), "--dry-run")
    assert ended.value.code == 1
    assert capsys.readouterr().err.strip().startswith("scan.pdf：PDF 里没有文字")


@pytest.mark.django_db
def test_the_browser_shows_the_preview_of_a_word_file_and_the_sentence_of_a_scan(
    settings: Any, tmp_path: Path
) -> None:
    options = {**settings.STORAGES["default"]["OPTIONS"], "location": tmp_path}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": options}}
    editor = browser_of("editor")

    def upload(name: str, data: bytes) -> str:
        file = io.BytesIO(data)
        file.name = name
        return editor.post("/gazette/imports/new/", {"file": file}, follow=True).content.decode()

    preview = upload("公报.docx", as_docx())
    assert "防汛工作调度会" in preview and "确认" in preview
    assert "扫描件" in upload("扫描.pdf", scanned_pdf())
    assert "没有正文" in upload("公报.html", b"<html><body><script>x</script></body></html>")

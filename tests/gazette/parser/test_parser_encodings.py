"""Bytes to text: every encoding a gazette arrives in, and files that are none."""

import codecs

import pytest

from gazette.parser import parse_gazette, read_text
from gazette.parser.errors import UnreadableGazette
from gazette.parser.records import Vocabulary

SAMPLE = "# 2023年5月大事记\n\n**2日** 青河市召开春耕调度会。\n\n☆ 柳湾镇举办农民画展。\n"

ENCODED = {
    "utf-8": SAMPLE.encode(),
    "utf-8 with mark": codecs.BOM_UTF8 + SAMPLE.encode(),
    "utf-16 little endian with mark": codecs.BOM_UTF16_LE + SAMPLE.encode("utf-16-le"),
    "utf-16 big endian with mark": codecs.BOM_UTF16_BE + SAMPLE.encode("utf-16-be"),
    "utf-16 little endian without mark": (SAMPLE * 20).encode("utf-16-le"),
    "utf-16 big endian without mark": (SAMPLE * 20).encode("utf-16-be"),
    "gb18030": SAMPLE.encode("gb18030"),
    "gb18030 with four-byte characters": (SAMPLE + "☆ 𠀀村通水。\n").encode("gb18030"),
}


@pytest.mark.parametrize("name", ENCODED)
def test_an_encoding_is_recognised(name: str) -> None:
    text = read_text(ENCODED[name])
    assert text.startswith("# 2023年5月大事记")
    assert "柳湾镇举办农民画展。" in text


@pytest.mark.parametrize("ending", ["\r\n", "\r", "\n"])
def test_line_ends_of_any_system_count_the_same_lines(ending: str) -> None:
    text = read_text(SAMPLE.replace("\n", ending).encode())
    gazette = parse_gazette(text, Vocabulary())
    assert [(event.line, event.position) for event in gazette.events] == [(3, 1), (5, 2)]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \r\n\t\n",
        codecs.BOM_UTF8,
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01",
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nstream\n\x00\x01\x02\xff\xfe\x80\nendstream",
        b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00\xff\xff\x80\x81",
        bytes(range(256)) * 8,
        b"\x00" * 4096,
    ],
    ids=["empty", "blank", "mark alone", "png", "pdf", "zip", "all bytes", "zeros"],
)
def test_a_file_that_is_no_text_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(UnreadableGazette) as refusal:
        read_text(data)
    assert isinstance(refusal.value, ValueError)
    assert str(refusal.value).endswith("。")
    assert refusal.value.line is None or refusal.value.line >= 1


def test_a_file_over_the_limit_is_refused_with_the_limit() -> None:
    limit = 2 * 1024 * 1024
    with pytest.raises(UnreadableGazette, match="2 MB"):
        read_text(b"a" * (limit + 1), limit_bytes=limit)
    assert len(read_text(b"a" * limit, limit_bytes=limit)) == limit


def test_a_stray_zero_byte_does_not_turn_a_text_into_another_encoding() -> None:
    data = SAMPLE.replace("春耕", "春\x00耕").encode()
    try:
        text = read_text(data)
    except UnreadableGazette:
        return
    assert "柳湾镇举办农民画展。" in text


@pytest.mark.parametrize("text", ["", "\n\n", "没有年份的一段话。", "**2日** 青河市召开调度会。\n"])
def test_text_without_a_year_or_content_is_refused(text: str) -> None:
    with pytest.raises(UnreadableGazette) as refusal:
        parse_gazette(text, Vocabulary())
    assert any("\u4e00" <= char <= "\u9fff" for char in str(refusal.value))

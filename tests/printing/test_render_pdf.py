"""What every PDF has, whatever its page looks like."""

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from printing import Layout, fonts, press, render_pdf
from printing.press import HANDED_IN, HandedInFetcher, NotHandedIn
from tests.printing.measure import colours_of, facts_of, outline_of, picture_of, reader_of, runs_of, text_of

HEAD = (
    '<html lang="zh-CN"><head><title>青河市大事记</title><meta name="author" content="青河市人民政府办公室">'
    '<meta name="dcterms.created" content="2023-05-08"></head>'
)
PAGE = (
    HEAD
    + '<body data-running="青河市政务公报"><h1 class="title">大事记</h1><h2 class="level-1">一、总则</h2>'
    "<p>青河市召开防汛会议，部署“龙舟水”防范工作〔2023〕8号。</p></body></html>"
)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)


def test_title_author_language_and_date_stand_in_the_file() -> None:
    pdf = render_pdf(PAGE)
    facts, root = facts_of(pdf), reader_of(pdf).root_object
    assert (facts["/Title"], facts["/Author"]) == ("青河市大事记", "青河市人民政府办公室")
    assert facts["/CreationDate"] == "D:20230508"
    assert str(root["/Lang"]) == "zh-CN"


def test_headings_become_the_outline() -> None:
    title, below = outline_of(render_pdf(PAGE))
    assert title.title == "大事记"
    assert [entry.title for entry in below] == ["一、总则"]


def test_the_text_can_be_selected_and_copied_as_it_was_handed_in() -> None:
    assert "青河市召开防汛会议，部署“龙舟水”防范工作〔2023〕8号。" in text_of(render_pdf(PAGE))


@pytest.mark.parametrize("layout", list(Layout))
def test_equal_input_gives_equal_bytes(layout: Layout) -> None:
    assert render_pdf(PAGE, layout=layout) == render_pdf(PAGE, layout=layout)


def test_another_process_gives_the_same_bytes() -> None:
    program = (
        "import hashlib, sys; from printing import render_pdf; "
        "print(hashlib.sha256(render_pdf(sys.stdin.read())).hexdigest())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=PAGE,
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).resolve().parent.parent.parent,
        env={"PYTHONHASHSEED": "7", "PATH": "/usr/bin:/bin", "PYTHONUTF8": "1"},
    )
    assert done.stdout.strip() == hashlib.sha256(render_pdf(PAGE)).hexdigest()


def test_other_text_gives_another_identifier() -> None:
    one, other = (reader_of(render_pdf(page)) for page in (PAGE, PAGE.replace("8号", "9号")))
    assert one.trailer["/ID"] != other.trailer["/ID"]


# -- nothing is fetched -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/a.png",
        "https://example.org/a.css",
        "file:///etc/passwd",
        "ftp://example.org/a",
        "data:text/plain,a",
        HANDED_IN + "other.png",
        HANDED_IN + "../handed-in.invalid/a.png",
        "",
    ],
)
def test_the_fetcher_refuses_whatever_was_not_handed_in(address: str) -> None:
    with pytest.raises(NotHandedIn):
        HandedInFetcher({"a.png": PNG}).fetch(address)


def test_a_page_that_refers_to_files_and_hosts_is_printed_without_them(tmp_path: Path) -> None:
    secret = tmp_path / "secret.css"
    secret.write_text("body::after { content: '泄露的内容' }")
    body = (
        f'<link rel="stylesheet" href="{secret.as_uri()}"><style>@import url("{secret.as_uri()}");</style>'
        '<link rel="stylesheet" href="http://127.0.0.1:9/a.css"><img src="/etc/passwd">'
        f'<img src="{secret.as_uri()}"><object data="{secret.as_uri()}"></object>'
        f'<link rel="attachment" href="{secret.as_uri()}"><p>正文还在。</p>'
    )
    pdf = render_pdf(f"{HEAD}<body>{body}</body></html>")
    assert "正文还在。" in text_of(pdf) and "泄露" not in text_of(pdf)
    assert not reader_of(pdf).attachments


def test_a_picture_that_was_handed_in_is_printed() -> None:
    page = HEAD + '<body><img src="dot.png" alt=""></body></html>'
    with_picture = reader_of(render_pdf(page, resources={"dot.png": PNG})).pages[0].images
    assert len(with_picture) == 1
    assert not reader_of(render_pdf(page)).pages[0].images


# -- glyphs -----------------------------------------------------------------------------------


def fonts_of(text: str) -> set[str]:
    return {run.font for run in runs_of(render_pdf(f"{HEAD}<body><p>{text}</p></body></html>"))}


def test_a_glyph_that_the_face_lacks_comes_from_another_alone() -> None:
    # Georgian and the Arabic digit stand in none of the Chinese faces of the stack.
    found = text_of(render_pdf(f"{HEAD}<body><p>青河ა市㐂𠮷镕堃</p></body></html>"))
    assert "青河" in found and "市㐂𠮷镕堃" in found


def test_a_character_that_no_font_has_is_set_as_a_missing_sort(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_covered", lambda: ([0x4E00], [0x9FFF]))
    fonts.is_printable.cache_clear()
    try:
        assert fonts.printable("青河\ue001市\U0002ffff。") == "青河〓市〓。"
    finally:
        fonts.is_printable.cache_clear()


def test_joiners_breaks_and_marks_need_no_glyph() -> None:
    assert fonts.printable("青\u200d河\n市\t\u00a0\ufe0f") == "青\u200d河\n市\t\u00a0\ufe0f"


def test_control_characters_are_dropped_and_half_a_surrogate_pair_is_no_accident() -> None:
    page = f"{HEAD}<body><p>青\x00河\x07\ud800市</p></body></html>"
    assert "青河〓市" in text_of(render_pdf(page))


def test_no_box_is_printed_for_a_private_character() -> None:
    assert "青河〓市" in text_of(render_pdf(f"{HEAD}<body><p>青河\uf8f0市</p></body></html>"))


def test_each_level_has_its_own_face() -> None:
    page = (
        '<h2 class="level-1">一、总则</h2>'
        '<p><span class="level-2 run-in"><span class="head">（一）分工。</span></span>各单位</p>'
    )
    pdf = render_pdf(f"{HEAD}<body>{page}</body></html>")
    faces = {run.text: run.font for run in runs_of(pdf)}
    assert faces["一、总则"] == "Noto-Sans-CJK-SC"
    assert faces["（一）分工。"] == "LXGW-WenKai"
    assert faces["各单位"] in {"Noto-Serif-CJK-SC", "FandolFang"}
    assert {round(run.size, 1) for run in runs_of(pdf) if "—" not in run.text} == {16}


def test_fangsong_is_used_where_its_file_is_installed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    installed = Path("/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Light.ttf")
    if not installed.is_file():
        pytest.skip("no font here that could stand for the optional one")
    monkeypatch.setattr(fonts, "FANGSONG_FILES", (tmp_path / "absent.otf", installed))
    for cached in (fonts.fangsong_file, press.stylesheets, press.font_configuration):
        cached.cache_clear()
    try:
        assert fonts_of("正文") - {"Noto-Serif-CJK-SC"}
    finally:
        monkeypatch.undo()
        for cached in (fonts.fangsong_file, press.stylesheets, press.font_configuration):
            cached.cache_clear()


def test_what_is_not_published_says_so_on_every_page() -> None:
    body = '<div class="watermark">草稿</div>' + "<p>青河市召开会议。</p>" * 40
    pdf = render_pdf(f"{HEAD}<body>{body}</body></html>")
    reader = reader_of(pdf)
    assert len(reader.pages) == 2
    assert all("草稿" in "".join(page.extract_text().split()) for page in reader.pages)
    # Pale behind the text: it can be read over.
    picture = picture_of(pdf, dpi=50)
    assert (227, 227, 227) in colours_of(picture)

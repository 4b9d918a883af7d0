"""GB/T 9704-2012 measured on the page: type area, lines, characters, page numbers."""

import itertools

import pytest

from printing import Layout, render_pdf
from tests.printing.measure import Run, ink_box, picture_of, reader_of, run_with, runs_of

HEAD = '<html lang="zh-CN"><head><title>版式</title></head>'
MINUS = 0.207
# Every character of it fills its box, so a full line ends where the type area ends.
FULL = "国"
GRID = [Layout.GAZETTE, Layout.OFFICIAL]


def page_of(*paragraphs: str) -> str:
    return f"{HEAD}<body>{''.join(f'<p>{text}</p>' for text in paragraphs)}</body></html>"


def lines_of(pdf: bytes, page: int = 0) -> list[list[Run]]:
    """Runs of the text, those of one line together; page numbers left out."""
    lines: dict[float, list[Run]] = {}
    for run in runs_of(pdf, page):
        if 37 < run.y < 262:
            lines.setdefault(round(run.y, 1), []).append(run)
    return [lines[y] for y in sorted(lines)]


@pytest.mark.parametrize("layout", GRID)
def test_a_page_holds_22_lines_of_28_characters(layout: Layout) -> None:
    pdf = render_pdf(page_of(FULL * 28 * 30), layout=layout)
    lines = lines_of(pdf)
    assert len(lines) == 22
    assert [sum(len(run.text) for run in line) for line in lines[1:]] == [28] * 21
    assert sum(len(run.text) for run in lines[0]) == 26  # two characters in


@pytest.mark.parametrize("layout", GRID)
def test_text_is_set_in_16_points_on_lines_of_28_99_points(layout: Layout) -> None:
    first, *others = lines_of(render_pdf(page_of(FULL * 200), layout=layout))
    assert first[0].size == pytest.approx(16, abs=0.01)
    steps = [(after[0].y - before[0].y) / 25.4 * 72 for before, after in itertools.pairwise(others)]
    assert steps == [pytest.approx(28.99, abs=0.02)] * len(steps)


@pytest.mark.parametrize("layout", GRID)
def test_the_type_area_is_156_by_225_millimetres_with_the_standards_margins(layout: Layout) -> None:
    pdf = render_pdf(page_of(FULL * 28 * 30), layout=layout)
    page = reader_of(pdf).pages[0].mediabox
    assert [float(page.width), float(page.height)] == pytest.approx([595.28, 841.89], abs=0.1)
    left, top, right, bottom = ink_box(picture_of(pdf), bottom=263)
    # A glyph keeps clear of its box by up to half a millimetre, of its line by two and a half.
    assert left == pytest.approx(28, abs=0.8) and right == pytest.approx(210 - 26, abs=0.8)
    assert 37 <= top <= 37 + 3 and 262 - 3 <= bottom <= 262


@pytest.mark.parametrize("layout", GRID)
def test_paragraphs_begin_two_characters_in(layout: Layout) -> None:
    first = lines_of(render_pdf(page_of(FULL * 40), layout=layout))[0][0]
    assert first.x == pytest.approx(28 + 2 * (16 - MINUS) / 72 * 25.4, abs=0.1)


@pytest.mark.parametrize("layout", GRID)
def test_page_numbers_stand_right_on_odd_pages_and_left_on_even_ones(layout: Layout) -> None:
    pdf = render_pdf(page_of(*[FULL * 28 * 20] * 3), layout=layout)
    odd, even = run_with(pdf, "— 1 —"), run_with(pdf, "— 2 —", 1)
    assert odd.size == even.size == pytest.approx(14, abs=0.01)
    character = 14 / 72 * 25.4
    _, _, right, _ = ink_box(picture_of(pdf), top=263, bottom=285)
    left, _, _, _ = ink_box(picture_of(pdf, 1), top=263, bottom=285)
    assert right == pytest.approx(210 - 26 - character, abs=0.6)
    assert left == pytest.approx(28 + character, abs=0.6)
    assert run_with(pdf, "— 3 —", 2).x == pytest.approx(odd.x, abs=0.6)


@pytest.mark.parametrize("layout", GRID)
def test_the_dashes_of_a_page_number_are_7_millimetres_below_the_type_area(layout: Layout) -> None:
    pdf = render_pdf(page_of(FULL), layout=layout)
    left, _, right, _ = ink_box(picture_of(pdf), top=263, bottom=285)
    _, top, _, bottom = ink_box(picture_of(pdf), top=263, bottom=285, left=left, right=left + 3)
    assert (top + bottom) / 2 == pytest.approx(262 + 7, abs=0.3)
    assert right > left + 8


def test_a_hundredth_page_is_numbered_in_one_line() -> None:
    breaks = '<p style="break-before: page">国</p>' * 99
    pdf = render_pdf(f"{HEAD}<body><p>国</p>{breaks}</body></html>")
    assert len(reader_of(pdf).pages) == 100
    assert "— 100 —" in [run.text for run in runs_of(pdf, 99)]


def test_titles_are_22_points_bold_centred() -> None:
    pdf = render_pdf(f'{HEAD}<body><h1 class="title">青河市大事记</h1></body></html>')
    title = run_with(pdf, "青河市大事记")
    assert title.size == pytest.approx(22, abs=0.01) and title.font == "Noto-Serif-CJK-SC-Bold"
    left, _, right, _ = ink_box(picture_of(pdf), bottom=60)
    assert (left + right) / 2 == pytest.approx(28 + 156 / 2, abs=0.4)


def test_a_line_that_may_not_end_where_it_is_full_is_filled_by_spreading_it() -> None:
    # The 29th character is a comma: the line has to give its 28th to the next one.
    pdf = render_pdf(page_of(FULL * 26 + "，" + FULL * 60))
    picture = picture_of(pdf)
    first, second, *_ = lines_of(pdf)
    assert sum(len(run.text) for run in first) == 25
    _, _, right, _ = ink_box(picture, top=first[0].y - 4, bottom=first[0].y + 1)
    assert right == pytest.approx(210 - 26, abs=0.8)
    _, _, right, _ = ink_box(picture, top=second[0].y - 4, bottom=second[0].y + 1)
    assert right == pytest.approx(210 - 26, abs=0.8)


def test_a_line_of_several_faces_is_filled_too_and_keeps_its_words_in_order() -> None:
    text = '<span class="head">青河</span>市<span class="said">召开</span>' + FULL * 21 + "，" + FULL * 40
    pdf = render_pdf(f"{HEAD}<body><p>{text}</p></body></html>")
    line = lines_of(pdf)[0]
    assert "".join(run.text for run in line).startswith("青河市召开国国")
    assert [run.x for run in line] == sorted(run.x for run in line)
    _, _, right, _ = ink_box(picture_of(pdf), top=line[0].y - 4, bottom=line[0].y + 1)
    assert right == pytest.approx(210 - 26, abs=0.8)


def test_the_last_line_of_a_paragraph_is_left_as_it_is() -> None:
    line = lines_of(render_pdf(page_of(FULL * 5)))[0]
    assert len(line) == 1 and line[0].text == FULL * 5


def test_words_in_latin_letters_are_spaced_between_words_as_everywhere() -> None:
    pdf = render_pdf(page_of("flood response plan of the city " * 8))
    assert "flood response plan" in reader_of(pdf).pages[0].extract_text()


def test_another_face_in_a_line_does_not_move_the_lines_below() -> None:
    text = '<span class="level-2 run-in"><span class="head">（一）分工。</span></span>' + FULL * 80
    pdf = render_pdf(f"{HEAD}<body><p>{text}</p></body></html>")
    baselines = [line[0].y for line in lines_of(pdf)]
    steps = [b - a for a, b in itertools.pairwise(baselines)]
    assert steps == [pytest.approx(28.99 / 72 * 25.4, abs=0.03)] * len(steps)

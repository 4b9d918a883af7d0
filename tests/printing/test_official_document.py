"""A document issued here, measured: red head, rule, signature, annexes, imprint."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.template import engines

from printing import Layout, render_pdf
from printing.official import Imprint, OfficialDocument, RedHead
from tests.printing.measure import (
    POINT,
    colours_of,
    ink_box,
    picture_of,
    reader_of,
    rules_of,
    run_with,
    runs_of,
)

PAGE = """{% extends "printing/official.html" %}
{% block text %}<p>经研究，决定启动应急响应。</p><h2 class="level-1">一、值班</h2>{% endblock %}
{% block annexes %}{% for title in document.annexes %}<section class="annex">
<p class="annex-label">附件{{ forloop.counter }}</p><h1 class="title">{{ title }}</h1></section>{% endfor %}
{% endblock %}"""
LINE = 28.99 * POINT
LAST = 3  # text, note, two annexes
CHARACTER = (16 - 0.207) * POINT
DOCUMENT = OfficialDocument(
    head=RedHead("青河市人民政府文件", "青政发〔2023〕8号"),
    title="青河市人民政府关于启动应急响应的通知",
    issuer="青河市人民政府",
    dated=date(2023, 7, 6),
    addressees=["各街道办事处", "各成员单位"],
    annexes=["职责分工表", "值班安排"],
    note="此件公开发布",
    imprint=Imprint("青河市人民政府办公室", date(2023, 7, 7), ["市委办公室", "市人大常委会办公室"]),
)


def printed(document: OfficialDocument = DOCUMENT, **context: Any) -> bytes:
    template = engines["django"].from_string(PAGE)
    context = {"document": document, "title": document.title, "author": document.issuer, **context}
    return render_pdf(template.render(context), layout=Layout.OFFICIAL)


def test_the_issuers_mark_is_red_centred_and_begins_35_millimetres_below_the_type_areas_top() -> None:
    pdf = printed()
    picture = picture_of(pdf)
    left, top, right, _ = ink_box(picture, bottom=100)
    assert top == pytest.approx(37 + 35, abs=0.5)
    assert (left + right) / 2 == pytest.approx(28 + 78, abs=0.7)
    darkest = min(colours_of(picture.crop((int(left * 10), int(top * 10), int(right * 10), 900))), key=sum)
    assert darkest[0] > 180 and darkest[1] < 60 and darkest[2] < 60


@pytest.mark.parametrize(
    "words", ["青河市政府文件", "青河市防汛防涝抗旱指挥部办公室文件", "青" * 40 + "文件"]
)
def test_a_long_mark_is_set_smaller_and_stays_inside_the_type_area(words: str) -> None:
    pdf = printed(replace(DOCUMENT, head=RedHead(words, "青政发〔2023〕8号")))
    left, _, right, _ = ink_box(picture_of(pdf), top=60, bottom=92)
    assert left >= 28 and right <= 184
    assert run_with(pdf, words[:5]).size <= 44


def test_the_number_stands_two_lines_below_the_mark_centred() -> None:
    pdf = printed()
    mark, number = run_with(pdf, "青河市人民政府文件"), run_with(pdf, "青政发〔2023〕8号")
    assert number.size == pytest.approx(16, abs=0.01)
    # From the foot of the mark's box two empty lines, then a line with its baseline at two thirds.
    foot_of_mark = 37 + 35 + mark.size * POINT
    assert number.y - foot_of_mark == pytest.approx(2.7 * LINE, abs=1.5)
    left, _, right, _ = ink_box(picture_of(pdf), top=number.y - 5, bottom=number.y + 2)
    assert (left + right) / 2 == pytest.approx(28 + 78, abs=0.8)


def test_a_red_rule_as_wide_as_the_type_area_runs_4_millimetres_below_the_number() -> None:
    pdf = printed()
    picture = picture_of(pdf)
    (middle, thickness) = rules_of(picture, red=True)[0]
    number = run_with(pdf, "青政发〔2023〕8号")
    _, _, _, foot = ink_box(picture, top=number.y - 5, bottom=middle - 1)
    assert middle - thickness / 2 - foot == pytest.approx(4, abs=0.5)
    left, _, right, _ = ink_box(picture, top=middle - 0.2, bottom=middle + 0.2)
    assert [left, right] == pytest.approx([28, 184], abs=0.15)


def test_the_title_stands_two_lines_below_the_rule_and_the_addressees_one_line_below_it() -> None:
    pdf = printed()
    rule, _ = rules_of(picture_of(pdf), red=True)[0]
    title, to = run_with(pdf, "青河市人民政府关于"), run_with(pdf, "各街道办事处，各成员单位：")
    assert title.size == pytest.approx(22, abs=0.01)
    assert title.y - rule == pytest.approx(2 * LINE + 8.5, abs=1.2)
    assert to.x == pytest.approx(28, abs=0.1) and to.size == pytest.approx(16, abs=0.01)
    assert 1.5 * LINE < to.y - title.y < 2.3 * LINE


def test_the_signature_ends_two_characters_from_the_right_and_the_date_begins_two_further_in() -> None:
    pdf = printed()
    issuer, day = run_with(pdf, "青河市人民政府"), run_with(pdf, "2023年7月6日")
    issuer = [run for run in runs_of(pdf) if run.text == "青河市人民政府"][-1]
    _, _, right, _ = ink_box(picture_of(pdf), top=issuer.y - 5, bottom=issuer.y + 1.5)
    _, _, right_of_day, _ = ink_box(picture_of(pdf), top=day.y - 5, bottom=day.y + 1.5)
    assert max(right, right_of_day) == pytest.approx(184 - 2 * CHARACTER, abs=0.9)
    assert day.x - issuer.x == pytest.approx(2 * CHARACTER, abs=0.2)
    assert day.y - issuer.y == pytest.approx(LINE, abs=0.1)


def test_months_and_days_carry_no_zero() -> None:
    text = "".join(run.text for run in runs_of(printed()))
    assert "2023年7月6日" in text and "07月" not in text


def test_the_note_and_the_list_of_annexes_stand_two_characters_in() -> None:
    pdf = printed()
    assert run_with(pdf, "（此件公开发布）", 1).x == pytest.approx(28 + 2 * CHARACTER, abs=0.2)
    first = run_with(pdf, "附件：1.职责分工表")
    assert first.x == pytest.approx(28 + 2 * CHARACTER, abs=0.2)
    assert run_with(pdf, "2.值班安排").x == pytest.approx(28 + 5 * CHARACTER, abs=0.3)


def test_annexes_begin_pages_and_the_imprint_ends_the_last_one() -> None:
    pdf = printed()
    assert len(reader_of(pdf).pages) == LAST + 1
    assert run_with(pdf, "附件1", LAST - 1) and run_with(pdf, "附件2", LAST)
    assert not [run for page in range(LAST) for run in runs_of(pdf, page) if "抄送" in run.text]
    picture = picture_of(pdf, LAST)
    (top, thick), (_, thin), (bottom, thick_too) = rules_of(picture)
    assert [thick, thick_too] == pytest.approx([0.35, 0.35], abs=0.07)
    assert thin == pytest.approx(0.25, abs=0.07)
    assert bottom == pytest.approx(262, abs=0.4)
    left, _, right, _ = ink_box(picture, top=top - 0.1, bottom=top + 0.1)
    assert [left, right] == pytest.approx([28, 184], abs=0.15)


def test_the_imprint_is_set_in_14_points_one_character_in() -> None:
    pdf = printed()
    copies, issued = run_with(pdf, "抄送：", LAST), run_with(pdf, "青河市人民政府办公室", LAST)
    assert copies.size == issued.size == pytest.approx(14, abs=0.01)
    assert copies.x == issued.x == pytest.approx(28 + 14 * POINT, abs=0.2)
    _, _, right, _ = ink_box(picture_of(pdf, LAST), top=issued.y - 4.5, bottom=issued.y + 1)
    assert right == pytest.approx(184 - 14 * POINT, abs=0.6)


def test_a_draft_says_so_and_an_issued_document_does_not() -> None:
    draft, issued = printed(watermark="草稿"), printed()
    assert all("草稿" in "".join(page.extract_text().split()) for page in reader_of(draft).pages)
    assert not any("草" in page.extract_text() for page in reader_of(issued).pages)


def test_urgency_stands_at_the_top_left_and_a_signer_beside_the_number() -> None:
    head = RedHead("青河市人民政府文件", "青政报〔2023〕8号", signer="林某", urgency="特急")
    pdf = printed(replace(DOCUMENT, head=head))
    urgency = run_with(pdf, "特急")
    assert urgency.font == "Noto-Sans-CJK-SC" and urgency.x == pytest.approx(28, abs=0.1) and urgency.y < 47
    number, signer = run_with(pdf, "青政报〔2023〕8号"), run_with(pdf, "林某")
    assert number.x == pytest.approx(28 + CHARACTER, abs=0.3)
    assert signer.y == pytest.approx(number.y, abs=0.3) and signer.font == "LXGW-WenKai"


def test_a_document_without_annexes_imprint_note_and_date_is_printed_all_the_same() -> None:
    bare = OfficialDocument(RedHead("青河市人民政府文件", ""), "通知", "青河市人民政府", None)
    text = "".join(run.text for run in runs_of(printed(bare)))
    assert "抄送" not in text and "附件" not in text and "（）" not in text


def test_gazette_text_has_no_red_anywhere() -> None:
    template = engines["django"].from_string(
        '{% extends "printing/gazette.html" %}{% block text %}<p>正文</p>{% endblock %}'
    )
    page = template.render(
        {"title_lines": ["通知"], "source": "《青河市公报》", "number": "青政发〔2023〕8号"}
    )
    picture = picture_of(render_pdf(page), dpi=100)
    assert all(max(colour) - min(colour) < 12 for colour in colours_of(picture))
    assert not rules_of(picture_of(render_pdf(page)))

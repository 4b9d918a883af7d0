"""A document written and issued in the portal on paper: an official document of GB/T 9704-2012, measured."""

import re
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from directives.models import Annex, Directive, Roster, RosterMember
from tests.accounts import browser_of
from tests.factories import DirectiveFactory, SectionFactory
from tests.printing.measure import (
    POINT,
    colours_of,
    ink_box,
    picture_of,
    reader_of,
    rules_of,
    run_with,
    runs_of,
    text_of,
)

pytestmark = pytest.mark.django_db
TITLE = "青河市人民政府关于做好防汛工作的通知"
CHARACTER = (16 - 0.207) * POINT
LINE = 28.99 * POINT


def issued(**values: object) -> Directive:
    """A document of the portal with sections of all depths."""
    given = {"title": TITLE, "number": "青政发〔2023〕8号", "addressees": ["各街道办事处", "各有关部门"]}
    given |= {"preamble": "为做好防汛工作，通知如下。", "release_note": "此件公开发布"}
    directive: Directive = DirectiveFactory(origin=Directive.Origin.PORTAL, source="", **{**given, **values})
    SectionFactory(directive=directive, order=1, number="一", heading="总体要求", text="统一指挥。")
    SectionFactory(directive=directive, order=2, depth=2, number="（一）", heading="分工", text="各负其责。")
    SectionFactory(directive=directive, order=3, depth=3, number="1", heading="", text="每日报告。")
    SectionFactory(directive=directive, order=4, depth=4, number="（1）", heading="", text="早晚各一次。")
    return directive


def printed(directive: Directive, role: str = "anonymous") -> bytes:
    response = browser_of(role).get(f"/directives/{directive.pk}/print.pdf")
    assert response.status_code == 200, response.content.decode()
    return bytes(response.content)


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page without breaks and page number."""
    texts = ["".join(page.extract_text().split()) for page in reader_of(pdf).pages]
    return [re.sub(r"—\d+—", "", text) for text in texts]


def is_red(pdf: bytes) -> bool:
    return any(colour[0] > 180 and max(colour[1:]) < 60 for colour in colours_of(picture_of(pdf, dpi=100)))


@pytest.mark.parametrize(
    ("origin", "source", "red"),
    [
        (Directive.Origin.PORTAL, "", True),
        (Directive.Origin.PORTAL, "《青河市人民政府公报》2023年5月", False),
        (Directive.Origin.GAZETTE, "", False),
        (Directive.Origin.GAZETTE, "《青河市人民政府公报》2023年5月", False),
    ],
)
def test_only_what_is_issued_here_has_a_red_head(origin: str, source: str, red: bool) -> None:
    pdf = printed(DirectiveFactory(title=TITLE, number="青政发〔2023〕8号", origin=origin, source=source))
    assert is_red(pdf) is red
    assert bool(rules_of(picture_of(pdf), red=True)) is red
    assert ("公报文本" in text_of(pdf)) is not red
    assert ("青河市人民政府文件" in text_of(pdf)) is red


def test_the_first_page_has_head_number_rule_title_addressees_and_text_at_their_places() -> None:
    pdf = printed(issued())
    picture = picture_of(pdf)
    left, top, right, _ = ink_box(picture, bottom=100)
    assert top == pytest.approx(37 + 35, abs=0.5)
    assert (left + right) / 2 == pytest.approx(28 + 78, abs=0.7)
    number = run_with(pdf, "青政发〔2023〕8号")
    (rule, thickness), *_ = rules_of(picture, red=True)
    _, _, _, foot = ink_box(picture, top=number.y - 5, bottom=rule - 1)
    assert rule - thickness / 2 - foot == pytest.approx(4, abs=0.5)
    title = run_with(pdf, TITLE)
    assert title.size == pytest.approx(22, abs=0.01)
    assert title.y - rule == pytest.approx(2 * LINE + 8.5, abs=1.2)
    to = run_with(pdf, "各街道办事处，各有关部门：")
    assert to.x == pytest.approx(28, abs=0.1)
    text = run_with(pdf, "为做好防汛工作，通知如下。")
    assert text.x == pytest.approx(28 + 2 * CHARACTER, abs=0.2) and text.y - to.y == pytest.approx(
        LINE, abs=0.1
    )


def test_levels_have_their_faces_all_of_16_points() -> None:
    pdf = printed(issued())
    runs = [run for page in range(2) for run in runs_of(pdf, page)]
    named = {
        words: next(run for run in runs if words in run.text)
        for words in ("一、总体要求", "（一）分工。", "1.", "（1）", "各负其责。")
    }
    assert named["一、总体要求"].font == "Noto-Sans-CJK-SC" and named["（一）分工。"].font == "LXGW-WenKai"
    assert named["1."].font == named["（1）"].font == named["各负其责。"].font
    assert {round(run.size, 1) for run in named.values()} == {16}


def test_a_page_of_text_is_22_lines_of_28_characters() -> None:
    pdf = printed(issued(preamble="国" * 28 * 60))
    lines: dict[float, int] = {}
    for run in runs_of(pdf, 1):
        if 37 < run.y < 262:
            lines[round(run.y, 1)] = lines.get(round(run.y, 1), 0) + len(run.text)
    assert list(lines.values()) == [28] * 22
    left, top, right, bottom = ink_box(picture_of(pdf, 1), bottom=263)
    assert left == pytest.approx(28, abs=0.8) and right == pytest.approx(184, abs=0.8)
    assert 37 <= top <= 40 and 259 <= bottom <= 262
    assert run_with(pdf, "— 1 —").x > 150 and run_with(pdf, "— 2 —", 1).x == pytest.approx(
        28 + 14 * POINT, abs=0.6
    )


def test_signature_date_and_note_stand_below_the_text_and_the_annexes_named_above() -> None:
    directive = issued()
    Annex.objects.create(directive=directive, order=1, label="", title="职责分工表", text="水利局负责。")
    Annex.objects.create(directive=directive, order=2, label="附件2", title="值班安排", text="昼夜值班。")
    pages = pages_of(printed(directive))
    text = "".join(pages)
    order = [
        "早晚各一次。",
        "附件：1.职责分工表2.值班安排",
        "青河市人民政府2023年5月8日",
        "（此件公开发布）",
        "附件1职责分工表",
        "附件2值班安排",
    ]
    places = [text.find(words) for words in order]
    assert -1 not in places and places == sorted(places)
    starts = [next(n for n, page in enumerate(pages) if page.startswith(words)) for words in order[-2:]]
    assert starts[1] == starts[0] + 1


def test_an_enclosed_plan_begins_a_page_after_the_signature_and_names_its_annexes() -> None:
    directive = issued(plan_title="青河市防汛工作方案", plan_preamble="制定本方案。")
    Annex.objects.create(directive=directive, order=1, label="附件", title="职责分工表", text="水利局负责。")
    pages = pages_of(printed(directive))
    at = next(n for n, page in enumerate(pages) if page.startswith("青河市防汛工作方案制定本方案。"))
    assert "青河市人民政府2023年5月8日（此件公开发布）" in pages[at - 1]
    assert "附件：职责分工表" in pages[at] and "附件：" not in "".join(pages[:at])


@pytest.mark.parametrize(("lines", "text_pages"), [(1, 2), (24, 3), (46, 4)])
def test_the_imprint_stands_at_the_foot_of_the_last_even_page(lines: int, text_pages: int) -> None:
    pdf = printed(issued(preamble="国" * 28 * lines))
    pages = pages_of(pdf)
    assert len(pages) % 2 == 0 and len(pages) - text_pages in (0, 1)
    today = timezone.localdate()
    imprint = f"青河市人民政府办公室{today.year}年{today.month}月{today.day}日印发"
    assert imprint in pages[-1] and not any("印发" in page for page in pages[:-1])
    last = len(pages) - 1
    (_, thick), (bottom, thick_too) = rules_of(picture_of(pdf, last))[-2:]
    assert [thick, thick_too] == pytest.approx([0.35, 0.35], abs=0.07)
    assert bottom == pytest.approx(262, abs=0.4)
    issuer = run_with(pdf, "青河市人民政府办公室", last)
    assert issuer.size == pytest.approx(14, abs=0.01) and issuer.x == pytest.approx(28 + 14 * POINT, abs=0.2)


@pytest.mark.parametrize(
    ("publication", "mark"), [("draft", "草稿"), ("review", "草稿"), ("withdrawn", "已撤回")]
)
def test_what_is_not_before_the_public_says_so_across_every_page(publication: str, mark: str) -> None:
    pages = pages_of(printed(issued(publication=publication), "editor"))
    assert all(mark in page for page in pages)
    assert not any("印发" in page for page in pages)


def test_a_published_document_bears_no_watermark_and_nothing_the_portal_adds() -> None:
    text = text_of(printed(issued()))
    assert "草稿" not in text and "原文未印" not in text and "公报" not in text


def test_a_body_without_an_office_prints_by_itself_and_an_internal_document_says_so() -> None:
    text = text_of(printed(issued(issuer="青河市水务局", is_public=False, release_note=""), "viewer"))
    assert "青河市水务局文件" in text and "（此件不公开）" in text and "水务局办公室" not in text


def test_a_document_without_number_date_and_addressees_keeps_its_places() -> None:
    bare = issued(number="", issued_on=None, addressees=[], publication="draft")
    full = issued(publication="draft", title=f"{TITLE}")
    rules = [rules_of(picture_of(printed(one, "editor")), red=True)[0][0] for one in (bare, full)]
    assert rules[0] == pytest.approx(rules[1], abs=0.2)


def test_a_roster_of_an_issued_document_leaves_a_missing_post_empty() -> None:
    directive = issued()
    roster = Roster.objects.create(directive=directive, order=1, name="青河市防汛指挥部")
    RosterMember.objects.create(roster=roster, order=0, role="总指挥", printed_name="林某某", post="")
    text = text_of(printed(directive))
    assert "总指挥林某某" in text and "原文未印" not in text


def test_the_same_document_is_the_same_file() -> None:
    directive = issued(issued_on=date(2023, 7, 1))
    assert printed(directive) == printed(directive)


def test_a_draft_is_no_business_of_visitors() -> None:
    draft = issued(publication="draft")
    assert Client().get(f"/directives/{draft.pk}/print.pdf").status_code == 404

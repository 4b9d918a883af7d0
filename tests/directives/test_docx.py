"""A document as a Word file: read back with the library that wrote it."""

from datetime import date
from io import BytesIO
from typing import Any
from urllib.parse import quote

import docx
import pytest
from django.test import Client
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn

from directives.models import Annex, Citation, Directive, Roster, RosterMember, Stage
from tests.accounts import browser_of, person, token_for
from tests.factories import DirectiveFactory, SectionFactory

pytestmark = pytest.mark.django_db
TITLE = "青河市人民政府关于印发《青河市防汛工作方案》的通知"
KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def address(directive: Directive) -> str:
    return f"/directives/{directive.pk}/document.docx"


def written(directive: Directive, role: str = "anonymous") -> bytes:
    response = browser_of(role).get(address(directive))
    assert response.status_code == 200, response.content.decode()
    assert response["Content-Type"] == KIND
    return bytes(response.content)


def opened(directive: Directive, role: str = "anonymous") -> Any:
    return docx.Document(BytesIO(written(directive, role)))


def lines_of(document: Any) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


def paragraph_with(document: Any, words: str) -> Any:
    return next(paragraph for paragraph in document.paragraphs if words in paragraph.text)


def face_of(run: Any) -> str:
    return str(run._element.rPr.rFonts.get(qn("w:eastAsia")))


@pytest.fixture
def plan() -> Directive:
    directive: Directive = DirectiveFactory(
        title=TITLE,
        number="青政发〔2023〕8号",
        addressees=["各街道办事处", "各有关部门"],
        preamble="现印发给你们，请认真执行。",
        plan_title="青河市防汛工作方案",
        plan_preamble="为做好防汛工作，制定本方案。",
        release_note="此件公开发布",
    )
    SectionFactory(directive=directive, order=1, number="一", heading="总体要求", text="统一指挥。")
    SectionFactory(
        directive=directive, order=2, depth=2, number="（一）", heading="分工", text="各负其责。\n另起一段。"
    )
    SectionFactory(directive=directive, order=3, depth=3, number="1", heading="", text="每日报告。")
    return directive


def test_the_file_holds_the_printed_page_in_its_order(plan: Directive) -> None:
    lines = lines_of(opened(plan))
    assert lines[0].replace("\n", "") == TITLE
    assert lines[1:13] == [
        "青政发〔2023〕8号",
        "（来源：《青河市人民政府公报》2023年5月）",
        "各街道办事处，各有关部门：",
        "现印发给你们，请认真执行。",
        "2023年5月8日",
        "（此件公开发布）",
        "青河市防汛工作方案",
        "为做好防汛工作，制定本方案。",
        "一、总体要求",
        "统一指挥。",
        "（一）分工。各负其责。",
        "另起一段。",
    ]
    assert lines[13] == "1.每日报告。"


def test_levels_have_the_faces_of_official_documents_for_chinese_text(plan: Directive) -> None:
    document = opened(plan)
    assert paragraph_with(document, "总体要求").style.name == "Heading 2"
    assert face_of(paragraph_with(document, "总体要求").runs[0]) == "黑体"
    assert face_of(paragraph_with(document, "（一）分工").runs[0]) == "楷体"
    normal = document.styles["Normal"]
    assert normal.element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋" and normal.font.size.pt == 16
    heading = document.styles["Heading 2"].element.rPr.rFonts
    assert heading.get(qn("w:eastAsiaTheme")) is None and heading.get(qn("w:asciiTheme")) is None


def test_text_is_two_characters_in_and_addressees_are_flush(plan: Directive) -> None:
    document = opened(plan)
    indent = paragraph_with(document, "现印发").paragraph_format.element.pPr.ind
    assert indent.get(qn("w:firstLineChars")) == "200" and indent.firstLine.pt == 32
    assert paragraph_with(document, "各街道办事处").paragraph_format.first_line_indent is None


def test_the_page_has_the_type_area_and_page_numbers_of_the_standard(plan: Directive) -> None:
    section = opened(plan).sections[0]
    width, height = section.page_width.mm, section.page_height.mm
    assert (round(width), round(height)) == (210, 297)
    assert (round(section.top_margin.mm), round(section.left_margin.mm)) == (37, 28)
    assert round(width - section.left_margin.mm - section.right_margin.mm) == 156
    assert round(height - section.top_margin.mm - section.bottom_margin.mm) == 225
    for footer, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        assert "PAGE" in footer._element.xml and footer.paragraphs[0].alignment == side


def test_an_annex_begins_a_page_and_one_not_printed_is_only_named(plan: Directive) -> None:
    Annex.objects.create(directive=plan, order=1, label="附件1", title="职责分工", text="水利局负责。")
    Annex.objects.create(directive=plan, order=2, label="附件2", title="物资清单", printed=False)
    document = opened(plan)
    lines = lines_of(document)
    assert "附件：1.职责分工" in lines and "2.物资清单（原文未附）" in lines
    label = next(paragraph for paragraph in document.paragraphs if paragraph.text == "附件1")
    assert label.paragraph_format.page_break_before
    assert lines[lines.index("附件1") + 1 : lines.index("附件1") + 3] == ["职责分工", "水利局负责。"]
    assert "附件2" not in lines


def test_a_roster_is_a_table_that_repeats_its_head(plan: Directive) -> None:
    roster = Roster.objects.create(directive=plan, order=1, name="青河市防汛指挥部")
    for order, (role, name, post, concurrent) in enumerate(
        [("总指挥", "林海", "局长", False), ("", "林某", "", False), ("成员", "林某某", "科长", True)]
    ):
        RosterMember.objects.create(
            roster=roster, order=order, role=role, printed_name=name, post=post, concurrent=concurrent
        )
    document = opened(plan)
    (table,) = document.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["职责", "姓名", "职务"],
        ["总指挥", "林海", "局长"],
        ["成员", "林某", "原文未印"],
        ["成员", "林某某", "科长（兼）"],
    ]
    assert [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows] == [True, *[False] * 3]
    assert [round(column.width.mm) for column in table.columns] == [32, 32, 92]
    assert "青河市防汛指挥部" in lines_of(document)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2023, 5, 1), date(2023, 6, 1), "排查：2023年5月1日至2023年6月1日"),
        (date(2023, 5, 1), None, "排查：自2023年5月1日起"),
        (None, date(2023, 6, 1), "排查：至2023年6月1日"),
        (None, None, "排查：日期未印"),
    ],
)
def test_stages_stand_in_the_notes_with_their_days(
    plan: Directive, first: date | None, last: date | None, words: str
) -> None:
    Stage.objects.create(directive=plan, order=1, name="排查", starts_on=first, ends_on=last)
    lines = lines_of(opened(plan))
    assert lines[lines.index("阶段安排") + 1] == f"1. {words}"


def test_an_issuer_signs_what_no_gazette_printed_two_characters_from_the_edge(plan: Directive) -> None:
    plan.source = ""
    plan.save(update_fields=["source"])
    document = opened(plan)
    signed = next(p for p in document.paragraphs if p.text == "青河市人民政府")
    dated = next(p for p in document.paragraphs if p.text == "2023年5月8日")
    # The date, two characters in, reaches further right than the issuer.
    assert dated.paragraph_format.right_indent.pt == 32
    assert signed.paragraph_format.right_indent.pt > 32


def test_a_citation_the_reader_may_not_see_counts_as_not_held(plan: Directive) -> None:
    draft = DirectiveFactory(title="未公开的方案", publication="draft", source="内部来源")
    Citation.objects.create(directive=plan, order=1, title="未公开的方案", target=draft)
    assert "1. 《未公开的方案》（未收录）" in lines_of(opened(plan))
    assert "1. 《未公开的方案》（已收录，见内部来源）" in lines_of(opened(plan, "editor"))


@pytest.mark.parametrize(
    ("role", "statuses"),
    [("anonymous", (200, 404, 404)), ("viewer", (200, 200, 404)), ("editor", (200, 200, 200))],
)
def test_public_internal_and_draft_documents_are_for_whom_they_are_meant(
    role: str, statuses: tuple[int, ...]
) -> None:
    documents = [
        DirectiveFactory(title="公开的通知"),
        DirectiveFactory(title="内部的通知", is_public=False),
        DirectiveFactory(title="草稿通知", publication="draft"),
    ]
    answers = [browser_of(role).get(address(document)) for document in documents]
    assert tuple(answer.status_code for answer in answers) == statuses
    assert all("没有这份文件" in a.content.decode() for a in answers if a.status_code == 404)


def test_a_draft_and_an_internal_document_say_so_on_every_page() -> None:
    draft = opened(DirectiveFactory(title="通知", publication="draft"), "editor").sections[0]
    internal = opened(DirectiveFactory(title="通知", is_public=False), "viewer").sections[0]
    public = opened(DirectiveFactory(title="通知")).sections[0]
    for side in ("header", "even_page_header"):
        words = [getattr(section, side).paragraphs[0].text for section in (draft, internal, public)]
        assert "草稿" in words[0] and "不公开" in words[1]
        assert "草稿" not in words[2] and "不公开" not in words[2]


def test_a_draft_known_by_its_tag_stays_hidden_from_a_visitor() -> None:
    draft = DirectiveFactory(title="草稿通知", publication="draft")
    tag = browser_of("editor").get(address(draft))["ETag"]
    headers = {"If-None-Match": tag}
    assert browser_of("editor").get(address(draft), headers=headers).status_code == 304
    assert Client().get(address(draft), headers=headers).status_code == 404


def test_a_token_is_enough_and_the_file_has_the_title_as_its_name(plan: Directive) -> None:
    response = Client().get(address(plan), headers={"Authorization": f"Token {token_for(person('viewer'))}"})
    assert response.status_code == 200
    assert response["Content-Disposition"] == f"attachment; filename*=utf-8''{quote(TITLE)}.docx"
    assert "private" in response["Cache-Control"]


def test_the_same_document_is_the_same_file_with_its_own_facts(plan: Directive) -> None:
    assert written(plan) == written(plan)
    facts = opened(plan).core_properties
    assert (facts.title, facts.author, facts.created.date()) == (TITLE, "青河市人民政府", date(2023, 5, 8))


def test_characters_that_no_word_file_holds_are_left_out() -> None:
    directive = DirectiveFactory(title="带\x0b控制符的通知", preamble="一\x0c段\x01文字。")
    assert written(directive)[:2] == b"PK"


def test_a_document_without_text_or_date_says_what_is_missing() -> None:
    lines = lines_of(opened(DirectiveFactory(title="评审意见", number="", issued_on=None)))
    assert any("公报原文尚未导入" in line for line in lines)
    assert "发文字号、成文日期、主送机关：公报原文未印。" in lines


def test_the_page_of_a_document_offers_the_file(plan: Directive) -> None:
    assert address(plan) in Client().get(plan.get_absolute_url()).content.decode()

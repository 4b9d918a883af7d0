"""A document on paper, as gazette text."""

from datetime import date
from urllib.parse import quote

import pytest
from django.test import Client

from directives.models import Annex, Citation, Directive, Roster, RosterMember, StatusChange
from tests.accounts import browser_of, person, token_for
from tests.factories import DirectiveFactory, SectionFactory
from tests.printing.measure import (
    colours_of,
    facts_of,
    outline_of,
    picture_of,
    reader_of,
    rules_of,
    run_with,
    runs_of,
    text_of,
)

pytestmark = pytest.mark.django_db
TITLE = "青河市人民政府关于印发《青河市防汛工作方案》的通知"


def address(directive: Directive) -> str:
    return f"/directives/{directive.pk}/print.pdf"


def printed(directive: Directive, role: str = "anonymous") -> bytes:
    response = browser_of(role).get(address(directive))
    assert response.status_code == 200, response.content.decode()
    return bytes(response.content)


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
    SectionFactory(directive=directive, order=4, depth=4, number="（1）", heading="", text="早晚各一次。")
    return directive


def annex(directive: Directive, order: int, title: str, *, printed: bool = True, text: str = "") -> Annex:
    return Annex.objects.create(
        directive=directive, order=order, label=f"附件{order}", title=title, printed=printed, text=text
    )


def roster(directive: Directive, members: int, within: Annex | None = None) -> Roster:
    found = Roster.objects.create(directive=directive, annex=within, order=1, name="青河市防汛指挥部")
    for order in range(members):
        RosterMember.objects.create(
            roster=found,
            order=order,
            role="总指挥" if order == 0 else "成员",
            printed_name=f"林某{order:02d}" if order else "林海",
            post="" if order == 1 else f"第{order}局局长",
            concurrent=order == 2,
        )
    return found


def test_the_document_is_printed_in_its_order_with_all_that_stands_in_it(plan: Directive) -> None:
    text = text_of(printed(plan))
    order = [
        TITLE,
        "青政发〔2023〕8号",
        "（来源：《青河市人民政府公报》2023年5月）",
        "各街道办事处，各有关部门：",
        "现印发给你们，请认真执行。",
        "2023年5月8日",
        "（此件公开发布）",
        "青河市防汛工作方案为做好防汛工作",
        "一、总体要求统一指挥。",
        "（一）分工。各负其责。另起一段。",
        "1.每日报告。",
        "（1）早晚各一次。",
    ]
    places = [text.find(words) for words in order]
    assert -1 not in places and places == sorted(places)


@pytest.mark.parametrize(("source", "signed"), [("《青河市人民政府公报》2023年5月", False), ("", True)])
def test_the_issuer_signs_only_what_no_gazette_printed(plan: Directive, source: str, signed: bool) -> None:
    plan.source = source
    plan.save(update_fields=["source"])
    text = text_of(printed(plan))
    assert ("青河市人民政府2023年5月8日" in text) is signed and "2023年5月8日" in text


def test_annexes_named_without_numbers_get_none(plan: Directive) -> None:
    for order, title in enumerate(("职责分工", "联络方式"), 1):
        Annex.objects.create(directive=plan, order=order, label="附件", title=title, printed=False)
    assert "附件：职责分工（原文未附）联络方式（原文未附）" in text_of(printed(plan))


def test_levels_have_the_faces_of_official_documents(plan: Directive) -> None:
    pdf = printed(plan)
    assert run_with(pdf, "一、总体要求").font == "Noto-Sans-CJK-SC"
    assert run_with(pdf, "（一）分工。").font == "LXGW-WenKai"
    assert run_with(pdf, "各负其责。").font == run_with(pdf, "1.").font
    sizes = [round(run.size, 1) for run in runs_of(pdf) if "总体要求" in run.text or "每日报告" in run.text]
    assert set(sizes) == {16}


def test_the_outline_holds_title_plan_sections_and_annexes(plan: Directive) -> None:
    annex(plan, 1, "职责分工", text="水利局负责。")
    outline = outline_of(printed(plan))
    titles = [line.title for line in outline if not isinstance(line, list)]
    assert titles == [TITLE, "青河市防汛工作方案", "职责分工"]
    below = next(line for line in outline if isinstance(line, list))
    assert below[0].title == "一、总体要求" and below[1][0].title == "（一）分工"


def test_title_author_and_date_stand_in_the_file(plan: Directive) -> None:
    facts = facts_of(printed(plan))
    assert (facts["/Title"], facts["/Author"]) == (TITLE, "青河市人民政府")
    assert facts["/CreationDate"] == "D:20230508"


def test_each_printed_annex_begins_a_page_and_a_missing_one_is_named_as_missing(plan: Directive) -> None:
    annex(plan, 1, "职责分工", text="水利局负责。")
    annex(plan, 2, "物资清单", printed=False)
    annex(plan, 3, "联络方式", text="值班室见下。")
    pdf = printed(plan)
    text = text_of(pdf)
    assert "附件：1.职责分工2.物资清单（原文未附）3.联络方式" in text
    pages = ["".join(page.extract_text().split()) for page in reader_of(pdf).pages]
    starts = [next(n for n, page in enumerate(pages) if f"附件{k}" in page) for k in (1, 3)]
    assert starts[1] == starts[0] + 1
    assert not any("附件2" in page for page in pages)
    assert run_with(pdf, "附件1", starts[0]).y < 48


def test_a_roster_is_a_table_that_repeats_its_head_on_each_page(plan: Directive) -> None:
    roster(plan, 90, annex(plan, 1, "组成人员名单"))
    pages = ["".join(page.extract_text().split()) for page in reader_of(printed(plan)).pages]
    with_rows = [page for page in pages if "林某" in page]
    assert len(with_rows) > 2
    assert all(page.count("职责姓名职务") == 1 for page in with_rows)
    text = "".join(pages)
    assert all(f"林某{n:02d}" in text for n in range(1, 90))


def test_a_roster_keeps_printed_order_posts_and_marks_what_is_missing(plan: Directive) -> None:
    roster(plan, 4)
    text = text_of(printed(plan))
    assert "总指挥林海第0局局长成员林某01原文未印成员林某02第2局局长（兼）成员林某03第3局局长" in text


@pytest.mark.parametrize(("depth", "number"), [(1, "三"), (2, "（二）")])
def test_a_roster_stands_where_the_text_announces_it_on_paper_and_on_the_page(
    depth: int, number: str
) -> None:
    directive = DirectiveFactory(title="成立专班的通知")
    place = SectionFactory(
        directive=directive, order=1, depth=depth, number=number, heading="机构",
        text="成立专班，组成人员如下：\n办公室设在水利局。",
    )  # fmt: skip
    found = roster(directive, 3)
    found.section = place
    found.save(update_fields=["section"])
    page = Client().get(directive.get_absolute_url()).content.decode()
    for text in (text_of(printed(directive)), page):
        order = [text.find(words) for words in ("组成人员如下：", "林某02", "办公室设在水利局")]
        assert -1 not in order and order == sorted(order)
        assert text.count("林某02") == 1


@pytest.mark.parametrize(("depth", "number"), [(1, "一"), (2, "（一）")])
def test_a_roster_under_a_heading_of_its_own_stands_before_the_text(depth: int, number: str) -> None:
    directive = DirectiveFactory(title="成立专班的通知")
    place = SectionFactory(
        directive=directive,
        order=1,
        depth=depth,
        number=number,
        heading="组成人员",
        text="办公室设在水利局。",
    )
    found = roster(directive, 3)
    found.section = place
    found.save(update_fields=["section"])
    page = Client().get(directive.get_absolute_url()).content.decode()
    page = page[page.index('aria-label="正文"') :]
    for text in (text_of(printed(directive)), page):
        order = [text.find(words) for words in ("组成人员", "林某02", "办公室设在水利局")]
        assert -1 not in order and order == sorted(order)
        assert text.count("办公室设在水利局") == 1


def test_citations_say_whether_the_portal_holds_the_document(plan: Directive) -> None:
    held = DirectiveFactory(title="青河市应急预案", source="《青河市公报》2023年1月")
    Citation.objects.create(directive=plan, order=1, title="青河市应急预案", target=held)
    Citation.objects.create(directive=plan, order=2, title="外地条例", number="外政发〔2020〕1号")
    text = text_of(printed(plan))
    assert "1.《青河市应急预案》（已收录，见《青河市公报》2023年1月）" in text
    assert "2.《外地条例》外政发〔2020〕1号（未收录）" in text


def test_a_citation_of_a_document_that_the_reader_may_not_see_counts_as_not_held(plan: Directive) -> None:
    draft = DirectiveFactory(title="未公开的方案", publication="draft", source="内部来源")
    Citation.objects.create(directive=plan, order=1, title="未公开的方案", target=draft)
    visitor, editor = text_of(printed(plan)), text_of(printed(plan, "editor"))
    assert "（未收录）" in visitor and "内部来源" not in visitor
    assert "内部来源" in editor


def test_changes_of_the_legal_state_are_named_with_their_day(plan: Directive) -> None:
    StatusChange.objects.create(
        directive=plan, status=StatusChange.Status.REPEALED, effective_on=date(2024, 2, 3), note="新方案印发"
    )
    assert "2024年2月3日起已废止（新方案印发）" in text_of(printed(plan))


def test_facts_that_the_gazette_does_not_print_are_said_to_be_missing() -> None:
    bare = DirectiveFactory(title="评审意见", number="", issued_on=None, preamble="同意。")
    text = text_of(printed(bare))
    assert "发文字号、成文日期、主送机关：公报原文未印。" in text
    assert "年" not in text.split("同意。")[1].split("发文字号")[0]


def test_a_document_without_its_official_text_says_so() -> None:
    assert "公报原文尚未导入" in text_of(printed(DirectiveFactory(title="只有标题的通知")))


@pytest.mark.parametrize(
    ("role", "statuses"),
    [("anonymous", (200, 404, 404)), ("viewer", (200, 200, 404)), ("editor", (200, 200, 200))],
)
def test_public_internal_and_draft_documents_print_for_whom_they_are_meant(
    role: str, statuses: tuple[int, ...]
) -> None:
    documents = [
        DirectiveFactory(title="公开的通知"),
        DirectiveFactory(title="内部的通知", is_public=False),
        DirectiveFactory(title="草稿通知", publication="draft"),
    ]
    client = browser_of(role)
    answers = [client.get(address(document)) for document in documents]
    assert tuple(answer.status_code for answer in answers) == statuses
    assert all("没有这份文件" in a.content.decode() for a in answers if a.status_code == 404)


def test_a_printed_draft_says_so_and_an_internal_document_too() -> None:
    draft = text_of(printed(DirectiveFactory(title="通知", publication="draft"), "editor"))
    internal = text_of(printed(DirectiveFactory(title="通知", is_public=False), "viewer"))
    public = text_of(printed(DirectiveFactory(title="通知")))
    assert "草稿" in draft and "不公开" in internal
    assert "草稿" not in public and "不公开" not in public


def test_what_was_printed_for_an_editor_is_not_handed_to_a_visitor_with_its_tag() -> None:
    draft = DirectiveFactory(title="草稿通知", publication="draft")
    tag = browser_of("editor").get(address(draft))["ETag"]
    assert Client().get(address(draft), headers={"If-None-Match": tag}).status_code == 404


def test_a_token_is_enough_and_an_unknown_document_is_a_sentence(plan: Directive) -> None:
    token = token_for(person("viewer"))
    headers = {"Authorization": f"Token {token}"}
    response = Client().get(address(plan), headers=headers)
    assert response.status_code == 200 and quote("防汛工作方案") in response["Content-Disposition"]
    assert Client().get("/directives/999999/print.pdf", headers=headers).status_code == 404


def test_the_same_document_is_the_same_file(plan: Directive) -> None:
    assert printed(plan) == printed(plan)


def test_gazette_text_has_neither_red_head_nor_seal(plan: Directive) -> None:
    picture = picture_of(printed(plan), dpi=100)
    assert all(max(colour) - min(colour) < 12 for colour in colours_of(picture))
    assert not rules_of(picture_of(printed(plan)), red=True)


def test_the_page_of_a_document_offers_the_print(plan: Directive) -> None:
    assert address(plan) in Client().get(plan.get_absolute_url()).content.decode()

"""Misprints of a document stay as printed; on the page, on paper and in Word each says what it should be."""

import re
from datetime import date
from io import BytesIO

import docx
import pytest

from directives.models import Annex, Directive, DirectiveCorrection, Roster, RosterMember
from foundation.models import Proposal
from tests.accounts import browser_of
from tests.factories import DirectiveFactory, PersonFactory, SectionFactory
from tests.printing.measure import reader_of, run_with, runs_of

pytestmark = pytest.mark.django_db
TAG = re.compile(r"<[^>]+>")


@pytest.fixture
def directive() -> Directive:
    made: Directive = DirectiveFactory(
        title="青合市防汛方案", addressees=["水力局"], preamble="由水力局牵头，冶理河道。"
    )
    SectionFactory(directive=made, order=1, heading="冶理要求", text="先急后缓。")
    SectionFactory(directive=made, order=2, depth=2, number="（一）", heading="", text="水力局冶理支流。")
    annex = Annex.objects.create(directive=made, order=1, label="附件", title="名单", text="见下。")
    roster = Roster.objects.create(directive=made, annex=annex, order=1, name="防汛指挥部")
    meant = PersonFactory(name="吴忱东")
    people = (
        ("组长", "吴枕东", "市长", meant),
        ("副组长", "林 青", "水力局局长", PersonFactory(name="林青")),
    )
    for order, (role, name, post, person) in enumerate(people):
        RosterMember.objects.create(
            roster=roster, order=order, role=role, printed_name=name, post=post, person=person
        )
    for printed, corrected in (("水力局", "水利局"), ("冶理", "治理"), ("青合市", "青河市")):
        DirectiveCorrection.objects.create(
            directive=made,
            printed=printed,
            corrected=corrected,
            made_on=date(2023, 5, 8),
            standing=Proposal.Standing.CONFIRMED,
        )
    return made


def page_of(directive: Directive) -> str:
    return browser_of("anonymous").get(directive.get_absolute_url()).content.decode()


def paper_of(directive: Directive) -> bytes:
    return bytes(browser_of("anonymous").get(f"/directives/{directive.pk}/print.pdf").content)


def test_on_the_page_each_stands_beside_its_word_also_in_titles_headings_and_rosters(
    directive: Directive,
) -> None:
    text = " ".join(TAG.sub("", page_of(directive)).split())
    for words in (
        "青合市原文如此，应为青河市防汛方案",
        "水力局原文如此，应为水利局：",
        "一、冶理原文如此，应为治理要求",
        "水力局原文如此，应为水利局局长",
        "吴枕东原文如此，应为吴忱东",
    ):
        assert words in text
    assert "林 青原文如此" not in text


def test_on_paper_each_has_a_number_and_the_words_below_its_paragraph_in_order(directive: Directive) -> None:
    pdf = paper_of(directive)
    text = "".join("".join(page.extract_text().split()) for page in reader_of(pdf).pages)
    remarks = ["应为水利局", "应为治理", "应为治理", "应为水利局", "应为治理", "应为吴忱东", "应为水利局"]
    places = [text.find(f"{mark}原文如此，{words}") for mark, words in zip("①②③④⑤⑥⑦", remarks, strict=True)]
    assert -1 not in places and places == sorted(places)
    for words in ("水力局①牵头，冶理②河道。", "冶理③要求", "水力局④冶理⑤支流。", "吴枕东⑥", "水力局⑦局长"):
        assert words in text
    assert "⑧" not in text
    mark = next(run for page in range(2) for run in runs_of(pdf, page) if run.text == "①")
    assert mark.size == pytest.approx(9, abs=0.01)
    assert run_with(pdf, "原文如此").size == pytest.approx(10.5, abs=0.01)


def test_notices_are_listed_on_paper_also_where_nothing_else_is_noted(directive: Directive) -> None:
    Directive.objects.filter(pk=directive.pk).update(number="青政发〔2023〕8号")
    text = "".join("".join(page.extract_text().split()) for page in reader_of(paper_of(directive)).pages)
    assert "公报原文未印" not in text and "原文“青合市”应为“青河市”" in text


def test_names_in_a_document_of_the_portal_are_what_was_issued_on_the_page_too(directive: Directive) -> None:
    remark = "原文如此，应为吴忱东"
    assert remark in page_of(directive)
    Directive.objects.filter(pk=directive.pk).update(source="", origin=Directive.Origin.PORTAL)
    assert remark not in page_of(directive) and "吴枕东" in page_of(directive)


def test_an_official_document_of_the_portal_is_printed_clean(directive: Directive) -> None:
    Directive.objects.filter(pk=directive.pk).update(source="", origin=Directive.Origin.PORTAL)
    text = "".join(page.extract_text() for page in reader_of(paper_of(directive)).pages)
    assert "原文如此" not in text and "①" not in text


def test_in_word_the_numbers_are_raised_and_explained_below(directive: Directive) -> None:
    response = browser_of("anonymous").get(f"/directives/{directive.pk}/document.docx")
    paragraphs = docx.Document(BytesIO(response.content)).paragraphs
    at = next(n for n, p in enumerate(paragraphs) if p.text == "由水力局①牵头，冶理②河道。")
    assert [run.text for run in paragraphs[at].runs if run.font.superscript] == ["①", "②"]
    assert [p.text for p in paragraphs[at + 1 : at + 3]] == ["① 原文如此，应为水利局", "② 原文如此，应为治理"]
    assert any(p.text == "（一）水力局③冶理④支流。" for p in paragraphs)

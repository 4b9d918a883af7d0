"""Copies, signer and imprint of what is issued in the portal (GB/T 9704-2012): typed, compared, printed."""

from datetime import date
from io import BytesIO
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from directives.contents import read_directive
from directives.models import Annex, Directive
from foundation.models import Revision, Version
from tests.accounts import browser_of
from tests.api.world import Caller
from tests.directives.test_official_paper import CHARACTER, issued, pages_of, printed
from tests.directives.test_writing import FACTS, fields_of, write
from tests.printing.measure import POINT, ink_box, picture_of, reader_of, rules_of, run_with, text_of

pytestmark = pytest.mark.django_db
GIVEN: dict[str, Any] = {
    "number": "青政报〔2023〕8号",
    "copies_to": ["市委办公室", "市人大常委会办公室"],
    "signatory": "林某",
    "printed_by": "青河市人民政府秘书处",
    "printed_on": date(2023, 5, 10),
}
TYPED = {
    "copies_to": "市委办公室\n市委办公室\n市人大常委会办公室",
    "signatory": " 林某  白某 ",
    "printed_by": "青河市人民政府秘书处",
    "issued_on": "2023-05-08",
    "printed_on": "2023-05-10",
}


def typed(**values: str) -> Any:
    return write(browser_of("editor"), "/directives/new/", **{**FACTS, **TYPED, **values})


class TestOnPaper:
    def test_copies_stand_above_who_printed_it_between_the_rules_of_the_last_page(self) -> None:
        pdf = printed(issued(**GIVEN))
        last = len(reader_of(pdf).pages) - 1
        copies, office = run_with(pdf, "抄送：", last), run_with(pdf, "青河市人民政府秘书处", last)
        assert (
            "抄送：市委办公室，市人大常委会办公室。青河市人民政府秘书处2023年5月10日印发"
            in pages_of(pdf)[last]
        )
        assert copies.size == office.size == pytest.approx(14, abs=0.01)
        assert copies.x == office.x == pytest.approx(28 + 14 * POINT, abs=0.2)
        (top, thick), (middle, thin), (bottom, thick_too) = rules_of(picture_of(pdf, last))[-3:]
        assert [thick, thin, thick_too] == pytest.approx([0.35, 0.25, 0.35], abs=0.07)
        assert top < copies.y < middle < office.y < bottom == pytest.approx(262, abs=0.4)

    def test_the_signer_stands_beside_the_number_both_one_character_in_and_the_rule_stays(self) -> None:
        pdf = printed(issued(**GIVEN))
        number, name = run_with(pdf, "青政报〔2023〕8号"), run_with(pdf, "林某")
        assert number.x == pytest.approx(28 + CHARACTER, abs=0.3)
        assert name.y == pytest.approx(number.y, abs=0.3) and name.font == "LXGW-WenKai"
        assert run_with(pdf, "签发人：").font == number.font
        _, _, right, _ = ink_box(picture_of(pdf), top=number.y - 4, bottom=number.y + 1)
        assert right == pytest.approx(184 - CHARACTER, abs=0.8)
        plain = printed(issued(title="关于防汛的通知", number="青政发〔2023〕9号"))
        rules = [rules_of(picture_of(one), red=True)[0][0] for one in (pdf, plain)]
        assert rules[0] == pytest.approx(rules[1], abs=0.2)

    def test_without_them_the_office_and_the_day_of_signing_are_printed_and_no_signer(self) -> None:
        text = text_of(printed(issued()))
        assert "青河市人民政府办公室" in text and "抄送" not in text and "签发人" not in text

    def test_a_gazette_text_shows_none_of_it(self) -> None:
        directive = issued(**GIVEN)
        Directive.objects.filter(pk=directive.pk).update(source="《青河市人民政府公报》2023年5月")
        text = text_of(printed(directive))
        assert "抄送" not in text and "签发人" not in text and "印发" not in text

    def test_the_typed_text_is_previewed_with_them_before_it_is_saved(self) -> None:
        client = browser_of("editor")
        fields = fields_of(client.get("/directives/new/")) | FACTS | TYPED
        pdf = client.post("/directives/new/preview.pdf", fields)
        assert pdf.status_code == 200, pdf.content.decode()
        text = "".join(text_of(bytes(pdf.content)).split())
        assert "签发人：林某白某" in text and "抄送：市委办公室，市人大常委会办公室。" in text
        assert "2023年5月10日印发" in text and not Directive.objects.exists()


class TestInWord:
    def test_the_number_stands_left_the_signer_right_and_copies_above_the_office(self) -> None:
        response = browser_of("anonymous").get(f"/directives/{issued(**GIVEN).pk}/document.docx")
        file = docx.Document(BytesIO(response.content))
        line = next(p for p in file.paragraphs if "青政报" in p.text)
        assert line.text == "青政报〔2023〕8号\t签发人：林某"
        layout = line.paragraph_format
        assert layout.first_line_indent and layout.first_line_indent.pt == 16 and not layout.left_indent
        (stop,) = line.paragraph_format.tab_stops
        assert stop.position.mm == pytest.approx(156 - 16 * POINT, abs=0.1)
        fonts = [run._element.rPr.rFonts for run in line.runs if run._element.rPr is not None]
        faces = [font.get(qn("w:eastAsia")) for font in fonts if font is not None]
        assert faces == ["楷体"]
        imprint = file.tables[-1]
        assert imprint.rows[0].cells[0].text == "抄送：市委办公室，市人大常委会办公室。"
        assert [cell.text for cell in imprint.rows[1].cells] == ["青河市人民政府秘书处", "2023年5月10日印发"]


class TestTyped:
    def test_they_are_stored_once_each_and_shown_again_in_the_form(self) -> None:
        assert typed().status_code == 302
        directive = Directive.objects.get()
        assert directive.copies_to == ["市委办公室", "市人大常委会办公室"]
        assert (directive.signatory, directive.printed_by) == ("林某　白某", "青河市人民政府秘书处")
        assert directive.printed_on == date(2023, 5, 10)
        shown = fields_of(browser_of("editor").get(f"/directives/{directive.pk}/edit/"))
        assert shown["copies_to"].split() == directive.copies_to and shown["printed_on"] == "2023-05-10"
        assert shown["signatory"] == "林某　白某"

    @pytest.mark.parametrize(
        ("day", "taken"), [("2023-05-07", False), ("2023-05-08", True), ("2023-05-09", True)]
    )
    def test_nothing_is_printed_before_its_own_date(self, day: str, taken: bool) -> None:
        response = typed(printed_on=day)
        assert (response.status_code == 302) is taken
        assert taken or "印发日期早于成文日期，请核对" in response.content.decode()

    def test_a_change_is_a_version_that_can_be_compared(self) -> None:
        typed()
        directive = Directive.objects.get()
        address = f"/directives/{directive.pk}/edit/"
        response = write(
            browser_of("editor"), address, copies_to="市委办公室", printed_by="", reason="核减抄送"
        )
        assert response.status_code == 302
        page = browser_of("editor").get(f"/directives/{directive.pk}/versions/").content.decode()
        assert "抄送机关" in page and "市人大常委会办公室" in page and "印发机关" in page

    def test_a_correction_of_a_published_document_is_signed_by_another(self) -> None:
        directive = issued(**GIVEN)
        write(
            browser_of("editor"),
            f"/directives/{directive.pk}/edit/",
            signatory="白某",
            reason="更正",
            submit="1",
        )
        revision = Revision.objects.get()
        browser_of("publisher").post(
            f"/directives/{directive.pk}/revision/publish/", {"version": revision.head.number}
        )
        directive.refresh_from_db()
        assert directive.signatory == "白某" and directive.copies_to == GIVEN["copies_to"]


class TestTextsKeptBeforeTheseFields:
    def kept(self, directive: Directive) -> Version:
        content = read_directive(directive)
        for name in ("copies_to", "signatory", "printed_by", "printed_on"):
            del content[name]
        return Version.objects.create(
            owner=directive, number=1, content=content, made_at=directive.created_at
        )

    def test_one_that_says_the_same_is_the_standing_text(self) -> None:
        directive = issued(publication="draft")
        self.kept(directive)
        write(browser_of("editor"), f"/directives/{directive.pk}/edit/", title="改过的标题", reason="改题")
        assert list(Version.objects.of(directive).values_list("number", flat=True).order_by("number")) == [
            1,
            2,
        ]
        page = browser_of("editor").get(f"/directives/{directive.pk}/versions/").content.decode()
        assert "抄送机关" not in page and "签发人" not in page and "改过的标题" in page

    def test_nothing_typed_is_no_change(self) -> None:
        directive = issued()
        self.kept(directive)
        response = write(browser_of("editor"), f"/directives/{directive.pk}/edit/", reason="无改动")
        assert "没有需要保存的改动" in response.content.decode() and not Revision.objects.exists()


def test_the_page_shows_them_to_everybody_and_says_none_where_there_is_none() -> None:
    page = browser_of("anonymous").get(f"/directives/{issued(**GIVEN).pk}/").content.decode()
    for words in (
        "林某",
        "市委办公室，市人大常委会办公室",
        "青河市人民政府秘书处",
        "2023年5月10日",
        "本平台制发",
    ):
        assert words in page
    bare = issued(number="", addressees=[], release_note="", title="另一件")
    page = browser_of("anonymous").get(f"/directives/{bare.pk}/").content.decode()
    assert "青河市人民政府办公室" in page and "原文未印" not in page and "公报未印" not in page


def test_the_interface_reads_and_writes_them() -> None:
    found = Caller("anonymous").get(f"directives/{issued(**GIVEN).pk}/")
    assert found["addressees"] == ["各街道办事处", "各有关部门"]
    assert (found["signatory"], found["copies_to"]) == ("林某", GIVEN["copies_to"])
    assert (found["printed_by"], found["printed_on"]) == ("青河市人民政府秘书处", "2023-05-10")
    caller = Caller("editor").http
    sent: dict[str, Any] = {
        "title": "通知",
        "issuer": "青河市人民政府",
        "issued_on": "2023-05-08",
        "signatory": "林某",
    }
    sent |= {"copies_to": ["市委办公室"]}
    early = caller.post("/api/v1/directives/", sent | {"printed_on": "2023-05-07"}, format="json")
    assert early.status_code == 400 and "印发日期早于成文日期" in early.content.decode()
    made = caller.post("/api/v1/directives/", sent | {"printed_on": "2023-05-08"}, format="json")
    assert made.status_code == 201
    directive = Directive.objects.get(pk=made.json()["id"])
    assert (directive.copies_to, directive.printed_on) == (["市委办公室"], date(2023, 5, 8))


def test_the_page_signs_with_the_issuer_and_numbers_annexes_as_the_paper_does() -> None:
    directive = issued()
    for order, title in enumerate(("职责分工表", "值班安排"), start=1):
        Annex.objects.create(directive=directive, order=order, label="", title=title, text="见下。")
    page = browser_of("anonymous").get(f"/directives/{directive.pk}/").content.decode()
    assert '<p class="doc-signature">青河市人民政府</p>' in page
    assert '<p class="doc-annex-label">附件2</p>' in page and "附件1 职责分工表" in page
    Directive.objects.update(source="《青河市人民政府公报》2023年5月")
    page = browser_of("anonymous").get(f"/directives/{directive.pk}/").content.decode()
    assert '<p class="doc-signature">青河市人民政府</p>' not in page

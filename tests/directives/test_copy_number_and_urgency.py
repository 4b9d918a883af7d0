"""Copy number and urgency (份号, 紧急程度) of what is issued here: GB/T 9704-2012, 7.2.1, 7.2.3."""

from io import BytesIO
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from directives.contents import read_directive
from directives.models import Directive
from directives.numbers import normalised_copy_number
from foundation.errors import InvalidInput
from foundation.models import Version
from tests.accounts import browser_of
from tests.api.world import Caller
from tests.directives.test_official_paper import LINE, issued, pages_of, printed
from tests.directives.test_writing import FACTS, fields_of, write
from tests.printing.measure import ink_box, picture_of, rules_of, run_with, text_of

MARKED = {"copy_number": "000012", "urgency": "extra_urgent"}


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("", ""), (" ", ""), ("1", "000001"), ("１２", "000012"), ("000012", "000012"), ("999999", "999999")],
)
def test_a_copy_number_is_stored_in_six_digits(typed: str, stored: str) -> None:
    assert normalised_copy_number(typed) == stored


@pytest.mark.parametrize("typed", ["0", "000000", "1000000", "第12号", "-1", "1.5", "12 13"])
def test_what_counts_no_copies_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput, match="1 至 6 位数字") as refusal:
        normalised_copy_number(typed)
    assert list(refusal.value.fields) == ["copy_number"]


@pytest.mark.django_db
class TestOnPaper:
    def test_the_copy_number_is_the_first_line_and_the_urgency_the_second_both_flush_left(self) -> None:
        pdf = printed(issued(**MARKED))
        number, urgency = run_with(pdf, "000012"), run_with(pdf, "特急")
        assert number.x == urgency.x == pytest.approx(28, abs=0.1)
        assert number.size == urgency.size == pytest.approx(16, abs=0.01)
        assert urgency.font == "Noto-Sans-CJK-SC" and number.font != urgency.font
        _, top, _, _ = ink_box(picture_of(pdf), bottom=47)
        assert 37 <= top <= 41 and urgency.y - number.y == pytest.approx(LINE, abs=0.1)
        assert pages_of(pdf)[0].startswith("000012特急青河市人民政府文件")

    def test_an_urgency_alone_is_the_first_line(self) -> None:
        both, alone = printed(issued(**MARKED)), printed(issued(number="青政发〔2023〕9号", urgency="urgent"))
        assert run_with(alone, "加急").y == pytest.approx(run_with(both, "000012").y, abs=0.8)

    def test_the_mark_stays_where_it_is_without_them(self) -> None:
        rules = [
            rules_of(picture_of(printed(issued(number=f"青政发〔2023〕{place}号", **given))), red=True)[0][0]
            for place, given in enumerate(({}, MARKED, {"urgency": "urgent"}), start=1)
        ]
        assert rules == pytest.approx([rules[0]] * 3, abs=0.2)

    def test_a_gazette_text_shows_neither(self) -> None:
        directive = issued(**MARKED)
        Directive.objects.filter(pk=directive.pk).update(source="《青河市人民政府公报》2023年5月")
        text = text_of(printed(directive))
        assert "000012" not in text and "特急" not in text

    def test_in_word_they_stand_above_the_mark_which_keeps_its_place(self) -> None:
        response = browser_of("anonymous").get(f"/directives/{issued(**MARKED).pk}/document.docx")
        number, urgency, mark = docx.Document(BytesIO(response.content)).paragraphs[:3]
        assert [number.text, urgency.text, mark.text] == ["000012", "特急", "青河市人民政府文件"]
        heads: list[Any] = [number.runs[0]._element, urgency.runs[0]._element]
        faces = [head.rPr.rFonts.get(qn("w:eastAsia")) for head in heads]
        assert faces == ["仿宋", "黑体"]
        above = mark.paragraph_format.space_before
        assert above is not None and above.pt == pytest.approx(35 / 25.4 * 72 - 2 * 28.99, abs=0.1)


@pytest.mark.django_db
class TestTyped:
    def typed(self, **values: str) -> Any:
        return write(browser_of("editor"), "/directives/new/", **{**FACTS, **values})

    def test_they_are_stored_and_shown_again_in_the_form_and_on_the_page(self) -> None:
        assert self.typed(copy_number="１２", urgency="urgent").status_code == 302
        directive = Directive.objects.get()
        assert (directive.copy_number, directive.urgency) == ("000012", "urgent")
        shown = fields_of(browser_of("editor").get(f"/directives/{directive.pk}/edit/"))
        assert (shown["copy_number"], shown["urgency"]) == ("000012", "urgent")
        page = browser_of("editor").get(directive.get_absolute_url()).content.decode()
        assert "<dd>000012</dd>" in page and "<dd>加急</dd>" in page

    def test_a_wrong_number_is_told_at_its_field_and_nothing_is_stored(self) -> None:
        response = self.typed(copy_number="1234567")
        assert response.status_code == 400 and not Directive.objects.exists()
        assert "份号是 1 至 6 位数字" in response.content.decode()

    def test_without_them_the_page_names_neither(self) -> None:
        self.typed()
        page = browser_of("editor").get(Directive.objects.get().get_absolute_url()).content.decode()
        assert "份号" not in page and "紧急程度" not in page

    def test_a_change_is_compared_in_words(self) -> None:
        self.typed()
        directive = Directive.objects.get()
        write(
            browser_of("editor"),
            f"/directives/{directive.pk}/edit/",
            copy_number="3",
            urgency="extra_urgent",
            reason="补标紧急程度",
        )
        page = browser_of("editor").get(f"/directives/{directive.pk}/versions/").content.decode()
        assert "份号" in page and "000003" in page and "紧急程度" in page and "特急" in page

    def test_a_text_kept_before_there_were_such_fields_is_not_another_text(self) -> None:
        directive = issued(publication="draft")
        content = read_directive(directive)
        del content["copy_number"], content["urgency"]
        Version.objects.create(owner=directive, number=1, content=content, made_at=directive.created_at)
        write(browser_of("editor"), f"/directives/{directive.pk}/edit/", title="改过的标题", reason="改题")
        assert sorted(Version.objects.of(directive).values_list("number", flat=True)) == [1, 2]


@pytest.mark.django_db
def test_the_interface_reads_and_writes_them() -> None:
    found = Caller("anonymous").get(f"directives/{issued(**MARKED).pk}/")
    assert (found["copy_number"], found["urgency"]) == ("000012", "extra_urgent")
    caller = Caller("editor").http
    sent = {"title": "通知", "issuer": "青河市人民政府", "urgency": "urgent"}
    for wrong in ({"copy_number": "0"}, {"urgency": "soon"}):
        refused = caller.post("/api/v1/directives/", sent | wrong, format="json")
        assert refused.status_code == 400 and list(refused.json()) == list(wrong)
    made = caller.post("/api/v1/directives/", sent | {"copy_number": "7"}, format="json")
    assert made.status_code == 201
    directive = Directive.objects.get(pk=made.json()["id"])
    assert (directive.copy_number, directive.urgency) == ("000007", "urgent")

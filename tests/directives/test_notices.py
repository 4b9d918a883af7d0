"""Correction notices of documents: four eyes, beside the text, on paper, in the next issue."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from directives.models import Directive, DirectiveCorrection
from directives.printing import print_context
from directives.services import DirectiveContent, SectionContent, create_directive
from directives.services.corrections import add_notice, confirm_notice, void_notice
from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.models import AuditEntry
from organizations.services import NameDirectory
from tests.accounts import browser_of, person

pytestmark = pytest.mark.django_db
AT = datetime(2023, 6, 1, 1, 0, tzinfo=UTC)


@pytest.fixture
def directive() -> Directive:
    sections = (SectionContent(1, "一", "总体要求", "青合市各单位，见《青合办法》。"),)
    return create_directive(
        actor=None,
        at=AT,
        content=DirectiveContent(title="治水方案", issuer="青河市人民政府", sections=sections),
        publication="published",
        directory=NameDirectory(actor=None, at=AT),
    )


def register(directive: Directive, role: str | None = "editor", **values: str) -> DirectiveCorrection:
    given: dict[str, Any] = {"printed": "青合市", "corrected": "青河市"} | values
    return add_notice(actor=person(role) if role else None, at=AT, directive=directive, **given)


def page_of(directive: Directive, role: str = "anonymous") -> str:
    return browser_of(role).get(directive.get_absolute_url()).content.decode()


class TestFourEyes:
    def test_the_public_sees_a_notice_once_another_person_has_signed(self, directive: Directive) -> None:
        notice = register(directive)
        assert "应为" not in page_of(directive)
        with pytest.raises(PermissionRefused, match="没有权限签发更正"):
            confirm_notice(actor=person("editor"), at=AT, notice=notice)
        confirm_notice(actor=person("publisher"), at=AT, notice=notice)
        page = page_of(directive)
        assert "青合市</span>" in page and "原文如此，应为青河市" in page
        assert "原文“青合市”应为“青河市”" in page
        actions = AuditEntry.objects.about(directive).order_by("sequence").values_list("action", flat=True)
        assert list(actions)[-2:] == ["directive.correction", "directive.correction.confirm"]

    def test_nobody_signs_his_own(self, directive: Directive) -> None:
        notice = register(directive, "publisher")
        with pytest.raises(PermissionRefused, match="另一位签发人"):
            confirm_notice(actor=person("publisher"), at=AT, notice=notice)

    def test_it_is_dated_by_its_signature(self, directive: Directive) -> None:
        notice = register(directive)
        confirm_notice(actor=person("publisher"), at=datetime(2023, 6, 4, 16, 0, tzinfo=UTC), notice=notice)
        notice.refresh_from_db()
        assert notice.made_on == date(2023, 6, 5)

    def test_a_void_one_disappears_and_stays_on_record(self, directive: Directive) -> None:
        notice = register(directive, None)
        assert "原文如此" in page_of(directive)
        with pytest.raises(PermissionRefused):
            void_notice(actor=person("editor"), at=AT, notice=notice, reason="误")
        void_notice(actor=person("publisher"), at=AT, notice=notice, reason="原文无误")
        assert "原文如此" not in page_of(directive)
        assert directive.corrections.get().settled_reason == "原文无误"
        with pytest.raises(StateConflict, match="已作废"):
            void_notice(actor=person("publisher"), at=AT, notice=notice, reason="再来")


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            ({"printed": "没有的字"}, "文件中没有这段原文"),
            ({"corrected": "青合市"}, "与原文相同"),
            ({"corrected": "", "note": " "}, "请填写应为的文字"),
        ],
    )
    def test_a_notice_of_nothing(self, directive: Directive, values: dict[str, str], sentence: str) -> None:
        with pytest.raises(InvalidInput, match=sentence):
            register(directive, **values)
        assert not directive.corrections.exists()

    def test_the_same_words_twice_until_the_first_is_void(self, directive: Directive) -> None:
        first = register(directive)
        with pytest.raises(StateConflict, match="已登记过更正"):
            register(directive, corrected="清河市")
        void_notice(actor=person("editor"), at=AT, notice=first, reason="改写")
        assert register(directive, corrected="清河市").pk

    @pytest.mark.parametrize("printed", ["治水方案", "总体要求", "青合办法"])
    def test_every_part_of_the_document_can_be_corrected(self, directive: Directive, printed: str) -> None:
        assert register(directive, printed=printed, corrected="", note="存疑").pk


def test_the_printed_document_lists_signed_notices(directive: Directive) -> None:
    register(directive, None)
    register(directive, printed="总体要求", note="存疑")
    context = print_context(directive, person("viewer"))
    assert [notice.printed for notice in context["notices"]] == ["青合市"]
    piece = context["reading"].blocks[0].paragraphs[0]
    assert piece.text == "青合市各单位，见《青合办法》。"


class TestThePage:
    @pytest.mark.parametrize(("role", "status"), [("anonymous", 302), ("viewer", 403), ("editor", 200)])
    def test_it_is_for_the_desk(self, directive: Directive, role: str, status: int) -> None:
        assert browser_of(role).get(f"/directives/{directive.pk}/corrections/").status_code == status

    def test_an_editor_registers_and_a_publisher_signs(self, directive: Directive) -> None:
        address = f"/directives/{directive.pk}/corrections/"
        data: dict[str, Any] = {"printed": "青合市", "corrected": "青河市", "note": ""}
        assert browser_of("editor").post(address, data).status_code == 302
        notice = directive.corrections.get()
        browser_of("publisher").post(f"{address}{notice.pk}/confirm/")
        notice.refresh_from_db()
        assert notice.standing == "confirmed"
        again = browser_of("editor").post(address, data)
        assert again.status_code == 409 and "已登记过更正" in again.content.decode()

    def test_what_is_missing_is_said(self, directive: Directive) -> None:
        response = browser_of("editor").post(f"/directives/{directive.pk}/corrections/", {"printed": ""})
        assert response.status_code == 400 and "请填写原文" in response.content.decode()

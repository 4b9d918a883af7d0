"""Addresses of sections keep working after a correction."""

import pytest
from django.utils import timezone

from directives.models import Directive
from directives.services import DirectiveContent, SectionContent, create_directive, update_directive
from organizations.services import NameDirectory
from tests.accounts import browser_of

pytestmark = pytest.mark.django_db
ONE = SectionContent(1, "一", "总体要求", "各单位各负其责。")
TWO = SectionContent(1, "二", "工作任务", "疏通管网，清淘雨水井。")
THREE = SectionContent(1, "三", "保障措施", "加强督查，按月通报。")
NEW = SectionContent(1, "二", "组织领导", "成立工作专班。")


def renumbered(section: SectionContent, number: str) -> SectionContent:
    return SectionContent(section.depth, number, section.heading, section.text)


def make(*sections: SectionContent, publication: str = "published") -> Directive:
    at = timezone.now()
    return create_directive(
        actor=None,
        at=at,
        content=DirectiveContent(title="治水方案", issuer="青河市人民政府", sections=sections),
        publication=publication,
        directory=NameDirectory(actor=None, at=at),
    )


def corrected(directive: Directive, *sections: SectionContent) -> dict[str, str]:
    at = timezone.now()
    update_directive(
        actor=None,
        at=at,
        directive=directive,
        changes={"sections": sections},
        directory=NameDirectory(actor=None, at=at),
        reason="更正",
    )
    return dict(directive.sections.order_by("order").values_list("heading", "anchor"))


def test_a_section_keeps_its_anchor_when_one_comes_before_it() -> None:
    anchors = corrected(make(ONE, TWO), ONE, NEW, renumbered(TWO, "三"))
    assert anchors == {"总体要求": "s1", "组织领导": "s2-n2", "工作任务": "s2"}


def test_a_section_keeps_its_anchor_when_its_words_are_corrected() -> None:
    changed = SectionContent(1, "二", "主要任务", "疏通管网，清淘全部雨水井。")
    assert corrected(make(ONE, TWO), ONE, changed) == {"总体要求": "s1", "主要任务": "s2"}


def test_sections_keep_their_anchors_when_they_change_places() -> None:
    anchors = corrected(make(ONE, TWO), renumbered(TWO, "一"), renumbered(ONE, "二"))
    assert anchors == {"工作任务": "s2", "总体要求": "s1"}


def test_the_anchor_of_a_section_taken_out_leads_to_the_one_before_it() -> None:
    directive = make(ONE, TWO, THREE)
    assert corrected(directive, ONE, renumbered(THREE, "二")) == {"总体要求": "s1", "保障措施": "s3"}
    directive.refresh_from_db()
    assert directive.moved_anchors == {"s2": "s1"}
    page = browser_of("anonymous").get(directive.get_absolute_url()).content.decode()
    assert page.count('id="s2"') == 1
    assert page.index('id="s1"') < page.index('id="s2"') < page.index('id="s3"')


def test_an_anchor_that_led_elsewhere_is_led_on_when_that_goes_too() -> None:
    directive = make(ONE, TWO, THREE)
    corrected(directive, ONE, TWO)
    directive.refresh_from_db()
    assert directive.moved_anchors == {"s3": "s2"}
    corrected(directive, ONE)
    directive.refresh_from_db()
    assert directive.moved_anchors == {"s2": "s1", "s3": "s1"}


def test_a_gone_anchor_is_given_to_no_other_section() -> None:
    directive = make(ONE, TWO)
    corrected(directive, ONE)
    assert corrected(directive, ONE, NEW)["组织领导"] == "s2-n2"


def test_a_draft_that_was_never_public_is_numbered_by_count() -> None:
    directive = make(ONE, TWO, publication="draft")
    assert corrected(directive, ONE, NEW, renumbered(TWO, "三")) == {
        "总体要求": "s1", "组织领导": "s2", "工作任务": "s3",
    }  # fmt: skip
    directive.refresh_from_db()
    assert directive.moved_anchors == {}

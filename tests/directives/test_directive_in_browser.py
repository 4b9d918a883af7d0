"""The page of a document in a real browser: contents that follow, sheets on the phone, the citation."""

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from directives.models import Directive
from directives.services import DirectiveContent, SectionContent, create_directive
from organizations.services import NameDirectory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def directive(transactional_db: None) -> Directive:
    at = timezone.now()
    sections = tuple(
        SectionContent(1, number, f"第{number}部分", "各单位要落实。" * 200) for number in "一二三四"
    )
    return create_directive(
        actor=None,
        at=at,
        content=DirectiveContent(title="青河市治水方案", issuer="青河市人民政府", sections=sections),
        publication="published",
        directory=NameDirectory(actor=None, at=at),
    )


def test_the_contents_follow_the_reading(page: Any, live_server: Any, directive: Directive) -> None:
    page.goto(f"{live_server.url}{directive.get_absolute_url()}")
    current = page.locator("[data-toc] a[aria-current]")
    expect(current).to_have_text("一、第一部分")
    page.evaluate("document.getElementById('s3').scrollIntoView({behavior: 'instant'})")
    expect(current).to_have_text("三、第三部分")


def test_on_the_phone_the_contents_are_a_sheet_that_closes_by_itself(
    page: Any, live_server: Any, directive: Directive
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_server.url}{directive.get_absolute_url()}")
    contents = page.locator("[data-toc]")
    assert not contents.is_visible()
    page.get_by_role("button", name="目录").click()
    assert contents.is_visible()
    contents.get_by_text("四、第四部分").click()
    assert not contents.is_visible()
    assert page.url.endswith("#s4")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_citation_is_shown_even_where_copying_is_refused(
    page: Any, live_server: Any, directive: Directive
) -> None:
    page.goto(f"{live_server.url}{directive.get_absolute_url()}")
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }")
    page.get_by_text("复制引文").click()
    assert page.locator("[data-citation-text]").inner_text() == "《青河市治水方案》（青河市人民政府）"
    expect(page.locator("[data-citation] [role=status]")).to_contain_text("选中")


def test_on_the_phone_the_citation_of_a_visitor_stays_on_the_screen(
    page: Any, live_server: Any, directive: Directive
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_server.url}{directive.get_absolute_url()}")
    page.get_by_text("复制引文").click()
    box = page.locator("[data-citation-text]").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

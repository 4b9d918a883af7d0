"""Writing a document in a real browser: by keyboard, on the phone, and after the page was lost."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from directives.models import Directive
from directives.services import DirectiveContent, SectionContent, create_directive
from organizations.services import NameDirectory
from tests.accounts import person
from tests.directives.test_notices import AT

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def directive(transactional_db: None) -> Directive:
    sections = (
        SectionContent(1, "一", "总体要求", "各负其责。"),
        SectionContent(1, "二", "组织领导", "成立专班。"),
    )
    return create_directive(
        actor=None,
        at=AT,
        content=DirectiveContent(title="治水方案", issuer="青河市人民政府", sections=sections),
        publication="draft",
        directory=NameDirectory(actor=None, at=AT),
    )


@pytest.fixture
def desk(page: Any, live_server: Any, directive: Directive) -> Any:
    client = Client()
    client.force_login(person("editor"))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page.goto(f"{live_server.url}/directives/{directive.pk}/edit/")
    return page


def test_parts_are_moved_and_added_by_keyboard(desk: Any, directive: Directive) -> None:
    desk.locator("button[value='section:down:s1']").press("Enter")
    expect(desk.locator("[name=section-0-heading]")).to_have_value("组织领导")
    expect(desk.locator("button[value='section:up:s1']")).to_be_focused()
    desk.locator("button[value='section:add:s1']").press("Enter")
    desk.locator("[name=section-2-heading]").fill("保障措施")
    desk.locator("[name=reason]").fill("调整次序")
    desk.locator("button[name=save]").press("Enter")
    expect(desk.locator(".notice-success")).to_contain_text("已保存")
    headings = list(directive.sections.order_by("order").values_list("heading", flat=True))
    assert headings == ["组织领导", "总体要求", "保障措施"]


def test_return_in_a_field_saves_nothing_and_loses_nothing(desk: Any, directive: Directive) -> None:
    desk.locator("[name=title]").fill("新题")
    desk.locator("[name=title]").press("Enter")
    expect(desk.locator("[name=title]")).to_have_value("新题")
    directive.refresh_from_db()
    assert directive.title == "治水方案"


def test_what_was_typed_comes_back_after_the_page_was_lost_rows_and_all(
    desk: Any, directive: Directive
) -> None:
    address = desk.url
    desk.locator("button[value='section:add:s2']").click()
    desk.locator("[name=section-2-heading]").fill("写了一半")
    desk.goto("about:blank")
    desk.goto(address)
    expect(desk.locator("[name=section-2-heading]")).to_have_count(0)
    desk.get_by_role("button", name="找回").click()
    expect(desk.locator("[name=section-2-heading]")).to_have_value("写了一半")
    desk.locator("[name=reason]").fill("补写")
    desk.locator("button[name=save]").click()
    expect(desk.locator(".notice-success")).to_contain_text("已保存")
    desk.wait_for_load_state()
    desk.goto(address)
    assert not desk.get_by_role("button", name="找回").is_visible()
    assert directive.sections.count() == 3


def test_the_phone_shows_the_form_without_scrolling_sideways(desk: Any) -> None:
    desk.set_viewport_size({"width": 390, "height": 844})
    assert desk.evaluate("document.documentElement.scrollWidth") <= 390

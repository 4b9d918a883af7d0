"""Writing in a browser: what was typed outlives a lost connection, and is forgotten once it is saved."""

import re
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from events.models import Event
from tests.accounts import person
from tests.browsers import enter
from tests.factories import EventFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def desk(page: Page, live_server: Any) -> Page:
    """An editor's browser, with the failures of the page."""
    enter(page.context, live_server.url, person("editor"))
    page.goto(live_server.url + reverse("events:new"))
    return page


def test_what_was_typed_is_found_again_until_it_is_saved(desk: Page) -> None:
    desk.fill("[name=start_date]", "2031-08-03")
    desk.fill("[name=text]", "青河市召开防汛会议。")
    address = desk.url
    desk.context.set_offline(True)
    desk.get_by_role("button", name="保存草稿").click()
    desk.context.set_offline(False)
    desk.goto(address)
    expect(desk.locator("[name=text]")).to_have_value("青河市召开防汛会议。")
    expect(desk.locator("[data-kept]")).to_contain_text("已找回")
    assert not Event.objects.exists()
    desk.get_by_role("button", name="保存草稿").click()
    expect(desk).to_have_url(re.compile(r"/events/entries/\d+/$"))
    expect(desk.locator(".notice-success")).to_contain_text("已存为草稿")
    desk.goto(address)
    expect(desk.locator("[name=text]")).to_have_value("")
    expect(desk.locator("[data-kept]")).to_be_hidden()


def test_what_was_found_again_can_be_let_go(desk: Page) -> None:
    desk.fill("[name=text]", "青河市召开防汛会议。")
    desk.reload()
    desk.get_by_role("button", name="放弃找回的内容").click()
    expect(desk.locator("[name=text]")).to_have_value("")
    desk.reload()
    expect(desk.locator("[name=text]")).to_have_value("")


def test_a_form_kept_before_another_persons_change_says_so(desk: Page, live_server: Any) -> None:
    event = EventFactory(publication="draft", text="甲会议召开。")
    address = live_server.url + reverse("events:edit", args=[event.pk])
    desk.goto(address)
    desk.fill("[name=text]", "乙会议召开。")
    Event.objects.filter(pk=event.pk).update(text="丙会议召开。")
    desk.goto(address)
    expect(desk.locator("[name=text]")).to_have_value("乙会议召开。")
    expect(desk.locator("[data-kept]")).to_contain_text("平台中的文本已有变动")
    desk.fill("[name=reason]", "订正")
    desk.get_by_role("button", name="保存草稿").click()
    both = desk.locator(".edit-both")
    expect(both).to_contain_text("乙会议召开。")
    expect(both).to_contain_text("丙会议召开。")
    assert Event.objects.get().text == "丙会议召开。"


def test_it_fits_a_phone(desk: Page) -> None:
    desk.set_viewport_size({"width": 390, "height": 844})
    assert desk.evaluate("document.documentElement.scrollWidth") == 390

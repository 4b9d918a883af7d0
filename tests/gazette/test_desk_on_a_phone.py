"""Pages of the editors' desk on a phone: nothing is wider than the screen or pressed into a column."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from gazette.names.merging import propose_merge
from tests.accounts import person
from tests.browsers import enter
from tests.factories import DepartmentFactory, TopicFactory

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2031, 9, 1, 1, 0, tzinfo=UTC)
WIDTH = 390
LINE = 30


@pytest.fixture
def phone(page: Page, live_server: Any) -> Page:
    page.set_viewport_size({"width": WIDTH, "height": 844})
    enter(page.context, live_server.url, person("editor"))
    return page


def test_the_names_of_many_topics_flow_like_a_sentence(phone: Page, live_server: Any) -> None:
    for number in range(16):
        TopicFactory(name=f"农牧业与乡村振兴{number}")
    phone.goto(live_server.url + reverse("events:topic_rules"))
    expect(phone.locator("html")).to_have_js_property("scrollWidth", WIDTH)
    names = phone.locator(".topic-names a")
    expect(names).to_have_count(16)
    box = names.nth(1).bounding_box()
    assert box and box["width"] > 100 and box["height"] < 2 * LINE


def test_a_merge_stands_above_who_proposed_it(phone: Page, live_server: Any) -> None:
    source, target = DepartmentFactory(name="市住房保障服务中心"), DepartmentFactory(name="住房和城乡建设局")
    propose_merge(actor=person("editor"), at=AT, source=source, target=target, reason="机构改革方案")
    phone.goto(live_server.url + reverse("gazette:merges"))
    expect(phone.locator("html")).to_have_js_property("scrollWidth", WIDTH)
    link = phone.get_by_role("link", name="市住房保障服务中心 并入 住房和城乡建设局")
    name, who = link.bounding_box(), phone.locator(".count-list span").bounding_box()
    assert name and who and who["y"] >= name["y"] + name["height"] - 1 and name["height"] < 3 * LINE

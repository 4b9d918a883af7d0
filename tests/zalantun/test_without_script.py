"""No script is needed: a browser that runs none reads, searches, signs in, declares and reports.

A script that fails to arrive at three in the morning must not keep anybody from
acting; what scripts add (live screens, kept words, dialogs) is tested elsewhere.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from events.models import Event
from floodresponse.models import Incident, LevelRecord
from organizations.models import User
from taskboard.models import ProgressReport, Task
from tests.accounts import person
from tests.browsers import enter
from tests.factories import DirectiveFactory, EventFactory, SectionFactory, UserFactory
from tests.floodresponse.city import make_plan
from tests.floodresponse.reporting import build_city
from tests.taskboard.campaign import campaign

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
REASON = "雨势持续，提前处置值守。"


@pytest.fixture(params=[1280, 390])
def plain(browser: Browser, live_server: Any, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A browser with its scripts switched off, at a desk and on a phone."""
    context = browser.new_context(
        java_script_enabled=False,
        base_url=live_server.url,
        viewport={"width": request.param, "height": 844},
        locale="zh-CN",
    )
    yield context
    context.close()


def page_of(context: BrowserContext, live_server: Any, user: User) -> Page:
    """A page of somebody who has signed in."""
    enter(context, live_server.url, user)
    return context.new_page()


def test_a_visitor_reads_and_finds(plain: BrowserContext) -> None:
    event: Event = EventFactory(text="青河公园开园，市民入园参观。")
    directive = DirectiveFactory(title="青河市防汛值守通知")
    SectionFactory(directive=directive, number="一", heading="值守安排", text="汛期全天值守。")
    page = plain.new_page()
    month = f"/events/{event.start_date:%Y/%m}/"
    for path, words in (
        ("/", "青河公园开园"),
        (month, "青河公园开园"),
        (event.get_absolute_url(), "市民入园参观"),
        (directive.get_absolute_url(), "汛期全天值守"),
        ("/flood/", "未启动"),
    ):
        page.goto(path)
        expect(page.locator("#content").get_by_text(words).first).to_be_visible()
    page.goto("/search/")
    page.locator("#content [name=q]").fill("值守")
    page.locator("#content [name=q]").press("Enter")
    page.locator("#content").get_by_role("link", name="青河市防汛值守通知").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("青河市防汛值守通知")


def test_signing_in_and_changing_to_larger_text(plain: BrowserContext, transactional_db: None) -> None:
    user: User = UserFactory(username="clerk", role="viewer")
    page = plain.new_page()
    page.goto("/accounts/login/")
    page.get_by_label("用户名").fill(user.username)
    page.get_by_label("密码", exact=True).fill("Str0ng-enough-9")
    page.locator("form.account-card button").click()
    expect(page.locator(".account")).to_be_visible()
    page.get_by_role("button", name="长者模式").click()
    expect(page.locator("html.larger")).to_have_count(1)


def test_an_officer_signs_and_reports(
    plain: BrowserContext, live_server: Any, transactional_db: None
) -> None:
    world = campaign()
    task = world.task("issued", title="清掏排水沟")
    page = page_of(plain, live_server, world.lead)
    page.goto(task.get_absolute_url())
    page.get_by_role("button", name="签收", exact=True).click()
    expect(page.locator(".notice-success")).to_contain_text("已签收")
    form = page.locator("#step-progress")
    form.locator("summary").click()
    form.get_by_label("进度（%）", exact=True).fill("60")
    form.get_by_label("进展", exact=True).fill("已清掏六成")
    form.locator("button").click()
    expect(page.locator(".notice-success")).to_contain_text("进展已报送")
    assert Task.objects.get(pk=task.pk).percent == 60
    assert ProgressReport.objects.get().text == "已清掏六成"


def test_a_street_reports_an_incident(
    plain: BrowserContext, live_server: Any, transactional_db: None
) -> None:
    city = build_city()
    page = page_of(plain, live_server, city.street_officer)
    page.goto("/flood/incidents/new/")
    page.locator("[name=location]").fill("柳桥下")
    page.locator("#content form button[type=submit]").last.click()
    expect(page.locator(".notice-success").first).to_be_visible()
    assert Incident.objects.get().location == "柳桥下"


def test_a_commander_declares_and_sees_it(
    plain: BrowserContext, live_server: Any, transactional_db: None
) -> None:
    make_plan()
    page = page_of(plain, live_server, person("commander"))
    page.goto("/flood/")
    page.get_by_role("link", name="启动响应").click()
    page.locator("[name=level][value='3']").check(force=True)
    page.locator("[name=reason]").fill(REASON)
    page.locator("#content form button[type=submit]").last.click()
    expect(page.locator("#content")).to_contain_text("III级")
    assert LevelRecord.objects.get().level == 3

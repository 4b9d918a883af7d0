"""The supervisor's desk in a real browser, on a phone and at a desk: urging, reviewing, a bulletin."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from taskboard.models import Bulletin, Task, Urging
from tests.taskboard.campaign import Campaign, campaign
from tests.taskboard.test_campaign_in_browser import enter

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
WIDTHS = pytest.mark.parametrize("width", [390, 1280])
DESK, RANKING, BULLETINS = "/tasks/desk/", "/tasks/ranking/", "/tasks/bulletins/"


@pytest.fixture
def world(transactional_db: None) -> Campaign:
    return campaign()


def fits(page: Page, width: int) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth") <= width)


@WIDTHS
def test_a_result_is_reviewed_and_a_lead_is_urged_without_leaving_the_desk(
    page: Page, live_server: Any, world: Campaign, width: int
) -> None:
    good, bad = world.task("submitted", title="清掏甲沟"), world.task("submitted", title="清掏乙沟")
    late = world.task("in_progress", title="更换老化阀门" * 5)
    Task.objects.filter(pk=late.pk).update(due_on=timezone.localdate() - timedelta(days=3))
    page.set_viewport_size({"width": width, "height": 844})
    enter(page, live_server, world, "supervisor", "/tasks/")
    page.get_by_role("link", name="督查工作台").click()
    expect(page.locator("h1")).to_have_text("督查工作台")
    assert fits(page, width)

    row = page.locator("#queue-review + .desk-rows > li", has_text="清掏甲沟")
    row.locator("summary").click()
    row.get_by_role("button", name="办结").click()
    expect(page.locator(".notice-success")).to_contain_text("已办结")
    row = page.locator("#queue-review + .desk-rows > li", has_text="清掏乙沟")
    row.locator("summary").click()
    row.get_by_label("退回理由").fill("缺照片")
    row.get_by_role("button", name="退回").click()
    expect(page.locator(".notice-success")).to_contain_text("已退回")
    assert Task.objects.get(pk=good.pk).state == "closed"
    assert Task.objects.get(pk=bad.pk).state == "returned"

    row = page.locator("#queue-overdue + .desk-rows > li").first
    row.locator("summary").click()
    row.get_by_label("催办内容").fill("今天下班前报进展")
    assert fits(page, width)
    row.get_by_role("button", name="发出催办").click()
    expect(page.locator(".notice-success")).to_contain_text("已催办 1 项")
    expect(page.locator("#queue-overdue + .desk-rows")).to_contain_text("已催办 1 次")
    assert Urging.objects.get().text == "今天下班前报进展"


@WIDTHS
def test_several_are_chosen_and_urged_at_once_by_keyboard(
    page: Page, live_server: Any, world: Campaign, width: int
) -> None:
    for n in range(3):
        world.task("issued", title=f"第{n}项")
    page.set_viewport_size({"width": width, "height": 844})
    enter(page, live_server, world, "supervisor", f"{DESK}?queue=unsigned")
    bar = page.locator(".desk-bulk")
    expect(bar).to_be_hidden()
    for box in page.locator(".desk-pick input").all()[:2]:
        box.focus()
        page.keyboard.press("Space")
    expect(bar).to_contain_text("已选 2 项")
    assert fits(page, width)
    bar.get_by_role("button", name="催办所选").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".notice-success")).to_contain_text("已催办 2 项")
    assert Urging.objects.count() == 2


@WIDTHS
def test_a_bulletin_goes_from_the_desk_to_the_signer(
    page: Page, live_server: Any, world: Campaign, width: int
) -> None:
    world.task("closed")
    page.set_viewport_size({"width": width, "height": 844})
    enter(page, live_server, world, "supervisor", DESK)
    page.get_by_role("link", name="通报", exact=True).click()
    page.get_by_role("link", name="起草通报").click()
    page.get_by_role("button", name="取数并写初稿").click()
    expect(page.locator(".notice-success")).to_contain_text("写出草稿")
    page.get_by_role("link", name="修改").click()
    page.locator("#b-closing").fill("请各部门抓紧落实。")
    assert fits(page, width)
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".bulletin-text")).to_contain_text("请各部门抓紧落实。")
    page.get_by_role("button", name="提交签发").click()
    expect(page.locator(".task-status")).to_contain_text("待签发")

    path = Bulletin.objects.get().get_absolute_url()
    enter(page, live_server, world, "publisher", path)
    page.get_by_role("button", name="签发发布").click()
    expect(page.locator(".task-status")).to_contain_text("1号")
    assert fits(page, width)
    enter(page, live_server, world, "outsider", "/tasks/")
    expect(page.get_by_role("link", name="督查工作台")).to_have_count(0)
    page.get_by_role("link", name="通报", exact=True).click()
    expect(page.locator(".bulletin-rows")).to_contain_text("任务办理情况的通报")


@WIDTHS
def test_the_pages_fit_with_long_names(page: Page, live_server: Any, world: Campaign, width: int) -> None:
    world.task("issued", title="更换老化阀门" * 8, part="六、攻坚强化供水供暖供气监管")
    page.set_viewport_size({"width": width, "height": 844})
    for path in (DESK, f"{DESK}?queue=unsigned", RANKING, f"{RANKING}weights/", BULLETINS):
        enter(page, live_server, world, "supervisor", path)
        assert fits(page, width), path
        assert page.locator("h1").count() == 1

"""Supervision in a real browser: looked back at, put right on a phone, listed and taken off."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, ViewportSize, expect

from taskboard.models import Finding, Inspection, Listing, LookBack, Task
from tests.browsers import enter as let_in
from tests.taskboard.campaign import PDF, Campaign, campaign

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
WIDE, PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=390, height=844)


@pytest.fixture
def world(transactional_db: None) -> Campaign:
    return campaign()


@pytest.fixture
def receipt(tmp_path: Path) -> Path:
    path = tmp_path / "回执.pdf"
    path.write_bytes(PDF)
    return path


def enter(page: Page, live_server: Any, world: Campaign, name: str, path: str) -> None:
    page.context.clear_cookies()
    let_in(page.context, live_server.url, world.people[name])
    page.goto(live_server.url + path)


def panel(page: Page, word: str) -> Any:
    """The step with this button, opened."""
    found = page.locator("details.ledger-step").filter(has=page.locator("summary", has_text=word))
    if found.get_attribute("open") is None:
        found.locator("summary").click()
    return found


def press(page: Page, word: str, typed: dict[str, str], file: Path | None = None) -> None:
    found = panel(page, word)
    for label, value in typed.items():
        found.get_by_label(label).fill(value)
    if file is not None:
        found.locator('input[type="file"]').set_input_files(file)
    found.get_by_role("button", name=word, exact=True).click()


def fits(page: Page) -> bool:
    """Nothing runs out of the screen."""
    wide = page.evaluate("() => document.documentElement.scrollWidth")
    return bool(wide <= page.evaluate("() => document.documentElement.clientWidth"))


def look_back(world: Campaign) -> LookBack:
    """One that falls due today."""
    task, today = world.task("closed", title="清掏排水沟"), timezone.localdate()
    return LookBack.objects.create(
        task=task,
        closing=task.transitions.get(action="close"),
        closed_on=today - timedelta(days=30),
        days=30,
        due_on=today,
        opened_at=timezone.now(),
    )


def test_a_look_back_is_put_right_on_a_phone(
    page: Page, live_server: Any, world: Campaign, receipt: Path
) -> None:
    row = look_back(world)
    soon = timezone.localdate() + timedelta(days=5)
    enter(page, live_server, world, "supervisor", "/tasks/lookbacks/")
    page.get_by_role("link", name="清掏排水沟").click()
    press(page, "限期整改", {"发现的问题": "井盖缺失", "整改期限": soon.isoformat()})
    expect(page.locator(".notice-success")).to_contain_text("已下达限期整改")

    page.set_viewport_size(PHONE)
    enter(page, live_server, world, "lead", "/tasks/mine/")
    page.get_by_role("link", name="井盖缺失").click()
    expect(page.get_by_text("整改中").first).to_be_visible()
    assert fits(page)
    press(page, "报送整改", {"整改情况": "已补井盖"})
    expect(page.locator(".ledger-error")).to_contain_text("请附上整改佐证")
    expect(panel(page, "报送整改").get_by_label("整改情况")).to_have_value("已补井盖")
    press(page, "报送整改", {}, receipt)
    expect(page.locator(".notice-success")).to_contain_text("已报送")

    page.set_viewport_size(WIDE)
    enter(page, live_server, world, "supervisor", Finding.objects.get().get_absolute_url())
    press(page, "确认整改", {"确认意见": "属实"})
    expect(page.locator(".task-status")).to_contain_text("整改完成")
    row.refresh_from_db()
    assert row.state == LookBack.State.RECTIFIED


def test_a_task_is_listed_and_taken_off_with_evidence(
    page: Page, live_server: Any, world: Campaign, receipt: Path
) -> None:
    task: Task = world.task("in_progress", title="清掏排水沟")
    soon = timezone.localdate() + timedelta(days=20)
    enter(page, live_server, world, "supervisor", task.get_absolute_url())
    page.get_by_role("link", name="挂牌督办").click()
    page.get_by_label("督办要求").fill("两个月没有进展")
    page.get_by_label("责任领导").fill("林副市长")
    page.get_by_label("办结期限").fill(soon.isoformat())
    page.get_by_role("button", name="挂牌").click()
    expect(page.locator(".task-status")).to_contain_text("挂牌中")

    page.set_viewport_size(PHONE)
    enter(page, live_server, world, "lead", "/tasks/listed/")
    assert fits(page)
    page.get_by_role("link", name="清掏排水沟").click()
    press(page, "报送办理情况", {"办理情况": "已进场"})
    expect(page.locator(".ledger-events")).to_contain_text("已进场")

    enter(page, live_server, world, "supervisor", Listing.objects.get().get_absolute_url())
    press(page, "摘牌", {"摘牌的理由": "已完成"})
    expect(page.locator(".ledger-error")).to_contain_text("请附上摘牌佐证")
    press(page, "摘牌", {}, receipt)
    expect(page.locator(".task-status")).to_contain_text("已摘牌")
    assert fits(page)


def test_an_inspection_is_set_up_and_signed_by_its_departments(
    page: Page, live_server: Any, world: Campaign
) -> None:
    today = timezone.localdate()
    enter(page, live_server, world, "supervisor", "/tasks/inspections/")
    page.get_by_role("link", name="组织专项检查").click()
    page.get_by_label("检查名称").fill("排水专项检查")
    page.get_by_label("检查内容").fill("看管沟")
    page.get_by_label("牵头部门").select_option(label="电力局")
    page.get_by_label("参加部门（可多选）").select_option(label="水务局")
    page.get_by_label("开始日期").fill(today.isoformat())
    page.get_by_label("结束日期").fill(today.isoformat())
    page.get_by_role("button", name="建立").click()
    expect(page.locator(".page-title")).to_have_text("排水专项检查")

    path = Inspection.objects.get().get_absolute_url()
    enter(page, live_server, world, "supporter", path)
    panel(page, "登记问题").get_by_label("整改单位").select_option(label="林草局")
    press(page, "登记问题", {"发现的问题": "树根堵管", "整改期限": today.isoformat()})
    expect(page.get_by_role("link", name="树根堵管")).to_be_visible()
    page.set_viewport_size(PHONE)
    enter(page, live_server, world, "lead", path)
    press(page, "会签", {"会签意见": "同意"})
    assert fits(page)
    enter(page, live_server, world, "supporter", path)
    press(page, "会签", {"会签意见": "签结"})
    expect(page.locator(".task-status")).to_contain_text("已签结")


def test_the_desk_fetches_what_supervision_waits_for(page: Page, live_server: Any, world: Campaign) -> None:
    look_back(world)
    enter(page, live_server, world, "supervisor", "/tasks/desk/")
    expect(page.get_by_role("region", name="待回头看")).to_contain_text("清掏排水沟")

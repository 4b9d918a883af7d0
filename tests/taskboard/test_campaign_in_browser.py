"""A small campaign in a real browser, from draft to closure: everybody does their part and nothing else."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from taskboard.models import Task
from tests.browsers import enter as let_in
from tests.taskboard.campaign import PDF, Campaign, campaign

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def world(transactional_db: None) -> Campaign:
    return campaign()


def enter(page: Page, live_server: Any, world: Campaign, name: str, path: str) -> None:
    page.context.clear_cookies()
    let_in(page.context, live_server.url, world.people[name])
    page.goto(live_server.url + path)


def steps(page: Page) -> list[str]:
    """What the page offers to do."""
    offers = page.locator(".task-offers > form > button, .task-offers > details > summary")
    return [word.strip() for word in offers.all_inner_texts()]


def fill_in(page: Page, step: str, words: dict[str, str]) -> None:
    # What was typed earlier and not taken in stands in a step that is open already.
    if page.locator(f"#step-{step}").get_attribute("open") is None:
        page.locator(f"#step-{step} > summary").click()
    for label, value in words.items():
        page.locator(f"#step-{step}").get_by_label(label).fill(value)
    page.locator(f"#step-{step} button[type=submit]").click()


def test_from_draft_to_closure(page: Page, live_server: Any, world: Campaign, tmp_path: Path) -> None:
    task = world.task("draft", title="清掏排水沟")
    path, of_list = task.get_absolute_url(), world.task_list.get_absolute_url()
    receipt = tmp_path / "回执.pdf"
    receipt.write_bytes(PDF)

    enter(page, live_server, world, "lead", path)
    assert steps(page) == []
    enter(page, live_server, world, "supervisor", of_list)
    page.get_by_role("link", name="下发").click()
    page.get_by_role("button", name="下发").click()
    expect(page.locator(".notice-success")).to_contain_text("下发 1 项任务")

    enter(page, live_server, world, "outsider", path)
    assert steps(page) == []
    enter(page, live_server, world, "supporter", path)
    assert steps(page) == ["签收"]
    page.get_by_role("button", name="签收").click()
    expect(page.locator(".task-tag").first).to_have_text("待签收")

    enter(page, live_server, world, "lead", "/tasks/mine/")
    page.get_by_role("button", name="签收这 1 项").click()
    expect(page.locator(".notice-success")).to_contain_text("已签收 1 项")
    page.goto(live_server.url + path)
    assert steps(page) == ["报进展", "上传佐证", "申请延期"]
    fill_in(page, "progress", {"进度（%）": "60", "进展": "已清掏六成"})
    expect(page.locator(".task-tag").first).to_have_text("办理中")
    fill_in(page, "submit", {"办理结果": "全部清掏"})

    enter(page, live_server, world, "supervisor", path)
    assert steps(page) == ["办结", "退回", "暂停"]
    fill_in(page, "close", {"复核意见": "属实"})
    expect(page.locator("#step-close .task-error")).to_contain_text("还没有佐证")
    expect(page.locator("#step-close").get_by_label("复核意见")).to_have_value("属实")
    page.goto(live_server.url + path)
    fill_in(page, "return", {"理由": "缺回执"})
    expect(page.locator(".chain-back")).to_contain_text("退回")

    enter(page, live_server, world, "lead", path)
    page.locator("#step-evidence > summary").click()
    page.locator("#step-evidence input[type=file]").set_input_files(receipt)
    page.locator("#step-evidence button").click()
    expect(page.locator(".task-files")).to_contain_text("回执.pdf")
    fill_in(page, "submit", {"办理结果": "已补回执"})

    enter(page, live_server, world, "supervisor", path)
    fill_in(page, "close", {"复核意见": "属实"})
    expect(page.locator(".task-tag").first).to_have_text("已办结")
    assert steps(page) == ["重新办理"]
    assert Task.objects.get(pk=task.pk).state == "closed"


@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_of_the_work_fit_the_screen(
    page: Page, live_server: Any, world: Campaign, width: int
) -> None:
    task = world.task("returned", title="更换老化阀门" * 6)
    world.task("issued", title="更换老化阀门" * 6)
    page.set_viewport_size({"width": width, "height": 844})
    for name, path in (
        ("lead", "/tasks/mine/"),
        ("lead", f"{task.get_absolute_url()}#step-progress"),
        ("supervisor", f"{world.task_list.get_absolute_url()}issue/"),
    ):
        enter(page, live_server, world, name, path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.locator("h1").count() == 1


def test_what_was_typed_outlives_a_lost_connection_and_a_closed_page(
    page: Page, live_server: Any, world: Campaign
) -> None:
    path = world.task("signed", title="清掏排水沟").get_absolute_url()
    enter(page, live_server, world, "lead", path)
    form = page.locator("#step-progress")
    form.locator("summary").click()
    form.get_by_label("进度（%）", exact=True).fill("60")
    form.get_by_label("进展", exact=True).fill("已清掏六成")
    page.context.set_offline(True)
    form.locator("button[type=submit]").click()
    page.wait_for_timeout(300)
    page.context.set_offline(False)

    # Another page in the same browser, as after the telephone has thrown the first one away.
    again = page.context.new_page()
    page.close()
    again.goto(live_server.url + path)
    form = again.locator("#step-progress")
    expect(form.get_by_label("进度（%）", exact=True)).to_have_value("60")
    expect(form.get_by_label("进展", exact=True)).to_have_value("已清掏六成")
    expect(form.locator("[data-kept]")).to_contain_text("已找回")
    form.locator("button[type=submit]").click()
    expect(again.locator(".notice-success")).to_contain_text("进展已报送")
    again.goto(live_server.url + path)
    expect(again.locator("#step-progress [data-kept]")).to_be_hidden()

    # Somebody else at the same machine does not find it.
    again.locator("#step-progress summary").click()
    again.locator("#step-progress").get_by_label("进展", exact=True).fill("又清掏一成")
    enter(again, live_server, world, "supporter", path)
    assert again.locator("#step-progress").get_by_label("进展", exact=True).input_value() == ""

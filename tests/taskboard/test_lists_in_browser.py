"""Lists in a real browser: cards that are dragged or moved by keyboard, a sheet that comes back."""

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from taskboard.models import ListStage, Task
from tests.taskboard.campaign import Campaign, campaign
from tests.taskboard.test_campaign_in_browser import enter

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def world(transactional_db: None) -> Campaign:
    return campaign()


def board(world: Campaign) -> str:
    return f"{world.task_list.get_absolute_url()}board/"


def test_a_card_is_dragged_to_the_next_column(page: Page, live_server: Any, world: Campaign) -> None:
    task = world.task("issued", title="清掏排水沟")
    enter(page, live_server, world, "lead", board(world))
    card = page.locator(".board-card", has_text="清掏排水沟")
    card.drag_to(page.locator("[data-state=signed]"))
    dialog = page.get_by_role("dialog", name="移动任务")
    expect(dialog).to_contain_text("移到“已签收”")
    dialog.get_by_role("button", name="签收").click()
    expect(page.locator(".notice-success")).to_contain_text("现在是“已签收”")
    expect(page.locator("[data-state=signed] .board-card")).to_contain_text("清掏排水沟")
    assert Task.objects.get(pk=task.pk).state == "signed"


def test_a_drop_that_makes_no_sense_is_refused_and_the_card_stays(
    page: Page, live_server: Any, world: Campaign
) -> None:
    task = world.task("issued", title="清掏排水沟")
    enter(page, live_server, world, "lead", board(world))
    page.locator(".board-card").drag_to(page.locator("[data-state=submitted]"))
    dialog = page.get_by_role("dialog", name="移动任务")
    expect(dialog.get_by_role("alert")).to_contain_text("不能从“待签收”直接移到“待复核”")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.locator("[data-state=issued] .board-card")).to_have_count(1)
    assert Task.objects.get(pk=task.pk).state == "issued"


def test_a_card_is_moved_by_keyboard_alone_with_a_reason(
    page: Page, live_server: Any, world: Campaign
) -> None:
    task = world.task("submitted", title="清掏排水沟")
    enter(page, live_server, world, "supervisor", board(world))
    page.get_by_role("link", name="移动：清掏排水沟").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="移动任务")
    target = dialog.get_by_role("link", name="移到“已退回”")
    expect(target).to_be_focused()
    page.keyboard.press("Enter")
    reason = dialog.get_by_label("理由")
    expect(reason).to_be_focused()
    reason.evaluate("area => area.removeAttribute('required')")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(dialog.locator(".task-error").first).to_be_visible()
    expect(dialog.get_by_label("理由")).to_be_focused()
    page.keyboard.type("缺一份回执")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[data-state=returned] .board-card")).to_contain_text("清掏排水沟")
    assert Task.objects.get(pk=task.pk).transitions.get(action="return").reason == "缺一份回执"


def test_a_sheet_goes_out_is_changed_and_comes_back(
    page: Page, live_server: Any, world: Campaign, tmp_path: Path
) -> None:
    task = world.task("draft", title="清掏排水沟")
    enter(page, live_server, world, "supervisor", world.task_list.get_absolute_url())
    with page.expect_download() as waiting:
        page.get_by_role("link", name="导出 Excel").click()
    path = tmp_path / "清单.xlsx"
    waiting.value.save_as(path)
    book = load_workbook(path)
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    sheet.cell(2, heads.index("任务") + 1).value = "清掏两条排水沟"
    sheet.cell(3, heads.index("任务") + 1).value = "新任务"
    sheet.cell(3, heads.index("牵头部门") + 1).value = "无此局"
    book.save(path)

    page.get_by_role("link", name="导入表格").click()
    page.get_by_label("表格（xlsx）").set_input_files(path)
    page.get_by_role("button", name="上传并预览").click()
    expect(page.locator(".sheet-bad")).to_contain_text("没有“无此局”这个部门")
    expect(page.locator(".sheet-changes")).to_contain_text("清掏两条排水沟")
    assert Task.objects.get(pk=task.pk).title == "清掏排水沟"
    page.get_by_role("button", name="写入 1 行，跳过 1 行").click()
    expect(page.locator(".notice-success")).to_contain_text("新增 0 项，修改 1 项")
    assert [found.title for found in Task.objects.all()] == ["清掏两条排水沟"]


def test_a_list_is_made_by_hand(page: Page, live_server: Any, world: Campaign) -> None:
    enter(page, live_server, world, "supervisor", "/tasks/lists/new/")
    page.locator(".plan-start", has_text="手工建立").locator("summary").click()
    page.locator(".plan-start", has_text="手工建立").get_by_role("button", name="下一步").click()
    page.get_by_label("清单标题").fill("春季行动")
    row = page.locator(".plan-row").first
    row.get_by_label("任务", exact=True).fill("清沟")
    row.get_by_label("牵头部门").fill("水务局")
    page.get_by_role("button", name="再加 5 行").click()
    expect(page.locator(".plan-row")).to_have_count(10)
    expect(page.locator(".plan-row").first.get_by_label("牵头部门")).to_have_value("水务局")
    page.get_by_role("button", name="建立清单").click()
    expect(page.locator(".notice-success")).to_contain_text("1 项任务，未下发")
    expect(page.locator("h1")).to_contain_text("春季行动")


def test_tasks_ticked_in_a_list_are_signed_together(page: Page, live_server: Any, world: Campaign) -> None:
    for title in ("甲", "乙", "丙"):
        world.task("issued", title=title)
    enter(page, live_server, world, "lead", world.task_list.get_absolute_url())
    page.get_by_label("选中：甲").check()
    page.get_by_label("选中：丙").check()
    expect(page.locator("[data-count]")).to_have_text("已选 2 项")
    page.get_by_role("button", name="签收选中").click()
    expect(page.locator(".bulk-row")).to_have_count(2)
    page.get_by_role("button", name="签收选中的任务").click()
    expect(page.locator(".page-sub")).to_contain_text("共 2 项，已办 2 项")
    assert set(Task.objects.filter(state="signed").values_list("title", flat=True)) == {"甲", "丙"}


@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_of_lists_fit_the_screen(page: Page, live_server: Any, world: Campaign, width: int) -> None:
    for state in ("draft", "issued", "in_progress", "submitted"):
        world.task(state, title="更换老化阀门" * 6)
    ListStage.objects.create(task_list=world.task_list, order=1, name="综合治理阶段" * 6)
    found = world.task_list.get_absolute_url()
    page.set_viewport_size({"width": width, "height": 844})
    pages = [
        *((name, f"{found}{view}") for name in ("supervisor", "lead") for view in VIEWS),
        ("supervisor", f"{found}sheet/"),
        ("supervisor", "/tasks/lists/new/"),
        ("supervisor", "/tasks/bulk/issue/"),
        ("lead", "/tasks/bulk/sign/"),
        ("lead", "/tasks/bulk/report/"),
        ("lead", "/tasks/calendar/?month=2023-10&day=2023-10-31"),
        ("supervisor", f"{Task.objects.all()[0].get_absolute_url()}correct/"),
        ("supervisor", f"/tasks/{Task.objects.all()[0].pk}/move/"),
    ]
    for name, path in pages:
        enter(page, live_server, world, name, path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.locator("h1").count() == 1, path


VIEWS = ("", "board/", "timeline/", "matrix/", "stages/")

"""A list from draft to closure in a real browser: supervisor at a screen, officers on phones.

Issuing, signing, reporting, extension, urging, a bulletin with its PDF, return, closing with
evidence; each of those who take part is offered their own steps and nothing else.
"""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import APIResponse, Browser, Page, ViewportSize, expect
from pypdf import PdfReader

from notifications.services import deliver_to_inbox
from taskboard.models import Bulletin, Task, TaskList
from taskboard.moves import ORDER
from tests.browsers import enter
from tests.taskboard.campaign import PDF, Campaign, campaign

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
SCREEN, PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=390, height=844)
DESK, MINE = "/tasks/desk/", "/tasks/mine/"
REFUSED = re.compile("没有权限|办理|单位|牵头")


class Seat:
    """Somebody with a browser of their own."""

    def __init__(self, browser: Browser, live_server: Any, world: Campaign, name: str) -> None:
        self.base = live_server.url
        context = browser.new_context(viewport=SCREEN if name in {"supervisor", "publisher"} else PHONE)
        enter(context, self.base, world.people[name])
        self.page: Page = context.new_page()

    def go(self, path: str) -> Page:
        """A page that answers, and fits the screen."""
        self.page.goto(self.base + path)
        size = self.page.viewport_size
        assert size and self.page.evaluate("document.documentElement.scrollWidth") <= size["width"], path
        return self.page

    def offers(self, path: str) -> list[str]:
        """What the page of a task offers to do."""
        offered = self.go(path).locator(".task-offers > form > button, .task-offers > details > summary")
        return [word.strip() for word in offered.all_inner_texts()]

    def takes(self, path: str, step: str, words: dict[str, str]) -> None:
        """Open a step on the page of a task, fill it in, send it."""
        form = self.go(path).locator(f"#step-{step}")
        form.locator("summary").click()
        for label, value in words.items():
            form.get_by_label(label, exact=True).fill(value)
        form.locator("button").click()

    def said(self, words: str) -> None:
        """What the page says after a step."""
        expect(self.page.locator(".notice-success")).to_contain_text(words)

    def asks(self, path: str) -> APIResponse:
        """An address outside a page, with the same session."""
        return self.page.request.get(self.base + path, max_redirects=0)

    def forces(self, path: str) -> APIResponse:
        """Send a step that the page does not offer, with the token that a form would carry."""
        tokens = [row["value"] for row in self.page.context.cookies() if row["name"] == "csrftoken"]
        return self.page.request.post(
            self.base + path,
            form={"csrfmiddlewaretoken": tokens[0]},
            headers={"Referer": self.base + path},
            max_redirects=0,
        )


# What nobody but the lead or the supervisor may do, whatever the state.
OF_OTHERS = ("submit", "extension", "return", "close", "reopen", "suspend", "resume")


def do_their_part_and_nothing_else(seats: dict[str, Seat], path: str, supports: list[str]) -> None:
    """The supporter is offered ``supports`` and the outsider nothing; what they force is refused."""
    supporter, outsider = seats["supporter"], seats["outsider"]
    assert supporter.offers(path) == supports
    assert outsider.offers(path) == []
    before = list(Task.objects.order_by("pk").values_list("state", "percent", "due_on"))
    steps = [(supporter, step) for step in OF_OTHERS] + [(outsider, step) for step in ORDER]
    for seat, step in steps:
        answer = seat.forces(f"{path}{step}/")
        assert answer.status == 403 and REFUSED.search(answer.text()), step
    for seat in (supporter, outsider):
        assert seat.asks(DESK).status == 403
    assert list(Task.objects.order_by("pk").values_list("state", "percent", "due_on")) == before


@pytest.fixture
def world(transactional_db: None) -> Campaign:
    made = campaign()
    TaskList.objects.update(ends_on=timezone.localdate() + timedelta(days=3))
    made.task_list.refresh_from_db()
    return made


def test_a_campaign_from_draft_to_closure(
    browser: Browser, live_server: Any, world: Campaign, tmp_path: Path
) -> None:
    names = ("supervisor", "lead", "supporter", "outsider", "publisher")
    seats = {name: Seat(browser, live_server, world, name) for name in names}
    supervisor, lead, supporter = seats["supervisor"], seats["lead"], seats["supporter"]
    drain, valve = world.task("draft", title="清掏排水沟"), world.task("draft", title="更换阀门")
    one, two = drain.get_absolute_url(), valve.get_absolute_url()
    receipt = tmp_path / "回执.pdf"
    receipt.write_bytes(PDF)

    # A draft starts nothing: only the supervisor can issue it.
    do_their_part_and_nothing_else(seats, one, [])
    for name in ("lead", "supporter", "outsider"):
        assert seats[name].offers(one) == []
        assert seats[name].asks(f"{world.task_list.get_absolute_url()}issue/").status == 403
        assert seats[name].asks(DESK).status == 403
    page = supervisor.go(world.task_list.get_absolute_url())
    page.get_by_role("link", name="下发").click()
    page.get_by_role("button", name="下发").click()
    supervisor.said("下发 2 项任务")
    do_their_part_and_nothing_else(seats, one, ["签收"])

    # Signing: the lead all at once on the phone, the supporter one of them; others have no part.
    page = lead.go(MINE)
    page.get_by_role("button", name="签收这 2 项").click()
    lead.said("已签收 2 项")
    do_their_part_and_nothing_else(seats, one, ["签收", "报进展", "上传佐证"])
    supporter.page.get_by_role("button", name="签收", exact=True).click()
    supporter.said("已签收")
    do_their_part_and_nothing_else(seats, one, ["报进展", "上传佐证"])
    assert lead.offers(one) == ["报进展", "上传佐证", "申请延期"]
    assert supervisor.offers(one) == ["暂停", "催办"]

    # Progress: the supporter's by exception does not move the task.
    lead.takes(one, "progress", {"进度（%）": "60", "进展": "已清掏六成"})
    lead.said("进展已报送")
    supporter.takes(one, "progress", {"进度（%）": "100", "进展": "线路已移开"})
    assert Task.objects.get(pk=drain.pk).percent == 60
    lead.takes(one, "progress", {"进度（%）": "50", "进展": "返工"})
    expect(lead.page.locator("#step-progress .task-error")).to_contain_text("请写明回落的原因")
    expect(lead.page.locator("#step-progress").get_by_label("进展", exact=True)).to_have_value("返工")

    # An extension is asked for on the phone and granted on the desk; the old date stays.
    later = timezone.localdate() + timedelta(days=20)
    lead.takes(one, "extension", {"延至": later.isoformat(), "理由": "连日下雨"})
    lead.said("已申请延期")
    do_their_part_and_nothing_else(seats, one, ["报进展", "上传佐证"])
    row = supervisor.go(DESK).locator("#queue-extensions + .desk-rows > li", has_text="清掏排水沟")
    row.locator("summary").click()
    row.get_by_role("button", name="同意延期").click()
    supervisor.said("已批复")
    assert Task.objects.get(pk=drain.pk).due_on == later
    expect(lead.go(one).locator("aside")).to_contain_text("连日下雨")

    # The other task falls behind: urged from the desk, told in the inbox.
    lead.takes(two, "progress", {"进度（%）": "10", "进展": "阀门已订货"})
    issued = timezone.now() - timedelta(days=20)
    valve.transitions.filter(action="issue").update(at=issued)
    Task.objects.filter(pk=valve.pk).update(due_on=timezone.localdate() - timedelta(days=4))
    row = supervisor.go(DESK).locator("#queue-overdue + .desk-rows > li", has_text="更换阀门")
    row.locator("summary").click()
    row.get_by_label("催办内容").fill("今天下班前报进展")
    row.get_by_role("button", name="发出催办").click()
    supervisor.said("已催办 1 项")
    # What the worker does every second, a day on: quiet hours are over by then.
    assert deliver_to_inbox(now=timezone.now() + timedelta(days=1)) > 0
    expect(lead.go("/inbox/").locator("main")).to_contain_text("今天下班前报进展")

    # A bulletin: composed, edited, signed by another, printed; the task it names says so.
    page = supervisor.go("/tasks/bulletins/")
    page.get_by_role("link", name="起草通报").click()
    page.locator("#c-start").fill((timezone.localdate() - timedelta(days=10)).isoformat())
    page.get_by_role("button", name="取数并写初稿").click()
    supervisor.said("写出草稿")
    page.get_by_role("link", name="修改").click()
    page.locator("#b-closing").fill("请有关部门抓紧落实。")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("button", name="提交签发").click()
    expect(page.locator(".task-status")).to_contain_text("待签发")
    bulletin = Bulletin.objects.get()
    assert seats["outsider"].asks(bulletin.get_absolute_url()).status == 404
    page = seats["publisher"].go(bulletin.get_absolute_url())
    page.get_by_role("button", name="签发发布").click()
    expect(page.locator(".task-status")).to_contain_text("1号")
    printed = lead.asks(f"{bulletin.get_absolute_url()}bulletin.pdf")
    assert printed.ok and printed.headers["content-type"] == "application/pdf"
    paper = tmp_path / "bulletin.pdf"
    paper.write_bytes(printed.body())
    text = "".join(sheet.extract_text() for sheet in PdfReader(paper).pages).replace("\n", "")
    assert "更换阀门" in text and "请有关部门抓紧落实。" in text
    expect(lead.go(MINE).locator(".mine-card", has_text="更换阀门")).to_contain_text("列入通报")

    # A result without evidence comes back; with evidence it is closed, by the supervisor alone.
    lead.takes(one, "submit", {"办理结果": "全部清掏"})
    lead.said("已反馈")
    assert lead.offers(one) == ["上传佐证"]
    do_their_part_and_nothing_else(seats, one, ["上传佐证"])
    row = supervisor.go(DESK).locator("#queue-review + .desk-rows > li", has_text="清掏排水沟")
    row.locator("summary").click()
    row.get_by_label("退回理由").fill("缺回执")
    row.get_by_role("button", name="退回").click()
    supervisor.said("已退回")
    do_their_part_and_nothing_else(seats, one, ["报进展", "上传佐证"])
    expect(lead.go(MINE).locator(".mine-card", has_text="清掏排水沟")).to_contain_text("已退回")
    form = lead.go(one).locator("#step-evidence")
    form.locator("summary").click()
    form.locator("input[type=file]").set_input_files(receipt)
    form.locator("button").click()
    lead.said("佐证已上传")
    lead.takes(one, "submit", {"办理结果": "已补回执"})
    assert supporter.offers(one) == ["上传佐证"] and seats["outsider"].offers(one) == []
    row = supervisor.go(DESK).locator("#queue-review + .desk-rows > li", has_text="清掏排水沟")
    row.locator("summary").click()
    expect(row).to_contain_text("佐证 1 件")
    row.get_by_role("button", name="办结").click()
    supervisor.said("已办结")
    closed = Task.objects.get(pk=drain.pk)
    assert (closed.state, closed.submitted_on) == ("closed", timezone.localdate())
    assert supervisor.offers(one) == ["重新办理"] and lead.offers(one) == []
    do_their_part_and_nothing_else(seats, one, [])
    # Suspended and taken up again by the supervisor alone: the others' part stands still meanwhile.
    supervisor.takes(two, "suspend", {"理由": "等配件"})
    supervisor.said("已暂停")
    do_their_part_and_nothing_else(seats, two, [])
    supervisor.go(two).get_by_role("button", name="恢复", exact=False).click()
    assert Task.objects.get(pk=valve.pk).state == "in_progress"
    supervisor.takes(one, "reopen", {"理由": "沟又堵了"})
    do_their_part_and_nothing_else(seats, one, ["报进展", "上传佐证"])

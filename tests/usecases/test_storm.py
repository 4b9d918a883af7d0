"""A storm from the first gauge to the last report, with web server, workers and beat running.

The commander sits at a screen, a street reports from a phone, gauges post to
the API, and a worker is killed in the middle of it.
"""

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.zalantun.portal import ROOT, Portal, environment, wait_for

pytestmark = pytest.mark.slow
DESK, PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=390, height=844)
CITY = timezone(timedelta(hours=8))
# Live within five seconds; the machine may be busy with other tests.
LIVE = 20_000
STREET = "向阳街道"
CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"


class Account:
    """One of the demo accounts, as a caller of the API and in a browser."""

    def __init__(self, portal: Portal, line: str) -> None:
        self.name, self.password, self.role, self.department = line.rstrip("\n").split("\t")
        self.portal = portal
        self.base = f"http://127.0.0.1:{portal.port}"
        self.token = ""

    def call(self, path: str, body: Any = None) -> Any:
        """The answer as JSON; a refusal fails the test with its words."""
        if not self.token:
            self.token = manage(self.portal, "create_token", self.name)
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Token {self.token}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.base}/api/v1/{path}", data=data, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{path}: {error.code} {error.read().decode()}") from error

    def sits_down(self, browser: Browser, size: ViewportSize) -> Page:
        """A page in which this person has signed in."""
        page = browser.new_context(viewport=size, locale="zh-CN").new_page()
        page.goto(f"{self.base}/accounts/login/")
        page.locator("input[name=login]").fill(self.name)
        page.locator("input[name=password]").fill(self.password)
        page.get_by_role("button", name="登录", exact=True).click()
        expect(page.locator("input[name=password]")).to_have_count(0, timeout=LIVE)
        return page


def manage(portal: Portal, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(portal.data_dir, portal.port),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return done.stdout.strip()


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    portal = Portal(tmp_path / "data")
    portal.start()
    try:
        portal.wait_until_ready(seconds=240)
        yield portal
    finally:
        if portal.process.poll() is None:
            portal.stop()


@pytest.fixture
def people(portal: Portal) -> dict[str, Account]:
    """The commander, the duty officer of the office and the one of the street."""
    lines = (portal.data_dir / "demo-accounts.txt").read_text().splitlines()
    accounts = [Account(portal, line) for line in lines if line.count("\t") == 3]
    duty = [account for account in accounts if account.role == "duty_officer"]
    return {
        "commander": next(account for account in accounts if account.role == "commander"),
        "office": next(account for account in duty if account.department != STREET),
        "street": next(account for account in duty if account.department == STREET),
    }


def ago(**parts: float) -> str:
    return (datetime.now(CITY) - timedelta(**parts)).isoformat()


def rains(office: Account, millimetres: str, minutes: float) -> None:
    """What the gauge of the old town caught, so many minutes ago; older records arrive later."""
    measures(office, "Y1", "rain", millimetres, minutes=minutes)


def measures(office: Account, station: str, kind: str, value: str, *, minutes: float) -> None:
    row = {"station": station, "kind": kind, "observed_at": ago(minutes=minutes), "value": value}
    answer = office.call("flood/readings/", [row])
    assert (answer["accepted"], answer["rejected"]) == (1, []), answer


def decides(page: Page, level: str, reason: str, says: str) -> None:
    page.goto(f"{page.url.split('/flood')[0]}/flood/decide/")
    page.locator(f'[data-level="{level}"]').click()
    page.get_by_label("理由").fill(reason)
    page.get_by_label("下令人").fill("总指挥")
    page.locator("[data-confirm]").click()
    expect(page.locator(".notice-success")).to_contain_text(says, timeout=LIVE)


def test_from_the_first_rain_to_the_last_report(
    browser: Browser, portal: Portal, people: dict[str, Account]
) -> None:
    commander, office, street = people["commander"], people["office"], people["street"]
    screen = commander.sits_down(browser, DESK)
    phone = street.sits_down(browser, PHONE)

    # The gauges are registered and the watch begins.
    office.call("flood/stations/", {"code": "Y1", "name": "老城站", "kind": "rain", "is_urban": True})
    office.call("flood/stations/", {"code": "J1", "name": "铁路桥洞", "kind": "ponding", "is_low_spot": True})
    screen.goto(f"{commander.base}/flood/obligations/")
    screen.get_by_role("button", name="开启汛期值守").click()
    expect(screen.locator(".notice-success")).to_be_visible(timeout=LIVE)

    # It rains, and the screen follows without a reload: IV, III, II.
    screen.goto(f"{commander.base}/flood/")
    verdict = screen.locator(".verdict-level")
    expect(verdict).to_have_text("无法研判", timeout=LIVE)
    measures(office, "J1", "ponding", "3", minutes=1)
    rains(office, "0", minutes=1)
    rains(office, "19.9", minutes=200)
    expect(verdict).to_contain_text("未达 IV 级", timeout=LIVE)
    rains(office, "0.1", minutes=190)
    expect(verdict).to_contain_text("蓝色 · 四级", timeout=LIVE)
    rains(office, "30", minutes=100)
    expect(verdict).to_contain_text("黄色 · 三级", timeout=LIVE)
    rains(office, "20", minutes=50)
    expect(verdict).to_contain_text("橙色 · 二级", timeout=LIVE)

    # The commander declares what is recommended; everybody is told.
    decides(screen, "2", "三小时雨量达到二级标准", "已执行")
    (response,) = office.call("flood/responses/")["results"]
    assert [(row["level"], row["recommended"]) for row in response["levels"]] == [("II", "II")]
    assert len(response["sirens"]) == 3
    assert {row["state"] for row in response["actions"]} == {"open"}

    # A street reports in time from a phone, and what happened earlier too late.
    phone.goto(f"{street.base}/flood/incidents/new/")
    phone.get_by_role("radio", name="10 分钟前").check()
    phone.get_by_label("地点").fill("铁路桥洞")
    phone.get_by_role("checkbox", name="已打电话告知").check()
    phone.get_by_role("button", name="发送").click()
    expect(phone.locator("h1")).to_contain_text("铁路桥洞", timeout=LIVE)
    late = street.call("flood/incidents/", incident(happened=ago(minutes=95)))
    street.call(
        f"flood/incidents/{late['id']}/reports/", {"channel": "phone", "stage": "first", "text": "已封路"}
    )
    states = {(row["incident"], row["kind"]): row for row in owed(office)}
    assert states[late["id"], "phone"]["state"] == "met_late"
    assert 75 <= states[late["id"], "phone"]["minutes_late"] <= 80
    assert states[late["id"], "media"]["state"] == "overdue"
    first = min(number for number, _ in states if number != late["id"] and number is not None)
    assert states[first, "phone"]["state"] == "met"

    # A worker dies in the middle; the reminders of what is overdue come, each once.
    worker = portal.program("celery .* worker -Q default")
    assert worker is not None
    os.kill(worker, signal.SIGKILL)
    overdue = states[late["id"], "media"]["id"]
    sent = wait_for("reminder", lambda: reminded(office, overdue) or None, seconds=120)
    keys = [(row["dedupe_key"], row["recipient"], row["channel"]) for row in sent]
    assert len(keys) == len(set(keys))
    expect(screen_of(screen, commander).locator(".part-owed")).to_contain_text(STREET, timeout=LIVE)

    # It is called from the screen, and that is told there.
    screen.get_by_role("button", name=f"未接：叫应{STREET}").first.click()
    expect(screen.locator(".part-log")).to_contain_text(f"叫应{STREET}", timeout=LIVE)
    expect(screen.locator(".part-owed")).to_contain_text("未接，1 次", timeout=LIVE)

    # The street catches up, the level goes down, the response ends.
    for channel in ("media", "written"):
        report = {
            "channel": channel,
            "stage": "first",
            "text": "积水已退",
            "figures": {"dead": 0, "missing": 0},
        }
        street.call(f"flood/incidents/{late['id']}/reports/", report)
    assert {row["state"] for row in owed(office) if row["id"] == overdue} == {"met_late"}
    decides(screen, "4", "雨势减弱，积水消退，转入收尾", "已执行")
    screen_of(screen, commander).get_by_role("link", name="维持 IV").click()
    screen.get_by_label("理由").fill("雨已停，积水正在消退，不再升级")
    screen.locator("[data-confirm]").click()
    expect(screen.locator(".part-verdict")).to_contain_text("已决定维持 IV", timeout=LIVE)
    decides(screen, "end", "雨停，积水全部排除，解除响应", "已执行")

    # What remains: the record of levels, the alerts in their chain, the papers.
    (response,) = office.call("flood/responses/")["results"]
    assert [row["level"] for row in response["levels"][:2]] == ["II", "IV"]
    assert [(row["level"], row["recommended"]) for row in response["kept_levels"]] == [("IV", "II")]
    messages = [alert(commander, address) for address in reversed(cap_addresses(commander))]
    assert [message.findtext(f"{CAP}msgType") for message in messages] == ["Alert", "Update", "Cancel"]
    assert all(message.findtext(f"{CAP}status") == "Actual" for message in messages)
    one = f"/flood/responses/{response['id']}"
    for paper in (f"{one}/notice.pdf", f"{one}/report/report.pdf"):
        if paper.endswith("report.pdf"):
            screen.goto(f"{commander.base}{one}/report/")
            screen.get_by_role("button", name="生成报告").click()
            expect(screen.locator("h1")).to_contain_text("报告", timeout=LIVE)
        pdf = wait_for(paper, lambda p=paper: pdf_of(screen, f"{commander.base}{p}"), seconds=60)  # type: ignore[misc]
        assert pdf.startswith(b"%PDF-")


def incident(*, happened: str) -> dict[str, Any]:
    return {
        "unit": slug_of_the_street(),
        "occurred_at": happened,
        "location": "火车站前",
        "kind": "waterlogging",
        "severity": "ordinary",
        "summary": "路面积水",
        "dead": 0,
        "missing": 0,
    }


def slug_of_the_street() -> str:
    rows = json.loads((ROOT / "fixtures" / "departments.json").read_text())
    return str(next(row["slug"] for row in rows if row["name"] == STREET))


def owed(caller: Account) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = caller.call("flood/obligations/?page_size=500")["results"]
    return rows


def reminded(caller: Account, obligation: int) -> list[dict[str, Any]]:
    rows = caller.call("messages/?page_size=500")["results"]
    wanted = f"obligation:{obligation}:"
    return [row for row in rows if row["dedupe_key"].startswith(wanted) and row["state"] == "sent"]


def screen_of(page: Page, commander: Account) -> Page:
    page.goto(f"{commander.base}/flood/")
    return page


def cap_addresses(reader: Account) -> list[str]:
    with urllib.request.urlopen(f"{reader.base}/flood/cap/", timeout=30) as answer:
        feed = ET.fromstring(answer.read())
    return [link.attrib["href"] for link in feed.findall("{*}entry/{*}link")]


def alert(reader: Account, address: str) -> ET.Element:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return ET.fromstring(answer.read())


def pdf_of(page: Page, address: str) -> bytes | None:
    """The document once it is ready; None while it is being set."""
    answer = page.request.get(address)
    assert answer.status in (200, 202), f"{address}: {answer.status}"
    body = answer.body()
    return body if body.startswith(b"%PDF-") else None

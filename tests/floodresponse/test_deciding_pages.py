"""The live recommendation for staff and the page on which a commander decides."""

from typing import Any

import pytest
from django.test import Client

from floodresponse.models import Response
from tests.accounts import browser_of
from tests.floodresponse.city import gauge, make_plan, rained

pytestmark = pytest.mark.django_db
WHY = "上游来水加大，提前处置"


def press(browser: Client, query: str = "", **values: Any) -> Any:
    sent = {"level": "3", "reason": WHY, "authorised_by": "林某", "seen": "0", **values}
    return browser.post(f"/flood/decide/{query}", sent)


def test_a_commander_declares_adjusts_and_ends_in_the_browser() -> None:
    make_plan()
    browser = browser_of("commander")
    assert "未启动响应" in browser.get("/flood/decide/").content.decode()
    response = Response.objects.get(pk=press(browser)["Location"].rstrip("/").split("/")[-1])
    assert press(browser, level="2", seen="1").status_code == 302
    stale = press(browser, level="4", seen="1")
    assert stale.status_code == 422 and "没有执行" in stale.content.decode()
    assert WHY in stale.content.decode()
    assert press(browser, level="end", seen="2").status_code == 302
    assert [record.level for record in response.levels.order_by("sequence")] == [3, 2, None]
    assert "已经终止" in press(browser, seen="3").content.decode()


def test_what_has_come_of_a_decision_is_told_as_it_is() -> None:
    make_plan()
    browser = browser_of("commander")

    def told(query: str = "", **values: Any) -> str:
        return str(browser.get(press(browser, query, **values)["Location"]).content.decode())

    assert "通知、行动、警报令和公众预警同时生成" in told(level="3")
    assert "通知、行动和公众预警同时生成" in told(level="4", seen="1")
    assert "终止的通知和公众消息同时生成" in told(level="end", seen="2")
    assert "演练只通知指挥部，不鸣警报，不对公众发布" in told("?exercise=1", level="2")


def test_a_level_without_its_reason_is_refused_and_nothing_typed_is_lost() -> None:
    make_plan()
    answer = press(browser_of("commander"), reason="雨大")
    assert answer.status_code == 422
    assert "不少于 10 字" in answer.content.decode() and "雨大" in answer.content.decode()
    assert not Response.objects.exists()


def test_a_drill_is_marked_and_stands_beside() -> None:
    make_plan()
    browser = browser_of("commander")
    assert "演练：不通知真实对象" in browser.get("/flood/decide/?exercise=1").content.decode()
    press(browser, "?exercise=1")
    assert Response.objects.get().exercise is True


def test_staff_see_the_recommendation_live() -> None:
    make_plan()
    page = browser_of("viewer").get("/flood/live/").content.decode()
    assert "还没有登记" in page and "没有数据不等于安全" in page
    rained(gauge(name="北门站"), "60")
    gauge("R2", name="南门站")
    page = browser_of("viewer").get("/flood/live/").content.decode()
    for words in ("II级 橙", "单点", "北门站 3 小时雨量", "数据不全", "没有来报：南门站"):
        assert words in page
    assert "启动、调整或终止" not in page
    assert 'hx-get="/flood/live/"' in browser_of("viewer").get("/flood/").content.decode()


@pytest.mark.parametrize(
    ("role", "live", "decide"),
    [("anonymous", 302, 302), (None, 403, 403), ("viewer", 200, 403), ("duty_officer", 200, 403)],
)
def test_who_sees_and_who_decides(role: str | None, live: int, decide: int) -> None:
    make_plan()
    browser = browser_of(role)
    assert (browser.get("/flood/live/").status_code, press(browser).status_code) == (live, decide)
    assert 'hx-get="/flood/live/"' not in browser_of("anonymous").get("/flood/").content.decode()
    assert not Response.objects.exists()

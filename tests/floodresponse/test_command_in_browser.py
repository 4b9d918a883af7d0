"""The command screen, the phone form and the page of decisions in a browser, at a desk and on a phone."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from floodresponse.models import Incident, IncidentReport, Obligation, UnitAction
from floodresponse.services import Decision, adjust_response, declare_response, record_readings
from floodresponse.services.daily import start_flood_watch
from floodresponse.services.incidents import IncidentContent, report_incident
from floodresponse.services.sweeping import keep_assessing
from organizations.models import Department, User
from tests.accounts import person
from tests.browsers import enter as let_in
from tests.factories import UserFactory
from tests.floodresponse.city import department, gauge, low_spot, make_plan, row

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
DESK, PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=390, height=844)
WHY = "雨势持续，提前处置值守。"
# Live within five seconds; the machine may be busy with other tests.
LIVE = 8000


@pytest.fixture(autouse=True)
def city(transactional_db: None) -> None:
    """A plan, a storm that is measured, a response at level III."""
    make_plan()
    Department.objects.filter(name="东街街道").update(office_phone="5550111")
    now, duty = timezone.now(), person("duty_officer")
    wet, deep = gauge(name="北门站", street="东街街道"), low_spot(name="柳桥", street="东街街道")
    rows = [row(wet, now - timedelta(minutes=n), "2.5") for n in range(1, 180, 10)]
    rows += [row(deep, now - timedelta(minutes=n), 34 - n // 10) for n in range(1, 60, 10)]
    record_readings(actor=duty, at=now, rows=rows)
    decision = Decision(level=3, reason=WHY, authorised_by="总指挥")
    declare_response(actor=person("commander"), at=now - timedelta(minutes=52), decision=decision)
    keep_assessing(at=now)


def happens(place: str = "柳桥下", minutes: int = 30) -> Incident:
    now = timezone.now()
    content = IncidentContent(
        unit=department("东街街道"), occurred_at=now - timedelta(minutes=minutes), location=place
    )
    return report_incident(actor=person("commander"), content=content, at=now)


def enter(context: BrowserContext, live_server: Any, user: User) -> Page:
    """A page in which the user has signed in."""
    let_in(context, live_server.url, user)
    return context.new_page()


def street_officer() -> User:
    user: User = UserFactory(username="east", role="duty_officer", department=department("东街街道"))
    return user


class TestTheCommandScreen:
    @pytest.mark.parametrize("size", [DESK, PHONE])
    def test_one_glance_tells_level_recommendation_clock_and_number(
        self, context: BrowserContext, live_server: Any, size: ViewportSize
    ) -> None:
        happens()
        page = enter(context, live_server, person("commander"))
        page.set_viewport_size(size)
        page.goto(f"{live_server.url}/flood/")
        expect(page.locator(".slab")).to_contain_text("III")
        expect(page.locator(".slab")).to_contain_text("黄色 · 三级")
        expect(page.locator(".verdict-level")).to_contain_text("橙色 · 二级")
        expect(page.locator(".owing-overdue").first).to_contain_text("东街街道")
        expect(page.locator('.owing a[href="tel:5550111"]').first).to_be_visible()
        expect(page.locator(".next-time")).to_be_visible()
        expect(page.locator("h1")).to_have_count(1)
        expect(page.locator("html")).to_have_js_property("scrollWidth", size["width"])

    def test_what_happens_is_there_within_seconds_without_a_reload(
        self, context: BrowserContext, live_server: Any
    ) -> None:
        page = enter(context, live_server, person("commander"))
        page.goto(f"{live_server.url}/flood/")
        expect(page.locator(".part-owed")).to_contain_text("没有未报的报告")
        happens("北门洞")
        expect(page.locator(".part-owed")).to_contain_text("北门洞涝情", timeout=LIVE)
        spot = low_spot("P7", name="西桥")
        record_readings(actor=person("duty_officer"), at=timezone.now(), rows=[row(spot, timezone.now(), 51)])
        expect(page.locator(".verdict-level")).to_contain_text("红色 · 一级", timeout=LIVE)

    def test_a_lost_connection_is_said_with_its_time_and_clocks_go_on(
        self, context: BrowserContext, live_server: Any
    ) -> None:
        happens(minutes=5)
        page = enter(context, live_server, person("commander"))
        page.goto(f"{live_server.url}/flood/")
        lost = page.locator("[data-lost]")
        expect(lost).to_be_hidden()
        context.set_offline(True)
        expect(lost).to_contain_text("起没有更新")
        before = page.locator("[data-countdown]").inner_text()
        expect(page.locator("[data-countdown]")).not_to_have_text(before)
        context.set_offline(False)
        expect(lost).to_be_hidden(timeout=LIVE)

    def test_whoever_was_signed_out_is_told_and_the_last_picture_stays(
        self, context: BrowserContext, live_server: Any
    ) -> None:
        page = enter(context, live_server, person("commander"))
        page.goto(f"{live_server.url}/flood/")
        context.clear_cookies()
        expect(page.locator("[data-lost]")).to_contain_text("已退出登录", timeout=LIVE)
        expect(page.locator(".slab")).to_contain_text("黄色 · 三级")

    def test_a_limit_that_passes_turns_red_by_itself(self, context: BrowserContext, live_server: Any) -> None:
        happens(minutes=5)
        soon = timezone.now() + timedelta(seconds=4)
        Obligation.objects.filter(kind="phone").update(due_at=soon)
        page = enter(context, live_server, person("commander"))
        page.goto(f"{live_server.url}/flood/")
        state = page.locator(".owing-state").first
        expect(state).to_contain_text("临期")
        expect(state).to_contain_text("逾期", timeout=LIVE)

    def test_it_is_whole_without_any_script(self, browser: Browser, live_server: Any) -> None:
        happens()
        context = browser.new_context(java_script_enabled=False, locale="zh-CN")
        page = enter(context, live_server, person("commander"))
        page.goto(f"{live_server.url}/flood/")
        expect(page.locator(".slab")).to_contain_text("黄色 · 三级")
        expect(page.locator(".rain-bars svg").first).to_be_visible()
        expect(page.locator(".depths rect").first).to_be_visible()
        expect(page.locator(".streetmap circle").first).to_be_visible()
        expect(page.locator(".owing-overdue").first).to_contain_text("逾期")
        context.close()

    def test_by_night_the_same_page_is_dark(self, context: BrowserContext, live_server: Any) -> None:
        page = enter(context, live_server, person("commander"))
        page.emulate_media(color_scheme="dark")
        page.goto(f"{live_server.url}/flood/")
        expect(page.locator(".slab")).to_have_css("background-color", "rgb(201, 163, 18)")
        expect(page.locator(".part-owed")).to_have_css("background-color", "rgb(21, 27, 35)")

    def test_on_the_phone_the_map_has_a_tab_of_its_own(
        self, context: BrowserContext, live_server: Any
    ) -> None:
        page = enter(context, live_server, person("commander"))
        page.set_viewport_size(PHONE)
        page.goto(f"{live_server.url}/flood/")
        expect(page.locator(".streetmap")).to_be_hidden()
        page.locator(".tabs").get_by_text("地图").click()
        expect(page.locator(".streetmap")).to_be_visible()
        expect(page.locator(".streetmap")).to_contain_text("柳桥")
        expect(page.locator("html")).to_have_js_property("scrollWidth", 390)


class TestThePhoneForm:
    def test_three_taps_send_it(self, context: BrowserContext, live_server: Any) -> None:
        page = enter(context, live_server, street_officer())
        page.set_viewport_size(PHONE)
        page.goto(f"{live_server.url}/flood/incidents/new/")
        page.get_by_role("radio", name="10 分钟前").check()
        expect(page.locator("[data-limit]")).to_contain_text("电话报告限")
        page.get_by_role("button", name="柳桥").click()
        page.get_by_role("button", name="小腿 25").click()
        expect(page.locator("[data-depth-level]")).to_have_text("III 黄")
        page.get_by_role("button", name="加 1 厘米").click()
        expect(page.locator("html")).to_have_js_property("scrollWidth", 390)
        page.get_by_role("button", name="发送").click()
        expect(page.locator("h1")).to_contain_text("柳桥")
        incident = Incident.objects.get()
        assert (incident.location, incident.depth_cm, incident.dead) == ("柳桥", 26, None)

    def test_what_was_typed_outlives_the_page(self, context: BrowserContext, live_server: Any) -> None:
        page = enter(context, live_server, street_officer())
        page.goto(f"{live_server.url}/flood/incidents/new/")
        page.get_by_label("地点").fill("北门洞")
        page.get_by_role("button", name="被困加 1").click()
        page.get_by_role("button", name="被困加 1").click()
        expect(page.locator("[data-saved]")).to_contain_text("草稿已存")
        page.reload()
        expect(page.get_by_label("地点")).to_have_value("北门洞")
        expect(page.get_by_label("被困", exact=True)).to_have_value("1")
        expect(page.locator("[data-saved]")).to_contain_text("找回")

    def test_without_a_connection_it_waits_and_sends_itself_once(
        self, context: BrowserContext, live_server: Any, tmp_path: Path
    ) -> None:
        picture = tmp_path / "bridge.jpg"
        Image.new("RGB", (40, 30), "#336699").save(picture)
        page = enter(context, live_server, street_officer())
        page.set_viewport_size(PHONE)
        page.goto(f"{live_server.url}/flood/incidents/new/")
        page.get_by_label("地点").fill("北门洞")
        page.locator("input[type=file]").set_input_files(picture)
        expect(page.locator("[data-pictures]")).to_have_text("已选 1 个")
        context.set_offline(True)
        page.get_by_role("button", name="发送").click()
        expect(page.locator("[data-waiting]")).to_contain_text("恢复后自动发送")
        expect(page.get_by_label("地点")).to_have_value("北门洞")
        assert not Incident.objects.exists()
        context.set_offline(False)
        expect(page.locator("h1")).to_contain_text("北门洞", timeout=20_000)
        assert Incident.objects.count() == 1
        assert IncidentReport.objects.get().channel == "media"
        assert Obligation.objects.get(kind="media").state == "met"


class TestAUnitsOwnPage:
    def test_orders_are_acknowledged_and_nothing_to_report_is_one_tap(
        self, context: BrowserContext, live_server: Any
    ) -> None:
        now = timezone.now()
        start_flood_watch(actor=person("commander"), at=now)
        street = department("东街街道")
        Obligation.objects.get_or_create(
            kind="zero", unit=street, due_at=now + timedelta(hours=2), basis="每日", created_at=now
        )
        page = enter(context, live_server, street_officer())
        page.set_viewport_size(PHONE)
        page.goto(f"{live_server.url}/flood/mine/")
        expect(page.locator("html")).to_have_js_property("scrollWidth", 390)
        waiting = UnitAction.objects.filter(unit=street, state="open").count()
        page.get_by_role("button", name="签收").first.click()
        expect(page.locator(".notice-success")).to_contain_text("已签收")
        assert UnitAction.objects.filter(unit=street, state="open").count() == waiting - 1
        page.get_by_role("button", name="报“今日无灾情”").first.click()
        expect(page.locator(".notice-success")).to_contain_text("已报送")
        assert Obligation.objects.filter(kind="zero", unit=street, state="met").exists()


class TestDeciding:
    def test_a_level_that_differs_waits_for_its_reason(
        self, context: BrowserContext, live_server: Any
    ) -> None:
        page = enter(context, live_server, person("commander"))
        page.goto(f"{live_server.url}/flood/decide/")
        confirm = page.locator("[data-confirm]")
        expect(confirm).to_be_disabled()
        page.locator('[data-level="2"]').click()
        expect(page.locator('[data-level="2"]')).to_contain_text("系统推荐")
        expect(confirm).to_have_text("确认定为 II 级（橙色）")
        expect(confirm).to_be_enabled()
        page.locator('[data-level="1"]').click()
        expect(confirm).to_be_disabled()
        expect(page.locator("[data-reason-hint]")).to_contain_text("还差 10 字")
        page.get_by_label("理由").fill("上游来水加大，提前提级处置")
        expect(confirm).to_be_enabled()

    @pytest.mark.parametrize("size", [DESK, PHONE])
    def test_a_page_that_became_stale_says_so_before_anybody_presses(
        self, context: BrowserContext, live_server: Any, size: ViewportSize
    ) -> None:
        page = enter(context, live_server, person("commander"))
        page.set_viewport_size(size)
        page.goto(f"{live_server.url}/flood/decide/")
        expect(page.locator('[data-part="stale"]')).not_to_contain_text("页面打开之后")
        active = UnitAction.objects.first()
        assert active is not None
        adjust_response(
            actor=person("commander", "second"),
            at=timezone.now(),
            response=active.response,
            decision=Decision(level=2, reason=WHY),
        )
        expect(page.locator('[data-part="stale"]')).to_contain_text("定为 II 级", timeout=LIVE)
        expect(page.locator("html")).to_have_js_property("scrollWidth", size["width"])

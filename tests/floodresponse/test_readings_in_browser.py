"""Readings by hand on a phone and by table at a desk, in a browser."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from floodresponse.models import Reading
from tests.accounts import person
from tests.browsers import enter as let_in
from tests.floodresponse.city import gauge, low_spot

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
DESK: Any = {"width": 1280, "height": 900}
PHONE: Any = {"width": 390, "height": 844}


def enter(browser: Browser, live_server: Any, size: Any) -> Page:
    """A page in which the duty officer has signed in."""
    context = browser.new_context(viewport=size)
    let_in(context, live_server.url, person("duty_officer"))
    return context.new_page()


def fits(page: Page) -> bool:
    width: int = page.evaluate("document.documentElement.scrollWidth")
    viewport = page.viewport_size
    return viewport is not None and width <= viewport["width"]


def test_by_big_keys_with_the_unit_of_the_station(browser: Browser, live_server: Any) -> None:
    gauge("R1"), low_spot("P1")
    page = enter(browser, live_server, PHONE)
    page.goto(f"{live_server.url}/flood/readings/new/")
    page.get_by_label("站点").select_option(label="桥洞P1（P1）")
    expect(page.get_by_role("radio", name="厘米")).to_be_checked()
    for key in ("2", "7", ".", ".", "5", "1"):
        page.get_by_role("button", name=key, exact=True).click()
    page.get_by_role("button", name="退格").click()
    expect(page.get_by_label("数值")).to_have_value("27.5")
    assert fits(page)
    page.get_by_role("button", name="报送").click()
    expect(page.get_by_text("已记录：桥洞P1")).to_be_visible()
    assert str(Reading.objects.get().value.normalize()) == "27.5"


def test_without_scripts_the_form_works_too(browser: Browser, live_server: Any) -> None:
    gauge("R1")
    client = Client()
    client.force_login(person("duty_officer"))
    name = configured.SESSION_COOKIE_NAME
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/flood/readings/new/")
    expect(page.locator("[data-keys]")).to_be_hidden()
    page.get_by_label("站点").select_option(label="雨量R1（R1）")
    page.get_by_label("数值").fill("3")
    page.locator("input[name=unit][value=mm]").check(force=True)
    page.get_by_role("button", name="报送").click()
    expect(page.get_by_text("已记录：雨量R1")).to_be_visible()


def test_a_device_whose_clock_is_wrong_is_told(browser: Browser, live_server: Any) -> None:
    gauge("R1")
    page = enter(browser, live_server, PHONE)
    page.clock.set_fixed_time(timezone.now() + timedelta(minutes=20))
    page.goto(f"{live_server.url}/flood/readings/new/")
    expect(page.locator("[data-clock]")).to_contain_text("本机时钟比服务器快 20 分钟")


def test_a_table_is_looked_at_and_then_written(browser: Browser, live_server: Any, tmp_path: Path) -> None:
    gauge("R1")
    table = tmp_path / "雨量.csv"
    table.write_text("站号,观测时间,数值,单位\nR1,2023-07-08 15:00,1.5,mm\nR9,2023-07-08 15:00,1,mm\n")
    page = enter(browser, live_server, DESK)
    page.goto(f"{live_server.url}/flood/readings/import/")
    page.get_by_label("表格").set_input_files(table)
    page.get_by_role("button", name="上传并预览").click()
    expect(page.get_by_text("站点“R9”未登记。")).to_be_visible()
    page.get_by_role("button", name="写入 1 行，跳过 1 行").click()
    expect(page.get_by_text("已写入 1 条。")).to_be_visible()
    assert Reading.objects.count() == 1

"""The audit log in a real browser, at a desk and on a phone."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Page, expect

from foundation.append_only import EMPTYING, install_triggers, remove_trigger
from foundation.services.audit import record_change
from foundation.services.auditfiles import keep_day
from tests.accounts import person
from tests.browsers import enter
from tests.factories import DepartmentFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
LONG = "青河市城市精细化管理百日攻坚活动暨秋季爱国卫生运动联合领导小组办公室"


@pytest.fixture
def guarded(transactional_db: None) -> Iterator[None]:
    """With all triggers; tests lift one of them, so that they can empty the tables."""
    install_triggers(connection)
    yield
    remove_trigger(connection, EMPTYING[connection.vendor])


@pytest.mark.parametrize("width", [390, 1280])
def test_search_check_and_files(
    guarded: None, page: Page, live_server: Any, width: int, tmp_path: Path, settings: Any
) -> None:
    settings.DATA_DIR = tmp_path
    now = timezone.now() - timedelta(days=1)
    unit = DepartmentFactory(name=LONG)
    for n in range(3):
        record_change(
            actor=person("editor"), action="event.update", target=unit, at=now, reason=f"{LONG}{n}",
            before={"title": LONG}, after={"title": "新"},
        )  # fmt: skip
    keep_day(day=timezone.localdate(now), at=timezone.now())
    page.set_viewport_size({"width": width, "height": 844})
    enter(page.context, live_server.url, person("audit_admin"))
    for path in ("/audit/", "/audit/?kind=refuse&person=无此人", "/audit/1/", "/audit/files/"):
        page.goto(live_server.url + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        expect(page.locator("h1")).to_have_count(1)
    page.goto(f"{live_server.url}/audit/")
    page.get_by_role("button", name="现在核对").click()
    expect(page.get_by_text("已逐条核对，审计日志完整。")).to_be_visible()
    page.get_by_label("对象名称或编号").fill("百日攻坚")
    page.get_by_role("button", name="筛选").click()
    expect(page.locator("tbody tr")).to_have_count(3)
    page.locator("tbody tr a").first.click()
    expect(page.get_by_text("前一条校验")).to_be_visible()

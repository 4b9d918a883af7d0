"""The audit administrator searches the log, checks it and takes its files."""

import gzip
import json
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from foundation.append_only import install_triggers, remove_trigger
from foundation.context import Origin, call_from
from foundation.models import AuditEntry
from foundation.services.accesses import EXPORT, Access, close_repeats, record_access
from foundation.services.audit import record_change
from foundation.services.auditfiles import keep_day
from organizations.auditlog.filters import KINDS
from tests.accounts import browser_of, person, reads_of_the_page
from tests.factories import DepartmentFactory, UserFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 5, 8, 1, 30, tzinfo=UTC)


def page(query: str = "") -> str:
    return browser_of("audit_admin").get(f"/audit/{query}").content.decode()


def sequences(query: str) -> list[int]:
    response = browser_of("audit_admin").get(f"/audit/{query}")
    assert response.status_code == 200
    return [row["entry"].sequence for row in response.context["rows"]]


@pytest.fixture(autouse=True)
def rows(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path
    install_triggers(connection)
    unit = DepartmentFactory(name="林业局")
    with call_from(Origin(request_id="r-1", address="192.0.2.7")):
        record_change(
            actor=person("editor", "林编辑"), action="event.update", target=unit, at=AT, reason="改错字"
        )
    with call_from(Origin(address="192.0.2.70")):
        record_change(
            actor=None, action="user.fail_sign_in", target=person("viewer"), at=AT + timedelta(days=1)
        )
    record_change(
        actor=person("editor", "林编辑"), action="user.sign_in", target=unit, at=AT + timedelta(days=2)
    )


class TestSearching:
    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("", [3, 2, 1]),
            ("?sort=at", [1, 2, 3]),
            ("?person=林编", [3, 1]),
            ("?kind=failed", [2]),
            ("?kind=sign", [3, 2]),
            ("?kind=change", [1]),
            ("?action=登录失败", [2]),
            ("?action=event.", [1]),
            ("?object=林业", [3, 1]),
            ("?type=organizations.User", [2]),
            ("?address=192.0.2.7", [2, 1]),
            ("?address=192.0.2.70", [2]),
            ("?date_from=2026-05-09", [3, 2]),
            ("?date_to=2026-05-08", [1]),
            ("?date_from=2026-05-09&date_to=2026-05-09", [2]),
            ("?person=林编&date_to=2026-05-09", [1]),
        ],
    )
    def test_by_person_action_object_address_and_time(self, query: str, found: list[int]) -> None:
        assert sequences(query) == found

    def test_every_row_is_of_some_kind(self) -> None:
        for kind in KINDS:
            assert browser_of("audit_admin").get(f"/audit/?kind={kind}").status_code == 200
        assert sequences("?kind=refuse") == []

    def test_actions_are_in_chinese(self) -> None:
        assert "登录失败" in page()
        assert "林编辑" in page()

    def test_nothing_found_says_how_to_go_on(self) -> None:
        assert "没有符合条件的记录。" in page("?person=无此人")

    def test_a_span_that_ends_before_it_begins_is_said(self) -> None:
        assert "请改正" in page("?date_from=2026-05-09&date_to=2026-05-01")

    def test_counted_repeats_say_how_many(self) -> None:
        for _ in range(4):
            record_access(actor=person("viewer"), access=Access(EXPORT, "v", "/v.csv"), at=AT)
        close_repeats(at=AT + timedelta(minutes=1))
        assert "另 3 次" in page("?kind=export")

    def test_one_row_shows_what_stood_before_and_after(self) -> None:
        unit = DepartmentFactory()
        made = record_change(
            actor=None,
            action="test.step",
            target=unit,
            at=AT,
            before={"name": "旧名"},
            after={"name": "新名"},
            reason="更名",
        )
        shown = page(f"{made.sequence}/")
        assert all(word in shown for word in ("旧名", "新名", "更名", made.hash, made.previous_hash))
        assert browser_of("audit_admin").get("/audit/999/").status_code == 404

    def test_two_who_are_called_alike_are_told_apart_by_their_accounts(self) -> None:
        for name in ("wang", "wang2"):
            record_change(
                actor=UserFactory(username=name, display_name="王某"),
                action="test.step",
                target=DepartmentFactory(),
                at=AT,
            )
        listed = page("?person=王某")
        assert "<small" in listed and "wang2" in listed
        made = AuditEntry.objects.get(actor__username="wang2", action="test.step")
        assert "（账号 wang2）" in page(f"{made.sequence}/")
        answer = browser_of("audit_admin").get("/audit/audit.csv?person=wang2")
        lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
        assert [line.rpartition(",")[2] for line in lines] == ["账号", "wang2"]

    def test_pages_cost_the_same_however_much_there_is(self) -> None:
        browser = browser_of("audit_admin")
        browser.get("/audit/")

        def cost() -> int:
            with CaptureQueriesContext(connection) as captured:
                assert browser.get("/audit/").status_code == 200
            return reads_of_the_page(captured)

        few = cost()
        for _ in range(60):
            record_change(actor=person("viewer"), action="test.step", target=DepartmentFactory(), at=AT)
        assert cost() == few <= 15
        assert "第 1 / 2 页" in page()


class TestTakingAlong:
    def test_a_table_of_what_was_found(self) -> None:
        answer = browser_of("audit_admin").get("/audit/audit.csv?person=林编")
        lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
        assert lines[0].startswith("序号,时间,操作人,动作")
        assert [line.split(",")[0] for line in lines[1:]] == ["3", "1"]
        assert "2026-05-08 09:30:00" in lines[2]

    def test_a_workbook(self) -> None:
        answer = browser_of("audit_admin").get("/audit/audit.xlsx?kind=failed")
        sheet = load_workbook(BytesIO(answer.content)).active
        assert sheet is not None
        assert [cell.value for cell in sheet["D"]][1:] == ["账户：登录失败"]

    def test_is_itself_on_record(self) -> None:
        browser_of("audit_admin").get("/audit/audit.csv?person=林编")
        entry = AuditEntry.objects.get(action="page.export")
        assert entry.actor == person("audit_admin")
        assert entry.object_label.startswith("/audit/audit.csv?person=")

    def test_the_file_of_a_day(self) -> None:
        assert "还没有每日文件" in page("files/")
        day = AT.date()
        keep_day(day=day, at=AT + timedelta(days=1))
        assert f"audit-{day}.jsonl.gz" in page("files/")
        answer = browser_of("audit_admin").get(f"/audit/files/audit-{day}.jsonl.gz")
        packed = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        assert json.loads(gzip.decompress(packed))["sequence"] == 1
        assert AuditEntry.objects.filter(action="page.export").count() == 1

    @pytest.mark.parametrize("role", ["system_admin", "security_admin", "editor", "commander"])
    def test_nobody_else_gets_it(self, role: str) -> None:
        keep_day(day=AT.date(), at=AT + timedelta(days=1))
        assert browser_of(role).get(f"/audit/files/audit-{AT.date()}.jsonl.gz").status_code == 403
        assert AuditEntry.objects.filter(action="page.refuse").count() == 1

    def test_a_changed_file_is_refused_with_the_reason(self, tmp_path: Path) -> None:
        keep_day(day=AT.date(), at=AT + timedelta(days=1))
        (tmp_path / "audit" / f"audit-{AT.date()}.jsonl.gz").write_bytes(b"x")
        answer = browser_of("audit_admin").get(f"/audit/files/audit-{AT.date()}.jsonl.gz")
        assert answer.status_code == 409
        assert "内容与登记的校验值不符" in answer.content.decode()

    @pytest.mark.parametrize("day", ["2026-01-01", "..%2f..%2fsecret-key", "%00"])
    def test_a_day_without_a_file(self, day: str) -> None:
        assert browser_of("audit_admin").get(f"/audit/files/audit-{day}.jsonl.gz").status_code == 404


class TestTheChain:
    def test_it_says_that_nobody_has_looked_yet(self) -> None:
        assert "尚未核对" in page()

    def test_a_press_walks_it(self) -> None:
        shown = browser_of("audit_admin").post("/audit/verify/", follow=True).content.decode()
        assert "已逐条核对，审计日志完整。" in shown
        assert "逐条核对至第 3 条" in shown
        assert AuditEntry.objects.get(action="audit.verify").actor == person("audit_admin")

    def test_a_tampered_row_is_named(self) -> None:
        remove_trigger(connection, "auditentry_no_update")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE foundation_auditentry SET reason = '没有的事' WHERE sequence = 1")
        install_triggers(connection)
        shown = browser_of("audit_admin").post("/audit/verify/", follow=True).content.decode()
        assert "第 1 条的内容与其校验不符" in shown
        assert "不完整" in shown

    def test_a_missing_trigger_is_named(self) -> None:
        remove_trigger(connection, "auditentry_no_update")
        shown = browser_of("audit_admin").post("/audit/verify/", follow=True).content.decode()
        assert "数据库缺少防改动的触发器：auditentry_no_update" in shown

    def test_the_menu_of_the_auditor_leads_here(self) -> None:
        assert 'href="/audit/"' in browser_of("audit_admin").get("/").content.decode()
        assert 'href="/audit/"' not in browser_of("system_admin").get("/").content.decode()

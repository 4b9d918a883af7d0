"""Ledgers in the browser: lists, forms, steps, exports."""

import csv
import io
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from organizations.models import Role, User
from search.services import catch_up
from taskboard.models.ledgers import LedgerRow
from taskboard.services.ledgers import close_row
from tests.accounts import browser_of, reads_of_the_page
from tests.taskboard.ledgerworld import AT, entry, land_ledger, member, paper, signed_entry, unit

pytestmark = pytest.mark.django_db
MOST_QUERIES = 15
S = LedgerRow.State


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


# -- who may look -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "/tasks/ledgers/",
        "/tasks/ledgers/{ledger}/",
        "/tasks/ledgers/{ledger}/averages/",
        "/tasks/ledgers/{ledger}/rows.csv",
        "/tasks/ledgers/{ledger}/rows.xlsx",
        "/tasks/ledgers/rows/{row}/",
    ],
)
@pytest.mark.parametrize(
    ("role", "status"), [("anonymous", 302), (None, 403), ("viewer", 200), ("department_officer", 200)]
)
def test_ledgers_are_for_staff(address: str, role: str | None, status: int) -> None:
    row = entry(land_ledger())
    address = address.format(ledger=row.ledger_id, row=row.pk)
    assert browser_of(role).get(address).status_code == status


@pytest.mark.parametrize(
    "address",
    [
        "/tasks/ledgers/",
        "/tasks/ledgers/{ledger}/",
        "/tasks/ledgers/{ledger}/rows/new/",
        "/tasks/ledgers/rows/{row}/",
    ],
)
def test_every_page_says_that_secret_projects_do_not_belong_here(address: str) -> None:
    row = entry(land_ledger())
    address = address.format(ledger=row.ledger_id, row=row.pk)
    assert "涉密项目不得录入" in text_of(browser(member("department_officer")), address)


def test_a_ledger_that_does_not_exist_is_not_found() -> None:
    client = browser_of("viewer")
    for address in ("/tasks/ledgers/999999/", "/tasks/ledgers/rows/999999/"):
        assert client.get(address).status_code == 404


# -- the list -----------------------------------------------------------------------------------


def test_the_list_counts_by_state_and_filters() -> None:
    ledger = land_ledger()
    signed_entry(ledger)
    entry(ledger, "乙厂")
    entry(ledger, "丙厂")
    land_ledger("hazard", "青河隐患台账")
    page = text_of(browser_of("viewer"), "/tasks/ledgers/")
    assert "青河闲置土地台账" in page and "青河隐患台账" in page
    assert '<td class="num" data-label="未签字">2</td>' in page
    assert '<td class="num" data-label="在册">1</td>' in page
    by_kind = text_of(browser_of("viewer"), "/tasks/ledgers/?kind=hazard")
    assert "青河闲置土地台账" not in by_kind and "青河隐患台账" in by_kind
    by_word = text_of(browser_of("viewer"), "/tasks/ledgers/?q=闲置")
    assert "青河闲置土地台账" in by_word and "青河隐患台账" not in by_word
    assert "没有符合条件的台账" in text_of(browser_of("viewer"), "/tasks/ledgers/?q=没有这个")


def test_the_tasks_page_leads_to_the_ledgers() -> None:
    assert 'href="/tasks/ledgers/"' in text_of(browser_of("viewer"), "/tasks/")


# -- the table ----------------------------------------------------------------------------------


def titles_in(client: Client, address: str) -> list[str]:
    response = client.get(address)
    assert response.status_code == 200
    return [line.row.title for line in response.context["lines"]]


def test_numbers_sort_as_numbers_and_empty_cells_stand_last() -> None:
    ledger = land_ledger()
    for title, area in (("甲", "9"), ("乙", "10.5"), ("丙", ""), ("丁", "100")):
        entry(ledger, title, c2=area)
    address = f"/tasks/ledgers/{ledger.pk}/?sort="
    client = browser_of("viewer")
    assert titles_in(client, address + "c2") == ["甲", "乙", "丁", "丙"]
    assert titles_in(client, address + "-c2") == ["丁", "乙", "甲", "丙"]
    assert titles_in(client, address + "nothing") == ["甲", "乙", "丙", "丁"]


def test_the_table_is_filtered_by_words_state_and_department() -> None:
    ledger = land_ledger()
    signed_entry(ledger, "甲厂", c4="厂房")
    entry(ledger, "乙厂", "乙局", c4="空地")
    client, address = browser_of("viewer"), f"/tasks/ledgers/{ledger.pk}/"
    assert titles_in(client, address + "?q=空地") == ["乙厂"]
    assert titles_in(client, address + "?q=厂 空地") == ["乙厂"]
    assert titles_in(client, address + "?state=signed") == ["甲厂"]
    assert titles_in(client, address + f"?department={unit('乙局').slug}") == ["乙厂"]
    assert titles_in(client, address + "?state=nonsense") == ["甲厂", "乙厂"]
    assert "没有符合条件的条目" in text_of(client, address + "?q=没有这个")


def test_pages_of_long_ledgers_ask_a_constant_number_of_queries() -> None:
    ledger = land_ledger()
    for number in range(3):
        entry(ledger, f"厂{number}", c2=str(number))
    client = browser(member("department_head"))
    addresses = ("/tasks/ledgers/", f"/tasks/ledgers/{ledger.pk}/?sort=-c2&q=厂")
    few = [_reads(client, address) for address in addresses]
    LedgerRow.objects.bulk_create(
        LedgerRow(
            ledger=ledger,
            department=unit(),
            title=f"厂{n}",
            values={"c1": f"厂{n}", "c2": str(n)},
            created_at=AT,
            updated_at=AT,
        )
        for n in range(3, 160)
    )
    for number in range(20):
        land_ledger(title=f"第{number}本")
    assert all(_reads(client, address) <= before for address, before in zip(addresses, few, strict=True))
    assert max(few) <= MOST_QUERIES
    assert len(titles_in(client, addresses[1])) == 50
    assert titles_in(client, addresses[1] + "&page=2")[0] == "厂109"


def _reads(client: Client, address: str) -> int:
    catch_up(at=timezone.now())
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return reads_of_the_page(captured)


# -- entering and changing ----------------------------------------------------------------------


def test_an_entry_is_entered_and_changed_in_the_browser() -> None:
    ledger = land_ledger()
    client = browser(member("department_officer"))
    typed = {"department": unit().pk, "c1": "乙厂", "c2": "12.5", "c3": "2022-08-01", "c4": "空地"}
    response = client.post(f"/tasks/ledgers/{ledger.pk}/rows/new/", typed, follow=True)
    row = LedgerRow.objects.get()
    assert response.request["PATH_INFO"] == row.get_absolute_url()
    assert "已保存" in response.content.decode() and row.values["c2"] == "12.5"
    address = f"/tasks/ledgers/rows/{row.pk}/change/"
    assert 'value="12.5"' in text_of(client, address)
    client.post(address, {**typed, "version": 1, "c2": "13"})
    row.refresh_from_db()
    assert row.values["c2"] == "13"


def test_what_was_typed_stays_where_it_was_refused() -> None:
    ledger = land_ledger()
    client = browser(member("department_officer"))
    typed = {"department": unit().pk, "c1": "乙厂", "c2": "约十二", "c4": "空地"}
    response = client.post(f"/tasks/ledgers/{ledger.pk}/rows/new/", typed)
    page = response.content.decode()
    assert response.status_code == 400 and not LedgerRow.objects.exists()
    assert "占用面积应为数值，现在是“约十二”。" in page
    assert 'value="约十二"' in page and ">\n乙厂</textarea>" in page
    assert '<option value="空地" selected>' in page


def test_an_older_page_does_not_overwrite_a_newer_entry() -> None:
    row = entry(land_ledger())
    client = browser(member("department_officer"))
    address = f"/tasks/ledgers/rows/{row.pk}/change/"
    client.post(address, {"version": 1, "c1": "丙厂"})
    response = client.post(address, {"version": 1, "c1": "丁厂"})
    assert response.status_code == 409
    assert "丁厂" in response.content.decode()
    row.refresh_from_db()
    assert row.title == "丙厂"


def test_another_department_is_not_among_the_choices() -> None:
    ledger = land_ledger()
    typed = {"department": unit("乙局").pk, "c1": "乙厂"}
    response = browser(member("department_officer")).post(f"/tasks/ledgers/{ledger.pk}/rows/new/", typed)
    assert response.status_code == 400 and "请选择您所在的单位" in response.content.decode()
    assert not LedgerRow.objects.exists()


def test_who_keeps_no_units_entries_is_told_so_before_typing() -> None:
    address = f"/tasks/ledgers/{land_ledger().pk}/rows/new/"
    told = text_of(browser_of("duty_officer"), address)
    assert "您没有登记台账的职责" in told
    assert 'data-keep="ledger-' not in told
    assert 'data-keep="ledger-' in text_of(browser(member("department_officer")), address)


def test_the_same_entry_sent_twice_is_entered_once() -> None:
    ledger = land_ledger()
    client = browser(member("department_officer"))
    typed = {"department": unit().pk, "c1": "乙厂", "c2": "12"}
    address = f"/tasks/ledgers/{ledger.pk}/rows/new/"
    assert client.post(address, typed).status_code == 302
    response = client.post(address, typed)
    assert response.status_code == 409 and "没有重复登记" in response.content.decode()
    assert LedgerRow.objects.count() == 1


# -- steps --------------------------------------------------------------------------------------

POSTS: dict[str, tuple[str, dict[str, Any], set[Role]]] = {
    "close": ("signed", {"reason": "投用", "file": 1}, {Role.DEPARTMENT_HEAD}),
    "remove": ("signed", {"reason": "移出", "file": 1}, {Role.EDITOR, Role.SUPERVISOR}),
    "correct": ("signed", {"reason": "有误", "file": 1, "c1": "丙厂"}, {Role.EDITOR, Role.SUPERVISOR}),
    "check": ("signed", {"reason": "属实"}, {Role.SUPERVISOR}),
    "withdraw": ("draft", {"reason": "重复"}, {Role.DEPARTMENT_OFFICER, Role.DEPARTMENT_HEAD}),
    "change": ("draft", {"c1": "丙厂"}, {Role.DEPARTMENT_OFFICER, Role.DEPARTMENT_HEAD}),
}


@pytest.mark.parametrize("role", [*Role])
@pytest.mark.parametrize("step", POSTS)
def test_buttons_and_steps_by_role(step: str, role: Role) -> None:
    state, typed, allowed = POSTS[step]
    row = entry(land_ledger()) if state == "draft" else signed_entry(land_ledger())
    client = browser(member(role))
    address = f"/tasks/ledgers/rows/{row.pk}/{step}/"
    page = text_of(client, row.get_absolute_url())
    assert (address in page) == (role in allowed)
    posted = {name: paper() if name == "file" else value for name, value in typed.items()}
    response = client.post(address, posted)
    assert response.status_code == (302 if role in allowed else 403)
    row.refresh_from_db()
    assert row.events.count() == (2 if state == "signed" else 1) + (role in allowed)


def test_the_sign_button_stands_for_the_head_alone() -> None:
    ledger = land_ledger()
    row = entry(ledger)
    address = f"/tasks/ledgers/{ledger.pk}/sign/"
    for role in ("department_officer", "supervisor", "viewer"):
        assert address not in text_of(browser(member(role)), ledger.get_absolute_url())
    head = browser(member("department_head"))
    assert "签字确认 1 条" in text_of(head, ledger.get_absolute_url())
    page = head.post(address, {"department": unit().slug}, follow=True).content.decode()
    assert "已签字确认 1 条" in page and address not in page
    row.refresh_from_db()
    assert row.state == S.SIGNED
    again = head.post(address, {"department": unit().slug}, follow=True)
    assert "没有待签字的条目" in again.content.decode()
    assert head.post(address, {"department": "nowhere"}).status_code == 404


def test_a_refused_step_keeps_the_words_and_says_why() -> None:
    row = signed_entry(land_ledger())
    client = browser(member("department_head"))
    response = client.post(f"/tasks/ledgers/rows/{row.pk}/close/", {"reason": "已经投用"})
    page = response.content.decode()
    assert response.status_code == 400
    assert "请附上销号佐证" in page and "已经投用" in page
    empty = client.post(f"/tasks/ledgers/rows/{row.pk}/close/", {"reason": "", "file": paper()})
    assert empty.status_code == 400 and "请写明销号说明" in empty.content.decode()


def test_a_step_that_somebody_else_has_overtaken_keeps_the_words() -> None:
    row = signed_entry(land_ledger())
    close_row(actor=member("department_head"), at=AT, row=row, reason="投用", upload=paper())
    posted = {"reason": "我也来销号", "file": paper("另一份")}
    response = browser(member("department_head")).post(f"/tasks/ledgers/rows/{row.pk}/close/", posted)
    page = response.content.decode()
    assert response.status_code == 409
    assert "现在是“已销号”" in page and "我也来销号" in page


def test_the_page_of_an_entry_shows_history_and_evidence() -> None:
    row = signed_entry(land_ledger(), c2="3")
    close_row(actor=member("department_head"), at=AT, row=row, reason="已投用", upload=paper())
    page = text_of(browser_of("viewer"), row.get_absolute_url())
    for words in ("登记", "签字", "销号", "在册 → 已销号", "已投用", "说明.txt", "占用面积 3"):
        assert words in page


def test_an_unknown_step_is_not_found_and_steps_are_posted() -> None:
    row = entry(land_ledger())
    client = browser(member("department_officer"))
    assert client.post(f"/tasks/ledgers/rows/{row.pk}/burn/", {"reason": "x"}).status_code == 404
    assert client.get(f"/tasks/ledgers/rows/{row.pk}/withdraw/").status_code == 405


# -- approvals and stalled projects -------------------------------------------------------------


def test_an_approval_is_dealt_with_in_the_browser() -> None:
    row = entry(land_ledger("pending_approval"))
    client = browser(member("department_officer"))
    address = f"/tasks/ledgers/rows/{row.pk}/case/"
    wrong = client.post(address, {"received_on": "2022-08-10", "outcome": "approved"})
    assert wrong.status_code == 400 and "去向和办结日期应同时填写" in wrong.content.decode()
    typed = {"received_on": "2022-08-10", "outcome": "approved", "outcome_on": "2022-08-12"}
    assert client.post(address, {**typed, "approver": member("department_officer").pk}).status_code == 302
    page = text_of(client, row.get_absolute_url())
    assert "审批，2022年8月12日" in page
    assert browser(member("department_officer", "乙局")).get(address).status_code == 403


def test_a_stalled_project_gets_its_plan_in_the_browser() -> None:
    row = entry(land_ledger("stalled_project"))
    client = browser(member("department_head"))
    address = f"/tasks/ledgers/rows/{row.pk}/plan/"
    typed = {"kind": "unused", "way": "revive", "stage": "propose", "measures": "引入合作方"}
    wrong = client.post(address, typed)
    assert wrong.status_code == 400 and "引入合作方" in wrong.content.decode()
    assert client.post(address, {**typed, "file": paper("方案")}).status_code == 302
    page = text_of(client, row.get_absolute_url())
    for words in ("竣工未投用", "引导盘活", "引入合作方", "2023年12月31日", "三年内"):
        assert words in page


# -- averages and counts ------------------------------------------------------------------------


def test_the_lists_above_and_below_the_average() -> None:
    ledger = land_ledger("indicators")
    for title, area in (("甲", "0.1"), ("乙", "0.2"), ("丙", "0.3"), ("丁", "")):
        entry(ledger, title, c2=area)
    gone = signed_entry(ledger, "戊", "乙局", c2="100")
    close_row(actor=member("department_head", "乙局"), at=AT, row=gone, reason="投用", upload=paper())
    response = browser_of("viewer").get(f"/tasks/ledgers/{ledger.pk}/averages/?column=c2")
    split = response.context["split"]
    assert [row.title for row, _ in split.above] == ["丙", "乙"]
    assert [row.title for row, _ in split.below] == ["甲"]
    assert "0.2000" in response.content.decode()


def test_a_ledger_without_numbers_has_no_average() -> None:
    ledger = land_ledger()
    ledger.columns.filter(type="number").delete()
    assert "没有可以计算平均值的条目" in text_of(
        browser_of("viewer"), f"/tasks/ledgers/{ledger.pk}/averages/"
    )


def test_counts_over_time_come_from_the_history() -> None:
    ledger = land_ledger()
    signed_entry(ledger)
    entry(ledger, "乙厂")
    page = browser_of("viewer").get(ledger.get_absolute_url())
    (day,) = page.context["history"]
    assert (day.day.isoformat(), day.draft, day.signed, day.closed, day.removed) == ("2031-08-10", 1, 1, 0, 0)


# -- exports ------------------------------------------------------------------------------------


def test_the_csv_holds_what_was_asked_for_and_no_formulas() -> None:
    ledger = land_ledger()
    entry(ledger, "=HYPERLINK(1)", c2="-5")
    signed_entry(ledger, "乙厂", "乙局")
    response = browser_of("viewer").get(f"/tasks/ledgers/{ledger.pk}/rows.csv?state=draft")
    head, line = csv.reader(io.StringIO(response.content.decode("utf-8-sig")))
    assert head[:4] == ["编号", "版次", "项目名称", "占用面积（亩）"]
    assert line[2] == "'=HYPERLINK(1)" and line[6] == "甲局"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "＝1+1", "=cmd|' /C calc'!A0"])
def test_no_cell_of_the_workbook_runs(text: str) -> None:
    ledger = land_ledger()
    row = entry(ledger, "甲厂")
    LedgerRow.objects.filter(pk=row.pk).update(
        title=text, values={"c1": text, "c2": "1200.5", "c3": "2022-08-01"}
    )
    response = browser_of("viewer").get(f"/tasks/ledgers/{ledger.pk}/rows.xlsx")
    sheet = load_workbook(io.BytesIO(response.content)).worksheets[0]
    name, area, day = (sheet.cell(2, column) for column in (3, 4, 5))
    assert (name.data_type, name.value) == ("s", text)
    assert (area.data_type, float(str(area.value))) == ("n", 1200.5)
    assert isinstance(day.value, datetime)
    assert not any(cell.data_type == "f" for line in sheet.iter_rows() for cell in line)

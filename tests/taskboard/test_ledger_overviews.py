"""Pending approvals with red lights, stalled projects with plans, and their periodic reports."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.models import AuditEntry
from notifications.models import Message
from organizations.models import User
from taskboard.ledgers.disposals import disposals_of
from taskboard.models.ledgers import DisposalPlan, Ledger, LedgerReport, LedgerRow
from taskboard.services.ledgers import answer_complaint, keep_plan, record_case, record_complaint
from taskboard.services.ledgers.cases import CaseContent, PlanContent
from taskboard.services.ledgers.complaints import unanswered
from taskboard.services.ledgers.periodic import file_ledger_report, open_ledger_reports
from taskboard.services.ledgers.redlights import tell_red_lights
from tests.accounts import browser_of, reads_of_the_page
from tests.taskboard.ledgerworld import entry, land_ledger, member, paper, signed_entry

pytestmark = pytest.mark.django_db
# Monday, 1 August 2022, and Tuesday of the week after: the first review was due the day before.
RECEIVED, RED_DAY = date(2022, 8, 1), date(2022, 8, 9)
AT = datetime(2022, 8, 9, 1, 0, tzinfo=UTC)
MOST_QUERIES = 15


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(AT, tick=False):
        yield


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def approval(title: str = "甲厂", ledger: Ledger | None = None, **case: Any) -> LedgerRow:
    row = entry(ledger or land_ledger("pending_approval", "青河待批项目台账"), title)
    content = CaseContent(**{"received_on": RECEIVED, **case})
    record_case(actor=member("department_officer"), at=AT, row=row, content=content)
    return row


# -- red lights ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "number"), [(date(2022, 8, 8), 0), (RED_DAY, 1), (date(2022, 8, 10), 1)])
def test_the_approver_is_told_the_day_after_the_limit(day: date, number: int) -> None:
    head = member("department_head")
    approval(approver=head)
    assert tell_red_lights(on_day=day, at=AT) == number
    assert Message.objects.filter(recipient=head, subject__startswith="红灯：甲厂 初审").count() == number


def test_a_red_light_is_told_once_and_the_officers_where_no_approver_is_named() -> None:
    approval()
    assert tell_red_lights(on_day=RED_DAY, at=AT) == 1
    assert tell_red_lights(on_day=RED_DAY + timedelta(days=5), at=AT) == 0
    assert Message.objects.get().recipient == member("department_officer")


def test_an_approver_who_left_is_not_told() -> None:
    head = member("department_head")
    approval(approver=head)
    User.objects.filter(pk=head.pk).update(is_active=False)
    tell_red_lights(on_day=RED_DAY, at=AT)
    assert [message.recipient for message in Message.objects.all()] == [member("department_officer")]


def test_what_is_decided_or_reviewed_in_time_shows_no_red_light() -> None:
    ledger = land_ledger("pending_approval")
    approval("甲厂", ledger, reviewed_on=RECEIVED)
    approval("乙厂", ledger, outcome="approved", outcome_on=RED_DAY)
    assert tell_red_lights(on_day=RED_DAY, at=AT) == 0


def test_an_outcome_takes_back_what_still_waits() -> None:
    row = approval()
    tell_red_lights(on_day=RED_DAY, at=AT)
    content = CaseContent(RECEIVED, outcome="returned", outcome_on=RED_DAY)
    row.refresh_from_db()
    record_case(actor=member("department_officer"), at=AT, row=row, content=content)
    assert Message.objects.get().state == Message.State.CANCELLED


@pytest.mark.parametrize(("day", "allowed"), [(date(2022, 9, 30), True), (date(2022, 10, 1), False)])
def test_from_october_on_nothing_is_received_offline(day: date, allowed: bool) -> None:
    row = entry(land_ledger("pending_approval"))
    content = CaseContent(day, offline=True)
    at = datetime(2022, 10, 9, 1, 0, tzinfo=UTC)
    if allowed:
        assert record_case(actor=None, at=at, row=row, content=content).offline
    else:
        with pytest.raises(InvalidInput, match="2022年10月起"):
            record_case(actor=None, at=at, row=row, content=content)


# -- the page of approvals ----------------------------------------------------------------------


def titles(client: Client, address: str) -> list[str]:
    response = client.get(address)
    assert response.status_code == 200
    return [line[0].text for line in response.context["lines"]]


def test_approvals_are_listed_by_light_outcome_and_complaint() -> None:
    ledger = land_ledger("pending_approval")
    red = approval("甲厂", ledger)
    approval("乙厂", ledger, outcome="forwarded", outcome_on=RECEIVED)
    entry(ledger, "丙厂")
    red.refresh_from_db()
    record_complaint(actor=member("department_officer"), at=AT, row=red, reason="拖了两个月")
    client, address = browser_of("viewer"), f"/tasks/ledgers/{ledger.pk}/approvals/"
    assert sorted(titles(client, address)) == sorted(["甲厂", "乙厂", "丙厂"])
    assert titles(client, f"{address}?light=red") == ["甲厂"]
    assert titles(client, f"{address}?light=grey") == ["丙厂"]
    assert titles(client, f"{address}?outcome=forwarded") == ["乙厂"]
    assert titles(client, f"{address}?outcome=none&q=丙") == ["丙厂"]
    assert titles(client, f"{address}?complained=1") == ["甲厂"]
    assert titles(client, f"{address}?sort=-complaints")[0] == "甲厂"
    assert titles(client, f"{address}?sort=received")[-1] == "丙厂"
    page = client.get(address)
    assert [(m.month, m.overdue, m.complaints) for m in page.context["months"]] == [(RECEIVED, 1, 1)]
    text = page.content.decode()
    assert "涉密项目不得录入" in text and "初审逾期 1 天" in text
    assert f"/tasks/ledgers/{ledger.pk}/approvals/" in client.get(ledger.get_absolute_url()).content.decode()


def test_the_page_of_an_entry_shows_its_clocks_and_how_they_were_counted() -> None:
    text = browser_of("viewer").get(approval().get_absolute_url()).content.decode()
    assert "2022年8月8日" in text and "5个工作日内完成初审" in text and "逾期 1 天" in text


def test_the_workbook_of_approvals() -> None:
    row = approval()
    content = browser_of("viewer").get(f"/tasks/ledgers/{row.ledger_id}/approvals.xlsx").content
    lines = [[cell.value for cell in line] for line in load_workbook(BytesIO(content)).worksheets[0]]
    assert lines[0][:4] == ["项目", "审批部门", "审批人", "受理日期"]
    assert lines[1][0] == "甲厂" and lines[1][5] == "初审逾期 1 天" and lines[1][7] == 0


@pytest.mark.parametrize("name", ["approvals", "disposals"])
def test_only_ledgers_of_the_kind_have_the_page(name: str) -> None:
    assert browser_of("viewer").get(f"/tasks/ledgers/{land_ledger().pk}/{name}/").status_code == 404


PLACES = (
    ("pending_approval", "approvals/"),
    ("pending_approval", "approvals.xlsx"),
    ("stalled_project", "disposals/"),
    ("stalled_project", "disposals.xlsx"),
    ("stalled_project", "reports/"),
    ("stalled_project", "reports.xlsx"),
)


@pytest.mark.parametrize(("kind", "place"), PLACES)
@pytest.mark.parametrize(
    ("role", "status"), [("anonymous", 302), (None, 403), ("viewer", 200), ("department_officer", 200)]
)
def test_overviews_are_for_staff(kind: str, place: str, role: str | None, status: int) -> None:
    ledger = land_ledger(kind)
    assert browser_of(role).get(f"/tasks/ledgers/{ledger.pk}/{place}").status_code == status


def test_many_approvals_cost_as_many_queries_as_one() -> None:
    ledger = land_ledger("pending_approval")
    approval("甲厂", ledger)
    client, address = browser_of("viewer"), f"/tasks/ledgers/{ledger.pk}/approvals/"
    few = cost(client, address)
    for number in range(5):
        approval(f"厂{number}", ledger)
    assert cost(client, address) == few <= MOST_QUERIES


def cost(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return reads_of_the_page(captured)


# -- complaints of the 12345 line ---------------------------------------------------------------


def test_a_complaint_is_told_to_the_approver_and_waits_for_an_answer() -> None:
    head = member("department_head")
    row = approval(approver=head)
    record_complaint(actor=member("supervisor"), at=AT, row=row, reason="拖了两个月")
    assert Message.objects.get().recipient == head
    client, address = browser(member("department_officer")), f"/tasks/ledgers/{row.ledger_id}/approvals/"
    assert titles(client, f"{address}?complained=open") == ["甲厂"]
    assert "1 件未答复" in client.get(address).content.decode()
    assert client.post(f"{row.get_absolute_url()}reply/", {"reason": "已批复"}).status_code == 302
    assert titles(client, f"{address}?complained=open") == []
    assert titles(client, f"{address}?complained=1") == ["甲厂"]
    assert Message.objects.get().state == Message.State.CANCELLED


def test_without_a_complaint_there_is_nothing_to_answer() -> None:
    row = approval()
    with pytest.raises(StateConflict, match="没有未答复的12345投诉"):
        answer_complaint(actor=member("department_officer"), at=AT, row=row, reason="已批复")
    assert "reply" not in browser(member("department_officer")).get(row.get_absolute_url()).context["steps"]


def test_a_second_complaint_after_the_answer_waits_again() -> None:
    row = approval()
    officer = member("department_officer")
    for step in (record_complaint, answer_complaint, record_complaint, record_complaint):
        step(actor=officer, at=AT, row=row, reason="说明")
    assert unanswered(row) == 2


# -- the list of ledgers and the lists by average ------------------------------------------------


def lines_of(content: bytes) -> list[list[Any]]:
    return [[cell.value for cell in line] for line in load_workbook(BytesIO(content)).worksheets[0]]


def test_ledgers_sort_and_go_out_as_a_workbook() -> None:
    few, many = land_ledger(title="甲台账"), land_ledger("hazard", "乙台账")
    entry(few)
    for number in range(2):
        entry(many, f"厂{number}")
    client = browser_of("viewer")

    def order(query: str) -> list[str]:
        return [ledger.title for ledger in client.get(f"/tasks/ledgers/?sort={query}").context["page"]]

    assert order("-draft") == ["乙台账", "甲台账"]
    assert order("draft") == ["甲台账", "乙台账"]
    assert order("nothing") == ["甲台账", "乙台账"]
    lines = lines_of(client.get("/tasks/ledgers/ledgers.xlsx?kind=hazard").content)
    assert lines[0][0] == "台账" and [line[0] for line in lines[1:]] == ["乙台账"]
    assert lines[1][6:] == [2, 0, 0, 0]


def test_the_lists_by_average_go_out_as_a_workbook() -> None:
    ledger = land_ledger()
    for title, area in (("甲厂", "9"), ("乙厂", "10"), ("丙厂", "11")):
        entry(ledger, title, c2=area)
    address = f"/tasks/ledgers/{ledger.pk}/averages.xlsx"
    lines = lines_of(browser_of("viewer").get(address).content)
    assert [(line[0], line[2], line[4]) for line in lines[1:]] == [
        ("丙厂", 11, "以上（含）"),
        ("乙厂", 10, "以上（含）"),
        ("甲厂", 9, "以下"),
    ]
    assert address in browser_of("viewer").get(f"/tasks/ledgers/{ledger.pk}/averages/").content.decode()
    empty = land_ledger(title="空台账")
    assert browser_of("viewer").get(f"/tasks/ledgers/{empty.pk}/averages.xlsx").status_code == 404


@pytest.mark.parametrize(("role", "status"), [("anonymous", 302), (None, 403), ("viewer", 200)])
def test_workbooks_of_ledgers_are_for_staff(role: str | None, status: int) -> None:
    ledger = land_ledger()
    entry(ledger, c2="9")
    for address in ("ledgers.xlsx", f"{ledger.pk}/averages.xlsx"):
        assert browser_of(role).get(f"/tasks/ledgers/{address}").status_code == status


# -- stalled projects ---------------------------------------------------------------------------


def stalled(title: str = "甲楼", ledger: Ledger | None = None, **plan: str) -> LedgerRow:
    row = signed_entry(ledger or land_ledger("stalled_project", "青河“半拉子”工程台账"), title)
    if plan:
        content = PlanContent(
            **{"kind": "unfinished", "way": "resume", "measures": "复工", "stage": "survey", **plan}
        )
        keep_plan(actor=None, at=AT, row=row, content=content, upload=paper(title))
    return row


def test_without_a_plan_the_entry_itself_says_kind_and_way() -> None:
    ledger = land_ledger("stalled_project")
    ledger.columns.all().delete()
    columns = (("项目名称", "text"), ("类型", "text"), ("处置方式", "text"))
    for order, (name, type_) in enumerate(columns, start=1):
        ledger.columns.create(order=order, name=name, type=type_)
    signed_entry(ledger, "甲楼", c2="未完工停建", c3="复工续建")
    signed_entry(ledger, "乙楼", c2="说不清")
    planned = signed_entry(ledger, "丙楼", c2="未完工停建", c3="复工续建")
    content = PlanContent(kind="unused", way="resume", measures="复工", stage="survey")
    keep_plan(actor=None, at=AT, row=planned, content=content, upload=paper("丙楼"))
    client, address = browser_of("viewer"), f"/tasks/ledgers/{ledger.pk}/disposals/"
    page = client.get(address)
    assert page.context["kinds"] == [("未完工停建", 1), ("竣工未投用", 1), ("未定", 1)]
    assert dict(page.context["ways"]) | {"复工续建": 2, "未定": 1} == dict(page.context["ways"])
    assert titles(client, f"{address}?kind=unfinished") == ["甲楼"]
    assert titles(client, f"{address}?kind=unused") == ["丙楼"]
    assert sorted(titles(client, f"{address}?way=resume")) == sorted(["甲楼", "丙楼"])
    text = page.content.decode()
    assert text.count("台账登记为未完工停建") == 1 and "台账登记为复工续建" not in text
    assert "没有方案的按台账登记的统计" in text


def test_stalled_projects_are_listed_by_kind_way_stage_and_plan() -> None:
    ledger = land_ledger("stalled_project")
    stalled("甲楼", ledger, kind="unused", way="court", stage="dispose")
    stalled("乙楼", ledger, way="demolish")
    stalled("丙楼", ledger)
    client, address = browser_of("viewer"), f"/tasks/ledgers/{ledger.pk}/disposals/"
    assert sorted(titles(client, address)) == sorted(["甲楼", "乙楼", "丙楼"])
    assert titles(client, f"{address}?kind=unused") == ["甲楼"]
    assert titles(client, f"{address}?way=demolish") == ["乙楼"]
    assert titles(client, f"{address}?stage=dispose") == ["甲楼"]
    assert titles(client, f"{address}?plan=without") == ["丙楼"]
    assert titles(client, f"{address}?sort=-stage") == ["甲楼", "乙楼", "丙楼"]
    page = client.get(address)
    assert page.context["kinds"] == [("未完工停建", 1), ("竣工未投用", 1), ("未定", 1)]
    assert [number for _, number in page.context["ways"]] == [0, 0, 0, 1, 1, 1]
    assert len(DisposalPlan.Way.choices) == 5
    text = page.content.decode()
    assert "三年内" in text and "2023年12月31日" in text and "涉密项目不得录入" in text


@pytest.mark.parametrize(
    ("day", "shape"),
    [
        (date(2022, 8, 23), "green"),
        (date(2022, 8, 24), "yellow"),
        (date(2022, 8, 31), "yellow"),
        (date(2022, 9, 1), "red"),
    ],
)
def test_a_stage_is_lit_by_its_last_day(day: date, shape: str) -> None:
    row = stalled(stage="survey")
    assert [each.mark.shape for each in disposals_of(row.ledger, day)] == [shape]


@pytest.mark.parametrize(("day", "shape"), [(date(2022, 10, 31), "yellow"), (date(2022, 11, 1), "red")])
def test_each_project_has_its_plan_by_the_end_of_october(day: date, shape: str) -> None:
    row = stalled()
    assert [(d.mark.shape, d.mark.word) for d in disposals_of(row.ledger, day)] == [(shape, "未制定方案")]


# -- periodic reports ---------------------------------------------------------------------------


def reporting() -> LedgerRow:
    """A signed project of a document with the two rhythms; the signature is of 10 August 2031."""
    row = stalled()
    rules = row.ledger.directive.reporting_rules
    rules.create(rhythm="half_monthly", ends_on=date(2031, 9, 30))
    rules.create(rhythm="monthly", starts_on=date(2031, 10, 1))
    return row


@pytest.mark.parametrize(
    ("day", "ends"),
    [
        (date(2031, 8, 9), []),
        (date(2031, 8, 10), [(8, 15)]),
        (date(2031, 8, 16), [(8, 15), (8, 31)]),
        (date(2031, 10, 1), [(8, 15), (8, 31), (9, 15), (9, 30), (10, 31)]),
        (date(2031, 11, 1), [(8, 15), (8, 31), (9, 15), (9, 30), (10, 31), (11, 30)]),
    ],
)
def test_half_monthly_until_september_then_monthly(day: date, ends: list[tuple[int, int]]) -> None:
    row = reporting()
    opened = open_ledger_reports(on_day=day, at=AT)
    assert opened == len(ends)
    assert open_ledger_reports(on_day=day, at=AT) == 0
    found = row.ledger.periodic_reports.order_by("period_end")
    assert [(r.period_end.month, r.period_end.day) for r in found] == ends


def test_a_unit_without_signed_entries_owes_nothing() -> None:
    row = entry(land_ledger("stalled_project"))
    row.ledger.directive.reporting_rules.create(rhythm="monthly")
    assert open_ledger_reports(on_day=date(2031, 9, 1), at=AT) == 0


def due_report() -> LedgerReport:
    reporting()
    open_ledger_reports(on_day=date(2031, 8, 12), at=AT)
    return LedgerReport.objects.get()


@pytest.mark.parametrize(("day", "state"), [(15, "met"), (16, "met_late")])
def test_the_last_day_is_in_time_and_the_next_is_late(day: int, state: str) -> None:
    report = due_report()
    at = datetime(2031, 8, day, 1, 0, tzinfo=UTC)
    file_ledger_report(actor=member("department_officer"), at=at, report=report, progress="已进场")
    assert (report.state, report.met_at, report.progress) == (state, at, "已进场")
    assert not Message.objects.filter(about=f"ledger-report:{report.pk}", state="pending").exists()
    assert AuditEntry.objects.filter(action="ledger_report.file").exists()


@pytest.mark.parametrize(
    ("day", "to"),
    [
        (11, []),
        (12, ["department_officer"]),
        (15, ["department_officer"]),
        (16, ["department_head", "department_officer"]),
    ],
)
def test_units_are_reminded_of_their_reports(day: int, to: list[str]) -> None:
    reporting()
    member("department_officer")
    open_ledger_reports(on_day=date(2031, 8, day), at=AT)
    told = Message.objects.filter(about__startswith="ledger-report:").order_by("recipient__username")
    assert [m.recipient.username.split("-")[0] for m in told if m.recipient] == to


def test_a_report_is_filed_once_and_by_its_unit() -> None:
    report = due_report()
    at = datetime(2031, 8, 14, 1, 0, tzinfo=UTC)
    for stranger in (member("viewer"), member("supervisor"), member("department_officer", "乙局")):
        with pytest.raises(PermissionRefused):
            file_ledger_report(actor=stranger, at=at, report=report, progress="替报")
    with pytest.raises(InvalidInput, match="请写明处置进展"):
        file_ledger_report(actor=member("department_officer"), at=at, report=report, progress=" ")
    again = LedgerReport.objects.get(pk=report.pk)
    file_ledger_report(actor=member("department_officer"), at=at, report=report, progress="已进场")
    with pytest.raises(StateConflict, match="已于8月14日 09:00报送这一期"):
        file_ledger_report(actor=member("department_head"), at=at, report=again, progress="再报")


def test_a_report_is_filed_in_the_browser() -> None:
    report = due_report()
    address = report.get_absolute_url()
    client = browser(member("department_officer"))
    listed = client.get(f"/tasks/ledgers/{report.ledger_id}/reports/").content.decode()
    assert address in listed and "待确认" in listed
    assert '<textarea name="progress"' not in browser_of("viewer").get(address).content.decode()
    refused = client.post(address, {"progress": "", "problems": "缺钱"})
    assert refused.status_code == 400 and "缺钱" in refused.content.decode()
    assert browser(member("viewer")).post(address, {"progress": "替报"}).status_code == 403
    assert client.post(address, {"progress": "已进场", "problems": "缺钱"}).status_code == 302
    assert "已进场" in browser_of("viewer").get(address).content.decode()
    found = browser_of("viewer").get(f"/tasks/ledgers/{report.ledger_id}/reports/?state=met")
    assert [line[0].text for line in found.context["lines"]] == ["甲局"]

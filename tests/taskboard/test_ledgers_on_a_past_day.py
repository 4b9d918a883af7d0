"""Ledgers as of a past day: entries, cases, plans and counts out of their history, to read only."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from taskboard.models import ReportingRule
from taskboard.models.ledgers import Ledger, LedgerReport, LedgerRow
from taskboard.pasttasks import end_of
from taskboard.services.ledgers import (
    add_row,
    answer_complaint,
    change_row,
    close_row,
    correct_row,
    keep_plan,
    record_case,
    record_complaint,
    sign_ledger,
    spot_check,
)
from taskboard.services.ledgers.cases import CaseContent, PlanContent
from tests.accounts import reads_of_the_page
from tests.taskboard.ledgerworld import AT, land_ledger, member, paper, unit
from tests.taskboard.sheets import sheet_of

pytestmark = pytest.mark.django_db
MOST_QUERIES = 15
HEAD = ("department_head", "甲局")


def on(day: int) -> datetime:
    return AT + timedelta(days=day - 10)


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    with time_machine.travel(on(25), tick=False):
        yield land_ledger()


def lived(ledger: Ledger) -> LedgerRow:
    """Entered on the 10th, changed on the 11th, signed on the 12th, corrected on the 13th, closed on the
    14th, reopened on the 15th, moved out on the 16th.
    """
    row = add_row(actor=None, at=on(10), ledger=ledger, department=unit(), values={"c1": "甲厂", "c2": "10"})
    step: dict[str, Any] = {"row": row}
    change_row(actor=member(*HEAD), at=on(11), values={"c1": "甲厂", "c2": "20"}, **step)
    sign_ledger(actor=member(*HEAD), at=on(12), ledger=ledger, department=unit())
    row.refresh_from_db()
    decided: dict[str, Any] = {"actor": member("supervisor"), "reason": "会议决定", "upload": paper()}
    correct_row(at=on(13), values={"c1": "甲一厂", "c2": "30"}, **decided, **step)
    close_row(actor=member(*HEAD), at=on(14), reason="已复工", upload=paper("已复工"), **step)
    spot_check(actor=member("supervisor"), at=on(15), passed=False, reason="未见动工", **step)
    decided["upload"] = paper("移出")
    correct_row(at=on(16), values=None, **decided, **step)
    return row


def get(address: str, day: int | str, **query: str) -> Any:
    client = Client()
    client.force_login(member("supervisor"))
    asked = f"2031-08-{day:02}" if isinstance(day, int) else day
    return client.get(address, {"as_of": asked, **query})


THEN = [
    (10, "甲厂", "10", "draft"),
    (11, "甲厂", "20", "draft"),
    (12, "甲厂", "20", "signed"),
    (13, "甲一厂", "30", "signed"),
    (14, "甲一厂", "30", "closed"),
    (15, "甲一厂", "30", "signed"),
    (16, "甲一厂", "30", "removed"),
]
WORDS = {"draft": "未签字", "signed": "在册", "closed": "已销号", "removed": "已移出"}


@pytest.mark.parametrize(("day", "title", "area", "state"), THEN)
def test_every_page_tells_the_same_of_the_day(
    ledger: Ledger, day: int, title: str, area: str, state: str
) -> None:
    row, place = lived(ledger), ledger.get_absolute_url()
    page = get(place, day)
    (line,) = page.context["lines"]
    assert (line.row.title, line.cells[1].value, line.row.state) == (title, area, state)
    expected = {each: int(each == state) for each in WORDS}
    assert page.context["counts"] == expected
    assert page.context["history"][-1].day <= date(2031, 8, day)
    (listed,) = get("/tasks/ledgers/", day).context["page"]
    assert {each: getattr(listed, f"n_{each}") for each in WORDS} == expected
    (_, cells) = list(sheet_of(get(f"{place}rows.xlsx", day).content))
    assert [cells[2].value, cells[3].value, cells[7].value] == [title, int(area), WORDS[state]]
    csv = get(f"{place}rows.csv", day).content.decode("utf-8-sig").splitlines()
    assert title in csv[1] and area in csv[1] and WORDS[state] in csv[1]
    (_, counted) = list(sheet_of(get("/tasks/ledgers/ledgers.xlsx", day).content))
    assert [cell.value for cell in counted][6:] == [expected[each] for each in WORDS]
    own = get(row.get_absolute_url(), day)
    assert (own.context["row"].title, own.context["row"].state) == (title, state)
    assert len(own.context["events"]) == day - 9


def test_what_was_entered_later_is_not_there(ledger: Ledger) -> None:
    row, place = lived(ledger), ledger.get_absolute_url()
    page = get(place, 9)
    assert page.context["lines"] == [] and set(page.context["counts"].values()) == {0}
    (listed,) = get("/tasks/ledgers/", 9).context["page"]
    assert listed.n_draft == listed.n_removed == 0
    assert get(row.get_absolute_url(), 9).status_code == 404


@pytest.mark.parametrize(("shift", "state"), [(-1, "signed"), (0, "draft"), (1, "draft")])
def test_a_day_ends_at_midnight_of_the_city(ledger: Ledger, shift: int, state: str) -> None:
    row = lived(ledger)
    row.events.filter(action="sign").update(at=end_of(date(2031, 8, 11)) + timedelta(microseconds=shift))
    (line,) = get(ledger.get_absolute_url(), 11).context["lines"]
    (listed,) = get("/tasks/ledgers/", 11).context["page"]
    assert line.row.state == state and getattr(listed, f"n_{state}") == 1


def test_a_step_that_names_no_state_before_it_counts_as_the_row_is_shown(ledger: Ledger) -> None:
    row = lived(ledger)
    row.events.filter(action="sign").update(from_state="")
    (line,) = get(ledger.get_absolute_url(), 11).context["lines"]
    (listed,) = get("/tasks/ledgers/", 11).context["page"]
    counts = {state: getattr(listed, f"n_{state}") for state in WORDS}
    assert counts == {state: int(state == line.row.state) for state in WORDS}


@pytest.mark.parametrize(("shift", "number"), [(-1, 1), (0, 0), (1, 0)])
def test_an_entry_is_there_from_the_day_that_ends_after_it(ledger: Ledger, shift: int, number: int) -> None:
    row = lived(ledger)
    at = end_of(date(2031, 8, 9)) + timedelta(microseconds=shift)
    LedgerRow.objects.filter(pk=row.pk).update(created_at=at)
    row.events.filter(action="add").update(at=at)
    assert len(get(ledger.get_absolute_url(), 9).context["lines"]) == number
    (listed,) = get("/tasks/ledgers/", 9).context["page"]
    assert listed.n_draft == number


def test_conditions_ask_for_what_was_then(ledger: Ledger) -> None:
    lived(ledger)
    for title, area in (("乙厂", "5"), ("丙厂", "100"), ("丁厂", "")):
        values = {"c1": title, "c2": area}
        add_row(actor=None, at=on(10), ledger=ledger, department=unit("乙局"), values=values)
    place = ledger.get_absolute_url()

    def found(day: int, **query: str) -> list[str]:
        return [line.row.title for line in get(place, day, **query).context["lines"]]

    assert [found(day, q="甲厂") for day in (12, 13)] == [["甲厂"], []]
    assert [found(day, state="signed") for day in (11, 12)] == [[], ["甲厂"]]
    assert found(11, department=unit("乙局").slug) == ["乙厂", "丙厂", "丁厂"]
    assert found(11, sort="c2") == ["乙厂", "甲厂", "丙厂", "丁厂"]
    assert found(11, sort="-c2") == ["丙厂", "甲厂", "乙厂", "丁厂"]
    split = get(f"{place}averages/", 11, column="c2").context["split"]
    assert [row.title for row, _ in split.above] == ["丙厂"]
    assert [row.title for row, _ in split.below] == ["甲厂", "乙厂"]
    lines = list(sheet_of(get(f"{place}averages.xlsx", 14, column="c2").content))[1:]
    assert [line[0].value for line in lines] == ["丙厂", "乙厂"]


def test_a_sheet_of_a_past_day_does_not_come_back_in(ledger: Ledger) -> None:
    row = add_row(actor=None, at=on(10), ledger=ledger, department=unit(), values={"c1": "甲厂"})
    change_row(actor=None, at=on(12), row=row, values={"c1": "甲二厂"})
    head = member(*HEAD)
    client = Client()
    client.force_login(head)
    sheet = client.get(f"{ledger.get_absolute_url()}rows.xlsx", {"as_of": "2031-08-11"})
    sent = SimpleUploadedFile("甲.xlsx", sheet.content)
    page = client.post(
        f"{ledger.get_absolute_url()}import/", {"file": sent, "department": unit().pk}
    ).content.decode()
    assert "在导出之后被改过" in page


def approval(ledger: Ledger) -> LedgerRow:
    """Received on the 1st, entered on the 10th; reviewed on the 12th, approved on the 14th; a complaint on
    the 11th, answered on the 13th.
    """
    Ledger.objects.filter(pk=ledger.pk).update(kind="pending_approval")
    ledger.refresh_from_db()
    row = add_row(actor=None, at=on(10), ledger=ledger, department=unit(), values={"c1": "甲厂"})
    officer = member("department_officer")

    def case(day: int, **values: Any) -> None:
        content = CaseContent(date(2031, 8, 1), approver=officer, **values)
        record_case(actor=officer, at=on(day), row=row, content=content)

    case(10)
    record_complaint(actor=officer, at=on(11), row=row, reason="等了很久")
    case(12, reviewed_on=date(2031, 8, 12))
    answer_complaint(actor=officer, at=on(13), row=row, reason="已办")
    case(14, reviewed_on=date(2031, 8, 12), outcome="approved", outcome_on=date(2031, 8, 14))
    return row


@pytest.mark.parametrize(
    ("day", "reviewed", "outcome", "told"),
    [
        (10, False, "", (0, 0)),
        (11, False, "", (1, 1)),
        (12, True, "", (1, 1)),
        (13, True, "", (1, 0)),
        (14, True, "审批", (1, 0)),
    ],
)
def test_approvals_are_those_of_the_day(
    ledger: Ledger, day: int, reviewed: bool, outcome: str, told: tuple[int, int]
) -> None:
    row, place = approval(ledger), ledger.get_absolute_url()
    page = get(f"{place}approvals/", day)
    (line,) = page.context["page"]
    assert (bool(line.case.reviewed_on), line.outcome, (line.complaints, line.unanswered)) == (
        reviewed,
        outcome,
        told,
    )
    assert line.approver == str(member("department_officer"))
    (month,) = page.context["months"]
    assert (month.month, month.complaints, month.running) == (date(2031, 8, 1), told[0], True)
    (_, cells) = list(sheet_of(get(f"{place}approvals.xlsx", day).content))
    assert [cells[6].value, cells[7].value] == [outcome or "未定", told[0]]
    own = get(row.get_absolute_url(), day).context["case"]
    assert (bool(own.reviewed_on), own.get_outcome_display()) == (reviewed, outcome)


def test_plans_are_those_of_the_day(ledger: Ledger) -> None:
    Ledger.objects.filter(pk=ledger.pk).update(kind="stalled_project")
    ledger.refresh_from_db()
    row = add_row(actor=None, at=on(10), ledger=ledger, department=unit(), values={"c1": "甲楼"})
    officer, place = member("department_officer"), ledger.get_absolute_url()
    for day, way, stage in ((11, "resume", "survey"), (13, "court", "dispose")):
        content = PlanContent(kind="unfinished", way=way, measures=f"第{day}日的措施", stage=stage)
        keep_plan(actor=officer, at=on(day), row=row, content=content, upload=paper(str(day)))

    def told(day: int) -> Any:
        (line,) = get(f"{place}disposals/", day).context["page"]
        (_, cells) = list(sheet_of(get(f"{place}disposals.xlsx", day).content))
        own = get(row.get_absolute_url(), day).context["plan"]
        assert (own.measures if own else "") == (line.plan.measures if line.plan else "")
        assert cells[3].value == (line.way or "未定")
        return line.way, line.plan.stage if line.plan else ""

    assert [told(day) for day in (10, 11, 12, 13)] == [
        ("", ""),
        ("复工续建", "survey"),
        ("复工续建", "survey"),
        ("司法处置", "dispose"),
    ]


@pytest.mark.parametrize(("shift", "state"), [(-1, "met"), (0, "open"), (1, "open")])
def test_a_report_stands_as_handed_in_from_the_day_on_which_it_was(
    ledger: Ledger, shift: int, state: str
) -> None:
    rule = ReportingRule.objects.create(directive=ledger.directive, rhythm="monthly")
    LedgerReport.objects.create(
        ledger=ledger,
        rule=rule,
        department=unit(),
        period_start=date(2031, 8, 1),
        period_end=date(2031, 8, 31),
        state="met",
        met_at=end_of(date(2031, 8, 20)) + timedelta(microseconds=shift),
        progress="已开工",
    )
    place = f"{ledger.get_absolute_url()}reports/"
    assert len(get(place, "2031-07-31").context["page"]) == 0
    page = get(place, 20)
    assert ("已开工" in page.content.decode()) == (state == "met")
    assert [len(get(place, 20, state=each).context["page"]) for each in ("met", "open")] == [
        int(state == "met"),
        int(state == "open"),
    ]
    (_, cells) = list(sheet_of(get(f"{ledger.get_absolute_url()}reports.xlsx", 20).content))
    assert ("已报送" in cells[3].value) == (state == "met")


@pytest.mark.parametrize("role", ["department_head", "department_officer", "supervisor"])
def test_nothing_can_be_written_on_a_past_day(ledger: Ledger, role: str) -> None:
    row = add_row(actor=None, at=on(10), ledger=ledger, department=unit(), values={"c1": "甲厂"})
    client = Client()
    client.force_login(member(role))
    for address in (ledger.get_absolute_url(), row.get_absolute_url(), "/tasks/ledgers/"):
        page = client.get(address, {"as_of": "2031-08-12"}).content.decode()
        main = page[page.index("<main") : page.index("</main>")]
        assert 'method="post"' not in main and "/import/" not in main and "/change/" not in main
        assert "当天终了时的情况，只能查看" in main


@pytest.mark.parametrize("name", ["", "averages/", "approvals/", "disposals/", "reports/"])
def test_a_day_that_cannot_be_read_is_said_to_be_none(ledger: Ledger, name: str) -> None:
    kinds = {"approvals/": "pending_approval", "disposals/": "stalled_project"}
    Ledger.objects.filter(pk=ledger.pk).update(kind=kinds.get(name, "land"))
    page = get(f"{ledger.get_absolute_url()}{name}", "2031-02-30").content.decode()
    assert "没有“2031-02-30”这个日期，下面是今天的情况" in page


@pytest.mark.parametrize(
    "name", ["rows.csv", "rows.xlsx", "averages.xlsx", "approvals.xlsx", "disposals.xlsx", "reports.xlsx"]
)
def test_no_file_is_made_of_a_day_that_cannot_be_read(ledger: Ledger, name: str) -> None:
    kinds = {"approvals.xlsx": "pending_approval", "disposals.xlsx": "stalled_project"}
    Ledger.objects.filter(pk=ledger.pk).update(kind=kinds.get(name, "land"))
    answer = get(f"{ledger.get_absolute_url()}{name}", "昨天")
    assert answer.status_code == 400 and "没有导出" in answer.content.decode()


@pytest.mark.parametrize("name", ["", "averages/", "approvals/", "/tasks/ledgers/"])
def test_a_past_day_costs_a_constant_number_of_queries(ledger: Ledger, name: str) -> None:
    if name == "approvals/":
        Ledger.objects.filter(pk=ledger.pk).update(kind="pending_approval")
    path = name if name.startswith("/") else f"{ledger.get_absolute_url()}{name}"
    client, costs = Client(), []
    client.force_login(member("supervisor"))
    for number in (2, 12):
        for n in range(number):
            values = {"c1": f"厂{number}{n}", "c2": str(n)}
            add_row(actor=None, at=on(10), ledger=ledger, department=unit(), values=values)
        client.get(path, {"as_of": "2031-08-12"})
        with CaptureQueriesContext(connection) as captured:
            client.get(path, {"as_of": "2031-08-12"})
        costs.append(reads_of_the_page(captured))
    assert costs[0] == costs[1] <= MOST_QUERIES, costs

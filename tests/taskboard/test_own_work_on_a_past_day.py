"""One's own tasks, the calendar and the pages of tasks as of a past day: to read, not to work on."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from taskboard import services
from taskboard.models import ProgressReport, Signature, Task
from taskboard.pasttasks import end_of
from taskboard.printing import report_of
from taskboard.services.supervision.listings import list_matter
from tests.accounts import reads_of_the_page
from tests.taskboard.campaign import Campaign, campaign
from tests.taskboard.pastworld import FIRST_DUE, LATER_DUE, get, lived, on
from tests.taskboard.sheets import sheet_of

pytestmark = pytest.mark.django_db
MOST_QUERIES = 15


@pytest.fixture
def world() -> Iterator[Campaign]:
    with time_machine.travel(on(25), tick=False):
        yield lived(campaign())


def mine(world: Campaign, day: int, name: str = "lead", address: str = "/tasks/mine/") -> Any:
    return get(world, address, day, name)


def standing(page: Any) -> str:
    """Where the only task of the world stands on the page of one's own tasks."""
    context = page.context
    if context["cards"]:
        (card,) = context["cards"]
        return "to sign" if hasattr(card, "list_id") else "urgent"
    return "going" if context["going"] else "supported" if context["supported"] else "nothing"


# The water office leads until the 12th and supports from the 13th; the power office the other way round.
@pytest.mark.parametrize(
    ("name", "day", "where"),
    [
        ("lead", 7, "nothing"),
        ("lead", 8, "to sign"),
        ("lead", 9, "urgent"),
        ("lead", 12, "urgent"),
        ("lead", 13, "supported"),
        ("lead", 22, "supported"),
        ("lead", 23, "nothing"),
        ("supporter", 8, "to sign"),
        ("supporter", 13, "to sign"),
        ("supporter", 14, "urgent"),
        ("supporter", 20, "going"),
        ("supporter", 21, "urgent"),
        ("supporter", 22, "going"),
        ("supporter", 23, "nothing"),
        ("outsider", 14, "nothing"),
    ],
)
def test_own_tasks_stand_where_they_stood(world: Campaign, name: str, day: int, where: str) -> None:
    page = mine(world, day, name)
    assert standing(page) == where
    lines = list(sheet_of(mine(world, day, name, "/tasks/mine/tasks.xlsx").content))
    assert [line[4].value for line in lines[1:]] == (["清掏"] if where != "nothing" else [])


def test_a_card_tells_what_was_reported_and_due_then(world: Campaign) -> None:
    (first,) = mine(world, 10).context["cards"]
    assert (first.report.percent, first.row.task.percent, first.row.task.due) == (40, 40, FIRST_DUE)
    (later,) = mine(world, 15, "supporter").context["cards"]
    assert (later.report.percent, later.row.task.percent, later.row.task.due) == (70, 70, LATER_DUE)
    (before,) = mine(world, 14, "supporter").context["cards"]
    assert before.report.percent == 40


def test_closed_ones_are_counted_from_the_day_on_which_they_were_closed(world: Campaign) -> None:
    assert [mine(world, day).context["closed"] for day in (22, 23)] == [0, 1]


@pytest.mark.parametrize(("shift", "where"), [(-1, "urgent"), (0, "to sign"), (1, "to sign")])
def test_a_signature_counts_for_the_day_that_ends_after_it(world: Campaign, shift: int, where: str) -> None:
    at = end_of(date(2023, 5, 8)) + timedelta(microseconds=shift)
    Signature.objects.filter(department=world.water).update(at=at)
    signed = Task.objects.get().transitions.filter(action="sign").earliest("at")
    signed.delete()
    assert standing(mine(world, 8)) == where


@pytest.mark.parametrize(("shift", "percent"), [(-1, 40), (0, None), (1, None)])
def test_a_report_counts_for_the_day_that_ends_after_it(
    world: Campaign, shift: int, percent: int | None
) -> None:
    at = end_of(date(2023, 5, 9)) + timedelta(microseconds=shift)
    ProgressReport.objects.order_by("at").filter(percent=40).update(at=at)
    (card,) = mine(world, 9).context["cards"]
    assert (card.report.percent if card.report else None) == percent


def test_what_was_issued_later_is_not_counted(world: Campaign) -> None:
    late = world.task("draft", title="后来下发")
    services.issue_list(
        actor=world.supervisor, at=on(12), task_list=world.task_list, tasks=[late.pk], ends_on=None
    )
    titles = {day: [row[4].value for row in sheet(world, day)] for day in (11, 12)}
    assert titles == {11: ["清掏"], 12: ["清掏", "后来下发"]}
    assert [month(world, day).context["total"] for day in (11, 12)] == [1, 2]


def sheet(world: Campaign, day: int) -> list[Any]:
    return list(sheet_of(mine(world, day, "lead", "/tasks/mine/tasks.xlsx").content))[1:]


def month(world: Campaign, day: int, name: str = "supervisor", **query: str) -> Any:
    return get(world, "/tasks/calendar/", day, name, month="2023-05", **query)


@pytest.mark.parametrize(
    ("day", "due", "word"),
    [
        (7, None, ""),
        (8, FIRST_DUE, "临期"),
        (10, FIRST_DUE, "临期"),
        (11, LATER_DUE, "临期"),
        (18, LATER_DUE, "临期"),
        (19, LATER_DUE, "逾期"),
        (20, LATER_DUE, "逾期补报"),
    ],
)
def test_the_calendar_has_the_due_dates_and_lights_of_the_day(
    world: Campaign, day: int, due: date | None, word: str
) -> None:
    cells = [cell for week in month(world, day).context["weeks"] for cell in week if cell and cell.count]
    assert [(cell.day, cell.rows[0].light.word) for cell in cells] == ([(due, word)] if due else [])
    client = Client()
    client.force_login(world.supervisor)
    whole = client.get("/tasks/calendar/", {"as_of": f"2023-05-{day:02}", "day": str(due or FIRST_DUE)})
    assert [row.light.word for row in whole.context["rows"]] == ([word] if due else [])
    lines = list(sheet_of(get(world, "/tasks/calendar/month.xlsx", day, month="2023-05").content))[1:]
    assert [(line[8].value, line[11].value) for line in lines] == ([(str(due), word)] if due else [])


def test_the_calendar_of_a_department_is_that_of_the_day(world: Campaign) -> None:
    totals = {
        name: [month(world, day, name, scope="mine").context["total"] for day in (7, 8, 23)]
        for name in ("lead", "supporter", "outsider")
    }
    assert totals == {"lead": [0, 1, 1], "supporter": [0, 1, 1], "outsider": [0, 0, 0]}


def test_listed_supervision_stands_with_what_was_demanded_then(world: Campaign) -> None:
    world.task("in_progress", title="挂牌的")
    task = Task.objects.get(title="挂牌的")
    list_matter(
        actor=world.supervisor,
        at=on(15),
        matter=task,
        notice="限期办结",
        leader="甲市长",
        deadline=date(2023, 5, 30),
    )
    found = [[demand.kind for demand in mine(world, day).context["demands"]] for day in (14, 15)]
    assert found == [[], ["挂牌督办"]]


@pytest.mark.parametrize("address", ["/tasks/mine/", "/tasks/calendar/", "task", "stages"])
@pytest.mark.parametrize("name", ["lead", "supporter", "supervisor"])
def test_nothing_can_be_written_on_a_past_day(world: Campaign, address: str, name: str) -> None:
    open_one = world.task("issued", title="在办的")
    path = {"task": open_one.get_absolute_url(), "stages": f"{world.task_list.get_absolute_url()}stages/"}
    past = get(world, path.get(address, address), 20, name).content.decode()
    main = past[past.index("<main") : past.index("</main>")]
    assert 'method="post"' not in main and "#step-" not in main
    assert "/bulk/" not in main and "/correct/" not in main


@pytest.mark.parametrize(
    "address", ["/tasks/", "/tasks/mine/", "/tasks/calendar/", "task", "stages", "/tasks/ledgers/"]
)
@pytest.mark.parametrize("day", ["昨天", "2023-02-30", "2023/05/20"])
def test_a_day_that_cannot_be_read_is_said_to_be_none(world: Campaign, address: str, day: str) -> None:
    places = {
        "task": Task.objects.get().get_absolute_url(),
        "stages": f"{world.task_list.get_absolute_url()}stages/",
    }
    client = Client()
    client.force_login(world.lead)
    page = client.get(places.get(address, address), {"as_of": day})
    assert page.status_code == 200
    assert f"没有“{day}”这个日期，下面是今天的情况" in page.content.decode()
    assert page.context["as_of"] == date(2023, 5, 25) and not page.context["past"]


FORMS = ["/tasks/desk/", "/tasks/ranking/", "list"]


ENDS = [("1999-12-31", False), ("2000-01-01", True), ("2100-12-31", True), ("2101-01-01", False)]


@pytest.mark.parametrize(
    ("address", "day", "shown"),
    [("/tasks/mine/", *end) for end in ENDS]
    + [("/tasks/desk/", *end) for end in ENDS]
    + [
        (address, day, False)
        for address in ("/tasks/calendar/", "task", *FORMS)
        for day in ("0001-01-01", "9999-12-31")
    ],
)
def test_a_day_at_the_ends_of_the_calendar_cannot_be_shown(
    world: Campaign, address: str, day: str, shown: bool
) -> None:
    places = {"task": Task.objects.get().get_absolute_url(), "list": world.task_list.get_absolute_url()}
    client = Client()
    client.force_login(world.supervisor)
    page = client.get(places.get(address, address), {"as_of": day})
    assert page.status_code in ((200,) if shown or address not in FORMS else (200, 400))
    assert ("这一天不能显示，只能看 2000 年到 2100 年的日期" in page.content.decode()) is not shown


@pytest.mark.parametrize(
    "address",
    ["/tasks/mine/tasks.xlsx", "/tasks/calendar/month.xlsx", "report.pdf", "/tasks/ledgers/ledgers.xlsx"],
)
def test_no_file_is_made_of_a_day_that_cannot_be_read(world: Campaign, address: str) -> None:
    path = address if address.startswith("/") else f"{world.task_list.get_absolute_url()}{address}"
    client = Client()
    client.force_login(world.lead)
    answer = client.get(path, {"as_of": "2023-02-30"})
    assert answer.status_code == 400
    assert "截至的日期不能识别，没有导出" in answer.content.decode()


@pytest.mark.parametrize(
    ("day", "state", "word"), [(19, "办理中", "逾期"), (21, "已退回", "逾期"), (23, "已办结", "")]
)
def test_a_list_on_paper_and_as_a_table_tells_of_the_day(
    world: Campaign, day: int, state: str, word: str
) -> None:
    paper = report_of(world.task_list, world.supervisor, date(2023, 5, day)).html
    table = get(world, f"{world.task_list.get_absolute_url()}tasks.csv", day).content.decode()
    for text in (paper, table):
        assert state in text and word in text
    assert "电力局" in table


@pytest.mark.parametrize("address", ["/tasks/mine/", "/tasks/calendar/"])
def test_a_past_day_costs_a_constant_number_of_queries(world: Campaign, address: str) -> None:
    client, costs = Client(), []
    client.force_login(world.lead)
    for number in (1, 5):
        for n in range(number):
            for state in ("issued", "in_progress", "returned", "submitted"):
                world.task(state, title=f"任务{number}{n}{state}")
        client.get(address, {"as_of": "2023-05-19"})
        with CaptureQueriesContext(connection) as captured:
            client.get(address, {"as_of": "2023-05-19"})
        costs.append(reads_of_the_page(captured))
    assert costs[0] == costs[1] <= MOST_QUERIES, costs


@pytest.mark.parametrize(
    ("day", "state", "lead", "reports", "files", "signed", "last"),
    [
        (8, "issued", "水务局", 0, 0, set(), "下发"),
        (9, "signed", "水务局", 0, 0, {"水务局"}, "签收"),
        (10, "in_progress", "水务局", 1, 0, {"水务局"}, "申请延期"),
        (12, "in_progress", "水务局", 1, 0, {"水务局"}, "同意延期"),
        (13, "in_progress", "电力局", 1, 0, {"水务局"}, "更正"),
        (15, "in_progress", "电力局", 2, 0, {"水务局", "电力局"}, "进展 70%"),
        (20, "submitted", "电力局", 2, 1, {"水务局", "电力局"}, "上传佐证"),
        (21, "returned", "电力局", 2, 1, {"水务局", "电力局"}, "退回"),
        (23, "closed", "电力局", 2, 1, {"水务局", "电力局"}, "办结"),
    ],
)
def test_the_page_of_a_task_tells_what_had_happened(
    world: Campaign, day: int, state: str, lead: str, reports: int, files: int, signed: set[str], last: str
) -> None:
    context = get(world, Task.objects.get().get_absolute_url(), day).context
    task, work = context["task"], context["work"]
    assert (task.state, [duty.department.name for duty in task.leads]) == (state, [lead])
    assert (len(work.reports), len(work.evidence), work.entries[0].word) == (reports, files, last)
    members = [member for row in work.duties for member in row.members]
    assert {member.department.name for member in members if member.signature} == signed
    assert context["now"].state == "closed" and context["reckoning"].due == task.effective_due_on


@pytest.mark.parametrize(("day", "state"), [(9, None), (10, "pending"), (11, "granted")])
def test_a_later_date_waits_until_the_day_on_which_it_was_decided(
    world: Campaign, day: int, state: str | None
) -> None:
    context = get(world, Task.objects.get().get_absolute_url(), day).context
    assert [asked.state for asked in context["work"].extensions] == ([state] if state else [])
    assert context["reckoning"].due == (LATER_DUE if state == "granted" else FIRST_DUE)

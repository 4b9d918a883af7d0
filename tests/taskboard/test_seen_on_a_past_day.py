"""Lists, desk and ranking as of a past day: what was then, out of the history, nothing of what came later."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext

from organizations.services import NameDirectory
from taskboard import services
from taskboard.desk.queues import OF_TASKS
from taskboard.desk.reading import Scope, matrix
from taskboard.models import Extension, PastDue, PastDuty, ReportObligation, Task
from taskboard.pasttasks import end_of
from taskboard.services.content import DepartmentDuty
from taskboard.services.correcting import correct_task
from tests.accounts import reads_of_the_page
from tests.taskboard.campaign import NOW, Campaign, campaign
from tests.taskboard.pastworld import FIRST_DUE, LATER_DUE, get, lived, on
from tests.taskboard.sheets import sheet_of

pytestmark = pytest.mark.django_db
MOST_QUERIES = 15


@pytest.fixture
def world() -> Iterator[Campaign]:
    with time_machine.travel(on(25), tick=False):
        yield lived(campaign())


def place(world: Campaign, view: str = "") -> str:
    return f"{world.task_list.get_absolute_url()}{view}"


THEN = [
    (8, "issued", 0, FIRST_DUE, "水务局", "临期"),
    (9, "signed", 0, FIRST_DUE, "水务局", "临期"),
    (10, "in_progress", 40, FIRST_DUE, "水务局", "临期"),
    (11, "in_progress", 40, LATER_DUE, "水务局", "临期"),
    (12, "in_progress", 40, LATER_DUE, "水务局", "临期"),
    (13, "in_progress", 40, LATER_DUE, "电力局", "临期"),
    (15, "in_progress", 70, LATER_DUE, "电力局", "临期"),
    (18, "in_progress", 70, LATER_DUE, "电力局", "临期"),
    (19, "in_progress", 70, LATER_DUE, "电力局", "逾期"),
    (20, "submitted", 70, LATER_DUE, "电力局", "逾期补报"),
    (21, "returned", 70, LATER_DUE, "电力局", "逾期"),
    (22, "submitted", 70, LATER_DUE, "电力局", "逾期补报"),
    (23, "closed", 70, LATER_DUE, "电力局", "逾期补报"),
    (24, "closed", 70, LATER_DUE, "电力局", "逾期补报"),
]


@pytest.mark.parametrize(("day", "state", "percent", "due", "lead", "word"), THEN)
def test_every_view_tells_the_same_of_the_day(
    world: Campaign, day: int, state: str, percent: int, due: date, lead: str, word: str
) -> None:
    table = get(world, place(world), day)
    ((row,),) = [section.rows for part in table.context["parts"] for section in part.subsections]
    task = row.task
    assert (task.state, task.percent, task.effective_due_on) == (state, percent, due)
    assert ([duty.department.name for duty in task.leads], row.light.word) == ([lead], word)
    columns = get(world, place(world, "board/"), day).context["board"].columns
    assert [column.state for column in columns for _ in column.rows] == [state]
    (bar,) = get(world, place(world, "timeline/"), day).context["bars"]
    assert f"{due.month}月{due.day}日，进度 {percent}%" in bar.said
    (line,) = get(world, place(world, "matrix/"), day).context["page"]
    # The new lead signed on the day after it was given the task.
    own = "issued" if day == 13 else state
    assert (line.name, [cell.state for cell in line.cells if cell.count]) == (lead, [own])
    cells = [cell.value for cell in list(sheet_of(streamed(get(world, place(world, "tasks.xlsx"), day))))[-1]]
    assert lead in cells and percent in cells and word in cells
    (data,) = get(world, "/api/v1/tasks/", day).json()["results"]
    assert (data["state"], data["percent"], data["due_on"], data["lead"]) == (
        state,
        percent,
        str(due),
        [lead],
    )
    (counts,) = [found for _, found in get(world, "/tasks/", day).context["lists"]]
    assert {share.key for share in counts.by_state if share.count} == {state}
    lists = get(world, "/api/v1/task-lists/", day).json()["results"]
    assert [found["counts"]["by_state"][state] for found in lists] == [1]


def streamed(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.mark.parametrize("address", ["", "board/", "timeline/", "matrix/"])
def test_what_was_not_issued_then_is_not_shown(world: Campaign, address: str) -> None:
    page = get(world, place(world, address), 7)
    assert "清掏" not in page.content.decode() and page.context["counts"].total == 0
    assert get(world, "/api/v1/tasks/", 7).json()["results"] == []


def test_a_day_ends_at_midnight_of_the_city(world: Campaign) -> None:
    last, first = end_of(date(2023, 5, 22)) - timedelta(microseconds=1), end_of(date(2023, 5, 22))
    for at, state in ((last, "closed"), (first, "submitted")):
        Task.objects.get().transitions.filter(action="close").update(at=at)
        assert get(world, "/api/v1/tasks/", 22).json()["results"][0]["state"] == state


def test_filters_ask_for_what_was_then(world: Campaign) -> None:
    def found(day: int, **query: str) -> int:
        return len(get(world, "/api/v1/tasks/", day, **query).json()["results"])

    assert [found(day, lead="shuiwu") for day in (12, 13)] == [1, 0]
    assert [found(day, lead="dianli") for day in (12, 13)] == [0, 1]
    assert [found(day, support="shuiwu") for day in (12, 13)] == [0, 1]
    assert [found(day, state="returned") for day in (20, 21, 22)] == [0, 1, 0]
    assert [found(day, due_before="2023-05-12") for day in (10, 11)] == [1, 0]
    assert [found(day, light="red") for day in (18, 19)] == [0, 1]


@pytest.mark.parametrize(
    ("day", "queues"),
    [
        (7, []),
        (8, ["due", "unsigned"]),
        (9, ["due"]),
        (10, ["due", "extensions"]),
        (11, []),
        (15, ["due"]),
        (19, ["overdue"]),
        (20, ["review"]),
        (21, ["overdue"]),
        (22, ["review"]),
        (23, []),
    ],
)
def test_the_desk_shows_the_queues_of_the_day(world: Campaign, day: int, queues: list[str]) -> None:
    page = get(world, "/tasks/desk/", day)
    assert [queue.key for queue in page.context["queues"] if queue.total] == queues
    assert [queue.key for queue in page.context["queues"] if queue.rows] == queues
    names = [row.name for row in page.context["matrix"].rows]
    assert names == ([] if day == 7 else ["水务局"] if day < 13 else ["电力局"])
    sheet = sheet_of(get(world, "/tasks/desk/desk.xlsx", day).content)
    assert sum(cell.value == "清掏" for row in sheet for cell in row) == len(queues)


def test_a_past_day_is_read_and_not_worked_on(world: Campaign) -> None:
    for address in ("/tasks/desk/", place(world, "board/"), place(world)):
        page = get(world, address, 20).content.decode()
        assert "催办所选" not in page and "data-board" not in page and 'name="task"' not in page
    assert "当天终了时的情况，只能查看" in get(world, "/tasks/desk/", 20).content.decode()
    assert "当天终了时的情况，只能查看" in get(world, "/tasks/", 20).content.decode()


def test_a_step_is_taken_on_the_task_of_now_whatever_day_is_asked_for(world: Campaign) -> None:
    client = Client()
    client.force_login(world.supervisor)
    task = Task.objects.get()
    answer = client.post(f"/api/v1/tasks/{task.pk}/reopen/?as_of=2023-05-07", {"reason": "还有一处"})
    assert (answer.status_code, answer.json()["state"]) == (200, "in_progress")


@pytest.mark.parametrize(
    ("day", "closed", "returned"),
    [(18, None, None), (19, (0, 0, 1), None), (20, (0, 1, 1), (1, 1)), (21, (0, 0, 1), (0, 1))],
)
def test_the_ranking_counts_what_had_happened(
    world: Campaign, day: int, closed: tuple[int, int, int] | None, returned: tuple[int, int] | None
) -> None:
    page = get(world, "/tasks/ranking/", day, start="2023-05-01", end="2023-05-31")
    (row,) = page.context["page"]
    shares = {each.key: each.share for each in row.scored}
    finish, review = shares["close"], shares["return"]
    assert row.name == "电力局"
    assert ((finish.good, finish.late, finish.total) if finish.total else None) == closed
    assert ((review.good, review.total) if review.total else None) == returned
    api = get(world, "/api/v1/ranking/", day, start="2023-05-01", end="2023-05-31").json()["results"]
    assert [found["department"] for found in api] == ["电力局"]


def test_a_later_end_of_the_list_does_not_move_what_was(world: Campaign) -> None:
    first, second = world.task("draft", title="甲"), world.task("draft", title="乙")
    for task, day, end in ((first, 8, 30), (second, 12, 31)):
        services.issue_list(
            actor=world.supervisor,
            at=on(day),
            task_list=world.task_list,
            tasks=[task.pk],
            ends_on=date(2023, 5, end),
        )
    due = {
        day: {row["title"]: row["due_on"] for row in get(world, "/api/v1/tasks/", day).json()["results"]}
        for day in (11, 12)
    }
    assert (due[11]["甲"], due[12]["甲"]) == ("2023-05-30", "2023-05-31")
    assert "乙" not in due[11] and due[12]["乙"] == "2023-05-31"


def test_a_draft_leaves_no_trace_when_it_is_changed() -> None:
    world = campaign()
    task = world.task("draft", due_on=FIRST_DUE)
    correct_task(
        actor=world.supervisor,
        at=NOW,
        task=task,
        changes={"due_on": LATER_DUE, "lead": (DepartmentDuty("电力局"),)},
        directory=NameDirectory(actor=None, at=NOW),
        reason="",
    )
    assert not PastDue.objects.exists() and not PastDuty.objects.exists()


@pytest.mark.parametrize(
    "address", ["", "board/", "timeline/", "matrix/", "/tasks/", "/tasks/desk/", "/tasks/ranking/"]
)
def test_a_past_day_costs_a_constant_number_of_queries(world: Campaign, address: str) -> None:
    path, costs = address if address.startswith("/") else place(world, address), []
    client = Client()
    client.force_login(world.supervisor)
    for number in (1, 6):
        for n in range(number):
            world.task("submitted", title=f"任务{number}{n}")
        client.get(path, {"as_of": "2023-05-19"})
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            client.get(path, {"as_of": "2023-05-19"})
        costs.append(reads_of_the_page(captured))
    assert len(set(costs)) == 1 and costs[0] <= MOST_QUERIES, costs


@pytest.mark.parametrize("day", [8, 9, 11, 13, 15, 19, 21, 23, 24])
def test_what_is_read_once_is_what_the_database_says_of_each_task(world: Campaign, day: int) -> None:
    states = ("issued", "signed", "in_progress", "submitted", "returned", "closed")
    for number, state in enumerate(states * 2):
        world.task(state, title=f"{state}{number}", due_on=date(2023, 5, 9 + number) if number % 3 else None)
    on_day, today = date(2023, 5, day), date(2023, 5, 25)
    tasks: Any = Task.objects.seen(on_day, today).with_light(on_day)
    nothing = Extension.objects.none(), ReportObligation.objects.none()
    scope = Scope(tasks, *nothing, on_day, today)
    for key in OF_TASKS:
        asked = tasks.filter(scope.condition(key)).order_by("handed_in" if key == "review" else "due", "pk")
        assert [task.pk for task in scope.of(key)] == [task.pk for task in asked]
    led = {(bar.slug, cell.state): cell.number for bar in matrix(scope).rows for cell in bar.cells}
    red = {bar.slug: bar.red for bar in matrix(scope).rows}
    counted = tasks.count_by_department("own", role="lead", moment=scope.moment)
    assert {key: n for key, n in led.items() if n} == summed(
        (slug, stood, n) for slug, *_, stood, n in counted
    )
    late = tasks.filter(scope.condition("overdue"))
    late_ones = late.count_by_department(role="lead", moment=scope.moment)
    assert {(slug,): n for slug, n in red.items() if n} == summed((slug, n) for slug, *_, n in late_ones)
    lit = tasks.order_by().values_list("light", "stood").annotate(n=Count("pk"))
    assert summed(tasks.count_all_by_light(on_day)) == summed(lit)


def summed(rows: Iterable[tuple[Any, ...]]) -> dict[tuple[Any, ...], int]:
    """Numbers by what stands before them."""
    totals: Counter[tuple[Any, ...]] = Counter()
    for *key, number in rows:
        totals[tuple(key)] += number
    return dict(totals)

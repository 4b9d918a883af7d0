"""Task lists and tasks in the browser: for whom, how counted, how filtered."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directives.models import Directive
from foundation.spreadsheets import harmless
from organizations.models import Department
from taskboard.boards import counts_of, grouped
from taskboard.lights import light
from taskboard.models import Milestone, Task, TaskDepartment, TaskList, TaskTarget
from tests.accounts import browser_of, reads_of_the_page

pytestmark = pytest.mark.django_db
TODAY = date(2031, 8, 10)


def department(name: str) -> Department:
    return Department.objects.get_or_create(name=name, defaults={"slug": name})[0]


def task_list(**values) -> TaskList:
    return TaskList.objects.create(**{"title": "青河清单", "ends_on": date(2031, 10, 31), **values})


def task(found: TaskList, title: str = "疏通旧管", *, lead=("住建局",), support=(), **values) -> Task:
    order = values.pop("order", found.tasks.count() + 1)
    made = Task.objects.create(task_list=found, order=order, title=title, **values)
    for role, names in (("lead", lead), ("support", support)):
        for place, name in enumerate(names, start=1):
            TaskDepartment.objects.create(task=made, department=department(name), role=role, order=place)
    return made


# -- who may look -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["/tasks/", "/tasks/lists/{list}/", "/tasks/{task}/", "/tasks/lists/{list}/tasks.csv"]
)
@pytest.mark.parametrize(
    ("role", "status"), [("anonymous", 302), (None, 403), ("viewer", 200), ("editor", 200)]
)
def test_tasks_are_for_staff(address: str, role: str | None, status: int) -> None:
    found = task_list()
    address = address.format(list=found.pk, task=task(found).pk)
    response = browser_of(role).get(address)
    assert response.status_code == status
    if status == 302:
        assert response["Location"].startswith("/accounts/login/?next=/tasks/")


# -- the light in Python and in the database -------------------------------------------------------


def test_the_database_and_the_rules_agree_on_every_light() -> None:
    """All states × own, inherited or no date × days around the limits."""
    plain, endless = task_list(), task_list(ends_on=None)
    offsets = (-400, -1, 0, 1, 6, 7, 8, 400)
    for state in Task.State.values:
        for offset in offsets:
            task(plain, state=state, due_on=TODAY + timedelta(days=offset))
        task(plain, state=state)
        task(endless, state=state)
    for on_day in (TODAY, date(2031, 10, 24), date(2031, 10, 31), date(2031, 11, 1)):
        lit: QuerySet[Any] = Task.objects.all().with_light(on_day).select_related("task_list")
        wrong = [t.pk for t in lit if t.light != light(t.effective_due_on, t.state, on_day).colour]
        assert wrong == []
    assert Task.objects.count() == len(Task.State) * (len(offsets) + 2)


# -- lists and counts ---------------------------------------------------------------------------


def test_a_draft_list_counts_as_without_clock_and_says_why() -> None:
    found = task_list()
    task(found, due_on=date(2031, 1, 1))
    response = browser_of("viewer").get("/tasks/", {"as_of": "2031-08-10"})
    ((_, counts),) = response.context["lists"]
    assert {share.key: share.count for share in counts.by_light if share.count} == {"grey": 1}
    assert counts.drafts == 1
    assert "下发之前不计时" in response.content.decode()


def test_lists_are_counted_apart_and_together() -> None:
    for n in (1, 3):
        found = task_list(title=f"清单{n}", state="issued")
        for _ in range(n):
            task(found, state="issued", due_on=TODAY - timedelta(days=1))
    context = browser_of("viewer").get("/tasks/", {"as_of": "2031-08-10"}).context
    assert {found.title: counts.total for found, counts in context["lists"]} == {"清单1": 1, "清单3": 3}
    assert context["counts"].total == 4
    assert all(row.light.remaining == "逾期 1 天" for row in context["urgent"])


@pytest.mark.parametrize(("number", "on_second"), [(20, None), (21, 1)])
def test_more_than_twenty_lists_stand_on_further_pages(number: int, on_second: int | None) -> None:
    for n in range(number):
        task(task_list(title=f"清单{n}", state="issued"), state="issued")
    client = browser_of("viewer")
    first = client.get("/tasks/")
    assert f"{number} 份清单，{number} 项任务" in first.content.decode()
    assert len(first.context["lists"]) == 20
    assert ("page=2" in first.content.decode()) == bool(on_second)
    if on_second:
        assert len(client.get("/tasks/", {"page": 2}).context["lists"]) == on_second


def test_closed_tasks_are_counted_apart_from_those_without_a_clock() -> None:
    counts = counts_of([("grey", "closed", 2), ("grey", "draft", 3), ("red", "issued", 5)])
    assert {share.word: share.count for share in counts.by_light} == {
        "逾期": 5,
        "临期": 0,
        "正常": 0,
        "未计时": 3,
        "已办结": 2,
    }
    assert sum(share.width for share in counts.by_light) == pytest.approx(100)


def test_tasks_stand_under_their_part_and_subsection_in_printed_order() -> None:
    found = task_list()
    places = [("一、路", "（一）灯"), ("一、路", "（二）桥"), ("二、水", "（一）管"), ("二、水", "（一）管")]
    for part, subsection in places:
        task(found, part=part, subsection=subsection)
    parts = browser_of("viewer").get(found.get_absolute_url()).context["parts"]
    shape = [(p.title, [(s.title, len(s.rows)) for s in p.subsections], p.count) for p in parts]
    assert shape == [("一、路", [("（一）灯", 1), ("（二）桥", 1)], 2), ("二、水", [("（一）管", 2)], 2)]


def test_a_part_that_goes_over_a_page_is_marked_as_continued() -> None:
    found = task_list()
    Task.objects.bulk_create(
        Task(task_list=found, order=n, title=f"任务{n}", part="一、路") for n in range(1, 206)
    )
    client = browser_of("viewer")
    first, second = (client.get(found.get_absolute_url(), {"page": n}).context["parts"] for n in (1, 2))
    assert (first[0].count, first[0].continued) == (200, False)
    assert (second[0].count, second[0].continued) == (5, True)


def test_grouping_an_empty_list_gives_nothing() -> None:
    assert grouped([], TODAY) == []


def test_the_plot_counts_double_led_tasks_twice_and_says_so() -> None:
    found = task_list()
    task(found, lead=("住建局", "公安局"), support=("财政局",))
    task(found, lead=("住建局",))
    response = browser_of("viewer").get(found.get_absolute_url())
    plot = response.context["plot"]
    assert [(bar.name, bar.lead, bar.support) for bar in plot.leading] == [("住建局", 2, 0), ("公安局", 1, 0)]
    assert [bar.name for bar in plot.supporting] == ["财政局"]
    assert (plot.leads, plot.tasks, plot.double_led) == (3, 2, 1)
    assert "牵头合计 3，任务 2 项" in response.content.decode()


# -- filters ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["旧管", "路灯", "树木"]),
        ({"q": "路灯"}, ["路灯"]),
        ({"q": "财政"}, ["旧管"]),
        ({"q": "第二部分"}, ["树木"]),
        ({"q": "路灯 财政"}, []),
        ({"lead": "住建局"}, ["旧管", "树木"]),
        ({"lead": "公安局"}, ["旧管", "路灯"]),
        ({"support": "财政局"}, ["旧管"]),
        ({"support": "住建局"}, []),
        ({"light": "red"}, ["旧管"]),
        ({"light": "yellow"}, ["路灯"]),
        ({"light": "grey"}, ["树木"]),
        ({"light": "green"}, []),
        ({"light": "red", "as_of": "2031-08-01"}, []),
        ({"state": "draft"}, ["树木"]),
        ({"due_before": "2031-08-16"}, ["旧管"]),
        ({"due_before": "2031-08-17"}, ["旧管", "路灯"]),
        ({"due_before": "2031-10-31"}, ["旧管", "路灯", "树木"]),
        ({"light": "purple"}, ["旧管", "路灯", "树木"]),
    ],
)
def test_a_list_is_filtered(query: dict[str, str], found: list[str]) -> None:
    one = task_list(state="issued")
    task(one, "旧管", lead=("住建局", "公安局"), support=("财政局",), state="signed", due_on=date(2031, 8, 9))
    task(one, "路灯", lead=("公安局",), state="issued", due_on=date(2031, 8, 17))
    task(one, "树木", part="第二部分")
    query = {"as_of": "2031-08-10", **query}
    parts = browser_of("viewer").get(one.get_absolute_url(), query).context["parts"]
    assert [row.task.title for p in parts for s in p.subsections for row in s.rows] == found


def test_a_filter_that_finds_nothing_offers_the_way_back() -> None:
    found = task_list()
    task(found)
    page = browser_of("viewer").get(found.get_absolute_url(), {"q": "没有这样的"}).content.decode()
    assert "没有符合条件的任务" in page and "清除筛选" in page


# -- one task -----------------------------------------------------------------------------------


def test_the_task_page_shows_how_its_date_came_about() -> None:
    directive = Directive.objects.create(
        title="方案", issuer="市政府", issued_on=date(2031, 8, 3), publication="published"
    )
    found = task_list(directive=directive)
    one = task(
        found,
        "排查",
        text="8月排查，至10月底完成。",
        due_on=date(2031, 10, 31),
        due_text="至10月底",
        lead=("城管执法局",),
    )
    Milestone.objects.create(task=one, kind="milestone", on=date(2031, 8, 31), printed="8月")
    TaskTarget.objects.create(task=one, name="排查率", value="100", unit="%")
    one.duties.update(printed_name="执法局")
    page = browser_of("viewer").get(one.get_absolute_url()).content.decode()
    for words in (
        "<mark>至10月底</mark>",
        '<mark class="mark-milestone">8月</mark>',
        "取文件成文年份 2031",
        "原文印作“执法局”",
        "节点",
        "排查率",
        directive.get_absolute_url(),
    ):
        assert words in page


def test_an_inherited_date_is_marked_on_list_and_task() -> None:
    found = task_list(ends_on_note="最后一个阶段", ends_on_provisional=True)
    one = task(found)
    client = browser_of("viewer")
    for address in (found.get_absolute_url(), one.get_absolute_url()):
        assert "沿用清单期限" in client.get(address).content.decode()


def test_neighbours_are_those_of_the_list_by_printed_order() -> None:
    found, other = task_list(), task_list(title="另一份")
    tasks = [task(found, f"任务{n}", order=n) for n in (10, 20, 30)]
    task(other, "别的", order=15)
    client = browser_of("viewer")
    context = client.get(tasks[1].get_absolute_url()).context
    assert (context["previous"], context["next"]) == (tasks[0], tasks[2])
    assert client.get(tasks[0].get_absolute_url()).context["previous"] is None


def test_a_page_can_be_seen_as_of_a_day() -> None:
    found = task_list(state="issued")
    one = task(found, state="signed", due_on=date(2031, 8, 9))
    client = browser_of("viewer")
    words = [
        client.get(one.get_absolute_url(), {"as_of": f"2031-08-{day}"}).context["light"].remaining
        for day in ("08", "09", "10")
    ]
    assert words == ["剩 1 天", "今天到期", "逾期 1 天"]


# -- the table for office programs -----------------------------------------------------------------


def test_the_table_holds_what_the_filters_show() -> None:
    found = task_list()
    task(found, "旧管", lead=("住建局", "公安局"), support=("财政局",))
    task(found, "路灯", lead=("公安局",))
    response = browser_of("viewer").get(f"/tasks/lists/{found.pk}/tasks.csv", {"lead": "住建局"})
    text = response.content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["任务"], row["牵头部门"], row["配合部门"], row["沿用清单期限"]) for row in rows] == [
        ("旧管", "住建局、公安局", "财政局", "是")
    ]
    assert "attachment" in response["Content-Disposition"]


@pytest.mark.parametrize("cell", ["=1+1", "+8", "-8", "@SUM(A1)", "\t=1", "＝1", " =1"])
def test_a_cell_that_looks_like_a_formula_stays_text(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "排查 - 整改", "2031-10-31", "（一）"])
def test_an_ordinary_cell_is_left_alone(cell: str) -> None:
    assert harmless(cell) == cell


# -- queries ------------------------------------------------------------------------------------


def test_pages_cost_the_same_queries_however_much_there_is() -> None:
    client = browser_of("viewer")

    def cost(number: int) -> list[tuple[int, int]]:
        found = task_list(title=f"清单{number}")
        for n in range(number):
            task(found, f"任务{n}", lead=("住建局", "公安局"), support=("财政局",), part=f"部分{n % 3}")
        counts: list[tuple[int, int]] = []
        for address in (
            "/tasks/",
            found.get_absolute_url(),
            found.tasks.order_by("order")[number // 2].get_absolute_url(),
        ):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            counts.append((reads_of_the_page(captured), len(captured)))
        return counts

    cost(1)  # what all pages share is in the cache from here on
    few, many = cost(3), cost(40)
    assert few == many
    *lists, one = [total for _, total in few]
    assert max(lists) <= 15
    assert one <= 24


def test_today_is_the_default_day() -> None:
    assert browser_of("viewer").get("/tasks/").context["as_of"] == timezone.localdate()

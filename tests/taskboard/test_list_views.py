"""A list as columns by state, on a line of time, as departments against states; cards that move."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from taskboard.listviews.board import CARDS, WAYS
from taskboard.listviews.timeline import bar_of, scale_of, stage_bar_of, ticks_of
from taskboard.models import ListStage, Milestone, Task, TaskList, TaskTransition
from tests.taskboard.campaign import NOW, Campaign, campaign, pdf

pytestmark = pytest.mark.django_db
VIEWS = ("", "board/", "timeline/", "matrix/", "stages/")
FILES = ("tasks.xlsx", "tasks.csv", "matrix.xlsx", "stages.xlsx")


@pytest.fixture
def world() -> Campaign:
    return campaign()


def client_of(world: Campaign, name: str) -> Client:
    client = Client()
    client.force_login(world.people[name])
    return client


def page_of(client: Client, found: TaskList, view: str, **query: Any) -> Any:
    response = client.get(f"{found.get_absolute_url()}{view}", query)
    assert response.status_code == 200
    return response


# -- who may look, and what it costs ----------------------------------------------------------------


@pytest.mark.parametrize("view", [*VIEWS, *FILES])
def test_views_are_for_staff(world: Campaign, view: str) -> None:
    path = f"{world.task_list.get_absolute_url()}{view}"
    statuses = {name: client_of(world, name).get(path).status_code for name in world.people}
    assert {name for name, status in statuses.items() if status == 200} == set(statuses) - {"nobody"}
    assert statuses["nobody"] == 403 and Client().get(path).status_code == 302
    assert client_of(world, "viewer").get(path.replace(str(world.task_list.pk), "99999")).status_code == 404


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", ["lead", "supervisor"])
def test_a_view_costs_a_constant_number_of_queries(world: Campaign, view: str, name: str) -> None:
    client = client_of(world, name)
    for state in ("draft", "signed"):
        world.task(state)
    ListStage.objects.create(task_list=world.task_list, order=1, name="一")
    page_of(client, world.task_list, view)
    with CaptureQueriesContext(connection) as few:
        page_of(client, world.task_list, view)
    for state in ("draft", "issued", "signed", "in_progress", "submitted", "closed") * 2:
        task = world.task(state)
        Milestone.objects.create(task=task, kind="milestone", on=date(2023, 6, 1))
    ListStage.objects.create(task_list=world.task_list, order=2, name="二")
    with CaptureQueriesContext(connection) as many:
        page_of(client, world.task_list, view)
    assert len(many) == len(few) <= 15


# -- filters, order, pages, export: every view --------------------------------------------------------


def test_every_view_filters(world: Campaign) -> None:
    world.task("draft", title="清沟")
    world.task("draft", title="换阀")
    client, query = client_of(world, "viewer"), {"q": "清沟"}
    board = page_of(client, world.task_list, "board/", **query).context["board"]
    assert [row.task.title for column in board.columns for row in column.rows] == ["清沟"]
    bars = page_of(client, world.task_list, "timeline/", **query).context["bars"]
    assert [bar.row.task.title for bar in bars] == ["清沟"]
    assert [row.total for row in page_of(client, world.task_list, "matrix/", **query).context["page"]] == [1]
    for view in ("", "board/", "timeline/", "matrix/"):
        assert (
            "没有符合条件" in page_of(client, world.task_list, view, q="无此事").content.decode()
            or view == "board/"
        )


@pytest.mark.parametrize(
    ("sort", "titles"),
    [
        ("order", ["乙", "甲", "丙"]),
        ("due", ["甲", "乙", "丙"]),
        ("-due", ["丙", "乙", "甲"]),
        ("-percent", ["丙", "乙", "甲"]),
        ("title", ["丙", "乙", "甲"]),
        ("nonsense", ["乙", "甲", "丙"]),
    ],
)
def test_every_view_of_tasks_sorts(world: Campaign, sort: str, titles: list[str]) -> None:
    for title, day, percent in (("乙", 2, 20), ("甲", 1, 10), ("丙", 3, 30)):
        world.task("draft", title=title, due_on=date(2023, 6, day), percent=percent)
    client = client_of(world, "viewer")
    drafts = page_of(client, world.task_list, "board/", sort=sort).context["board"].columns[0]
    assert [row.task.title for row in drafts.rows] == titles
    bars = page_of(client, world.task_list, "timeline/", sort=sort).context["bars"]
    assert [bar.row.task.title for bar in bars] == titles
    table = page_of(client, world.task_list, "", sort=sort).context
    rows = table["rows"] or [r for p in table["parts"] for s in p.subsections for r in s.rows]
    assert [row.task.title for row in rows] == titles


def test_each_column_of_the_board_is_paged(world: Campaign) -> None:
    for _ in range(CARDS + 1):
        world.task("draft")
    world.task("issued")
    client = client_of(world, "viewer")
    first = page_of(client, world.task_list, "board/").context["board"]
    assert (first.pages, [len(c.rows) for c in first.columns[:2]]) == (2, [CARDS, 1])
    second = page_of(client, world.task_list, "board/", page="2").context["board"]
    assert [len(c.rows) for c in second.columns[:2]] == [1, 0]
    assert [c.count for c in second.columns[:2]] == [CARDS + 1, 1]
    for odd in ("0", "-1", "x", "99", "９"):
        assert page_of(client, world.task_list, "board/", page=odd).context["board"].page in {1, 2}


# -- departments against states --------------------------------------------------------------------


def test_counts_lead_to_the_tasks_they_count(world: Campaign) -> None:
    for state in ("draft", "issued", "issued"):
        world.task(state)
    client = client_of(world, "viewer")
    found = page_of(client, world.task_list, "matrix/")
    # On a phone the heading is gone: each number says what it counts.
    assert 'data-label="待签收"' in found.content.decode() and 'data-label="合计"' in found.content.decode()
    (row,) = found.context["page"]
    assert (row.name, [(c.state, c.count) for c in row.cells]) == ("水务局", [("draft", 1), ("issued", 2)])
    link = f"{world.task_list.get_absolute_url()}?lead=shuiwu&amp;state=issued"
    assert f'href="{link}">2</a>' in found.content.decode()
    target = client.get(link.replace("&amp;", "&"))
    assert target.context["page"].paginator.count == 2
    supporting = page_of(client, world.task_list, "matrix/", role="support").context["page"]
    assert [row.name for row in supporting] == ["电力局"]


def test_the_matrix_sorts_and_goes_out_as_a_workbook(world: Campaign) -> None:
    first, second = world.task("draft"), world.task("draft")
    first.duties.filter(role="lead").update(department=world.power)
    second.duties.filter(role="support").delete()
    world.task("issued")
    client = client_of(world, "viewer")
    for sort, names in (("total", ["水务局", "电力局"]), ("name", ["水务局", "电力局"]), ("draft", 2)):
        rows = list(page_of(client, world.task_list, "matrix/", sort=sort).context["page"])
        assert len(rows) == 2 and (names == 2 or [row.name for row in rows] == names)
    response = client.get(f"{world.task_list.get_absolute_url()}matrix.xlsx")
    sheet = load_workbook(io.BytesIO(response.content)).worksheets[0]
    assert [list(row) for row in sheet.iter_rows(values_only=True)] == [
        ["牵头部门", "未下发", "待签收", "合计", "逾期"],
        ["水务局", 1, 1, 2, 1],
        ["电力局", 1, 0, 1, 0],
        ["合计", 2, 1, 3, 1],
    ]


def test_the_matrix_counts_red_lights_and_leads_to_them(world: Campaign) -> None:
    today = NOW.date()
    for due in (today - timedelta(days=1), today - timedelta(days=1), today):
        world.task("in_progress", due_on=due)
    other = world.task("in_progress", due_on=today - timedelta(days=1))
    other.duties.filter(role="support").delete()
    other.duties.update(department=world.power)
    client = client_of(world, "viewer")
    with time_machine.travel(NOW, tick=False):
        found = page_of(client, world.task_list, "matrix/", sort="red")
        link = f"{world.task_list.get_absolute_url()}?lead=shuiwu&light=red"
        target = client.get(link)
    assert [(row.name, row.total, row.red) for row in found.context["page"]] == [
        ("水务局", 3, 2),
        ("电力局", 1, 1),
    ]
    matrix = found.context["matrix"]
    assert ([cell.count for cell in matrix.totals], matrix.total, matrix.red) == ([1, 3], 4, 3)
    assert link.replace("&", "&amp;") in found.content.decode()
    assert target.context["page"].paginator.count == 2


# -- the line of time -------------------------------------------------------------------------------


def test_a_bar_runs_from_its_start_to_its_due_day() -> None:
    scale = scale_of([date(2023, 4, 10), date(2023, 6, 20), None], date(2030, 1, 1))
    assert (scale.first, scale.last, scale.days) == (date(2023, 4, 1), date(2023, 6, 30), 91)
    assert scale.at(date(2023, 4, 1)) == "0.000%" and scale.at(date(2030, 1, 1)) == "100.000%"
    assert scale.wide(date(2023, 4, 1), date(2023, 6, 30)) == "100.000%"
    assert [(tick.year, tick.label) for tick in ticks_of(scale)] == [
        ("2023年", "4月"),
        ("", "5月"),
        ("", "6月"),
    ]


@pytest.mark.parametrize(
    ("months", "labels"),
    [(12, 12), (13, 5), (36, 12), (37, 7), (72, 12), (73, 7)],
)
def test_long_lines_are_marked_further_apart(months: int, labels: int) -> None:
    number = 2023 * 12 + months - 1
    scale = scale_of([date(2023, 1, 1), date(number // 12, number % 12 + 1, 1)], date(2023, 1, 1))
    assert len(ticks_of(scale)) == labels


def test_a_start_is_the_printed_one_else_the_day_of_issue(world: Campaign) -> None:
    printed = world.task("draft", due_on=date(2023, 6, 10), percent=50)
    Milestone.objects.create(task=printed, kind="start", on=date(2023, 6, 1))
    issued = world.task("issued", due_on=date(2023, 6, 10))
    unknown = world.task("draft", due_on=date(2023, 6, 10))
    client = client_of(world, "viewer")
    bars = page_of(client, world.task_list, "timeline/").context["bars"]
    assert [bool(bar.x) for bar in bars] == [True, True, False]
    assert bars[0].said == "2023年6月1日至2023年6月10日，进度 50%"
    assert bars[1].said.startswith("2023年5月8日至") and bars[2].said == "2023年6月10日到期"
    scale = scale_of([date(2023, 6, 1)], date(2023, 6, 1))
    task = Task.objects.select_related("task_list").prefetch_related("milestones").get(pk=printed.pk)
    bar = bar_of(task, {}, scale, date(2023, 6, 5))
    assert (bar.x, bar.width, bar.done) == ("0.000%", "33.333%", "16.667%")
    assert issued.pk and unknown.pk


def test_a_stage_shows_plan_and_reality() -> None:
    scale = scale_of([date(2023, 6, 1)], date(2023, 6, 1))
    plan = ListStage(name="一", starts_on=date(2023, 6, 1), ends_on=date(2023, 6, 15))
    assert stage_bar_of(plan, scale, date(2023, 6, 20)).real_x == ""
    plan.entered_on = date(2023, 6, 4)
    bar = stage_bar_of(plan, scale, date(2023, 6, 20))
    assert (bar.x, bar.width, bar.real_x, bar.word) == ("0.000%", "50.000%", "10.000%", "逾期未结束")


# -- moving a card -------------------------------------------------------------------------------------

FIELDS: dict[str, dict[str, Any]] = {
    "progress": {"percent": "40", "text": "已完成四成"},
    "submit": {"text": "已全部完成"},
    "return": {"reason": "缺回执"},
    "reopen": {"reason": "复发"},
    "suspend": {"reason": "等许可"},
}
BY = {"issue": "supervisor", "sign": "lead", "progress": "lead", "submit": "lead"}


@pytest.mark.parametrize(("start", "to"), sorted(way for way in WAYS if way[0] != "suspended"))
def test_every_way_runs_its_step_and_asks_for_what_it_needs(world: Campaign, start: str, to: str) -> None:
    step, task = WAYS[start, to], world.task(start)
    client = client_of(world, BY.get(step, "supervisor"))
    path = f"/tasks/{task.pk}/move/"
    asked = client.get(path, {"to": to})
    assert asked.status_code == 200
    assert [f.name for f in asked.context["move_form"] if f.field.required] == list(FIELDS.get(step, {}))
    if FIELDS.get(step):
        refused = client.post(path, {"to": to})
        assert refused.status_code == 400 and Task.objects.get(pk=task.pk).state == start
    response = client.post(path, {"to": to, **FIELDS.get(step, {})})
    assert response.status_code == 302 and response["Location"] == world.task_list.get_absolute_url()
    assert Task.objects.get(pk=task.pk).state == to
    assert task.transitions.filter(action=step, from_state=start, to_state=to).exists()


def test_every_other_pair_of_columns_is_refused_with_a_sentence(world: Campaign) -> None:
    tasks = {state: world.task(state) for state in Task.State.values}
    for name in ("supervisor", "lead"):
        client = client_of(world, name)
        for start, task in tasks.items():
            for to in Task.State.values:
                if (start, to) in WAYS:
                    continue
                response = client.post(f"/tasks/{task.pk}/move/", {"to": to})
                assert response.status_code == 409, (start, to)
                assert "移" in response.context["refusal"]
    assert {task.pk: Task.objects.get(pk=task.pk).state for task in tasks.values()} == {
        task.pk: start for start, task in tasks.items()
    }


@pytest.mark.parametrize(
    ("start", "to", "may"),
    [
        ("draft", "issued", {"supervisor"}),
        ("issued", "signed", {"lead", "head"}),
        ("submitted", "closed", {"supervisor"}),
        ("in_progress", "suspended", {"supervisor"}),
        ("suspended", "in_progress", {"supervisor"}),
        ("closed", "in_progress", {"supervisor"}),
        ("in_progress", "submitted", {"lead", "head"}),
    ],
)
def test_who_may_move_a_card(world: Campaign, start: str, to: str, may: set[str]) -> None:
    task = world.task(start)
    statuses = {
        name: client_of(world, name).get(f"/tasks/{task.pk}/move/", {"to": to}).status_code
        for name in world.people
    }
    assert {name for name, status in statuses.items() if status == 200} == may
    assert set(statuses.values()) <= {200, 403}
    assert Client().get(f"/tasks/{task.pk}/move/").status_code == 302


def test_a_supporter_is_told_where_to_sign(world: Campaign) -> None:
    task = world.task("issued")
    response = client_of(world, "supporter").get(f"/tasks/{task.pk}/move/", {"to": "signed"})
    assert response.status_code == 403 and "配合部门签收不改变任务状态" in response.content.decode()


def test_closing_without_evidence_is_refused_and_the_remark_stays(world: Campaign) -> None:
    task = world.task("submitted")
    task_of = Task.objects.get(pk=task.pk)
    world_evidence = task_of.transitions.filter(action=TaskTransition.Action.EVIDENCE)
    assert world_evidence.exists()
    bare = world.task("in_progress")
    lead = client_of(world, "lead")
    lead.post(f"/tasks/{bare.pk}/move/", {"to": "submitted", "text": "完成"})
    client = client_of(world, "supervisor")
    response = client.post(f"/tasks/{bare.pk}/move/", {"to": "closed", "reason": "属实"})
    page = response.content.decode()
    assert response.status_code == 409 and "还没有佐证" in page and "属实" in page
    assert Task.objects.get(pk=bare.pk).state == "submitted"


def test_a_result_is_handed_in_with_its_evidence_or_not_at_all(world: Campaign) -> None:
    first, second = world.task("in_progress"), world.task("in_progress")
    client = client_of(world, "lead")
    given = {"to": "submitted", "text": "完成"}
    response = client.post(f"/tasks/{first.pk}/move/", {**given, "upload": pdf()})
    assert response.status_code == 302
    assert first.transitions.filter(action="evidence").exists()
    bad = SimpleUploadedFile("程序.exe", b"MZ\0\1\2\3" * 40)
    response = client.post(f"/tasks/{second.pk}/move/", {**given, "upload": bad})
    assert response.status_code == 400
    assert Task.objects.get(pk=second.pk).state == "in_progress"
    assert not second.transitions.filter(action__in=["evidence", "submit"]).exists()


def test_an_undated_task_of_an_endless_list_asks_for_the_end(world: Campaign) -> None:
    TaskList.objects.update(ends_on=None)
    task = world.task("draft")
    client = client_of(world, "supervisor")
    assert "清单期限" in client.get(f"/tasks/{task.pk}/move/", {"to": "issued"}).content.decode()
    assert client.post(f"/tasks/{task.pk}/move/", {"to": "issued"}).status_code == 400
    client.post(f"/tasks/{task.pk}/move/", {"to": "issued", "ends_on": "2023-09-30"})
    assert TaskList.objects.get().ends_on == date(2023, 9, 30)


def test_two_who_move_the_same_card_get_one_change_and_one_sentence(world: Campaign) -> None:
    task = world.task("submitted")
    client = client_of(world, "supervisor")
    first = client.post(f"/tasks/{task.pk}/move/", {"to": "returned", "reason": "缺"})
    second = client.post(f"/tasks/{task.pk}/move/", {"to": "closed"})
    assert (first.status_code, second.status_code) == (302, 409)
    assert task.transitions.filter(action__in=["return", "close"]).count() == 1


def test_the_board_asks_for_fragments_and_the_way_back_stays_here(world: Campaign) -> None:
    task = world.task("issued")
    client = client_of(world, "lead")
    path, headers = f"/tasks/{task.pk}/move/", {"X-Fragment": "1"}
    part = client.get(path, headers=headers).content.decode()
    assert "移到“已签收”" in part and "<html" not in part
    assert client.post(path, {"to": "signed"}, headers=headers).status_code == 204
    other = world.task("issued")
    board = f"{world.task_list.get_absolute_url()}board/?sort=due"
    for asked, gone in ((board, board), ("https://evil.example/", world.task_list.get_absolute_url())):
        Task.objects.filter(pk=other.pk).update(state="issued")
        other.signatures.all().delete()
        response = client.post(f"/tasks/{other.pk}/move/", {"to": "signed", "next": asked})
        assert response["Location"] == gone


def test_today_lies_on_the_line_only_when_the_line_reaches_it(world: Campaign) -> None:
    world.task("issued", due_on=date(2023, 6, 10))
    client = client_of(world, "viewer")
    query = {"as_of": "2023-06-05"}
    assert page_of(client, world.task_list, "timeline/", **query).context["day_x"]
    late = {"as_of": str(date(2023, 6, 30) + timedelta(days=400))}
    assert page_of(client, world.task_list, "timeline/", **late).context["day_x"] == ""

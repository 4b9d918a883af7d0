"""The supervisor's desk: what waits, in order, and what can be done in place."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from foundation.errors import DomainError
from foundation.models import AuditEntry
from notifications.models import Message
from organizations.models import Department, Role
from taskboard import services
from taskboard.models import Extension, ReportingRule, ReportObligation, Task, TaskList, Urging
from taskboard.services.snapshots import snapshot_lights
from tests.accounts import browser_of
from tests.factories import DepartmentFactory, DirectiveFactory, TaskFactory, TaskListFactory, UserFactory
from tests.taskboard.campaign import Campaign, campaign
from tests.taskboard.sheets import sheet_of

pytestmark = pytest.mark.django_db
# A Wednesday, 09:00 in the city.
NOW = datetime(2023, 5, 10, 1, 0, tzinfo=UTC)
TODAY = date(2023, 5, 10)
MOST_QUERIES = 15


@pytest.fixture
def world() -> Campaign:
    return campaign()


def browser(world: Campaign, name: str = "supervisor") -> Client:
    client = Client()
    client.force_login(world.people[name])
    return client


def seen(world: Campaign, address: str = "/tasks/desk/", name: str = "supervisor") -> dict[str, list[str]]:
    """By queue the titles that are shown."""
    with time_machine.travel(NOW, tick=False):
        response = browser(world, name).get(address)
    assert response.status_code == 200
    for queue in response.context["queues"]:
        assert queue.total >= len(queue.rows)
    return {
        queue.key: [str(row.task.title if row.task else row.obligation.department.name) for row in queue.rows]
        for queue in response.context["queues"]
    }


def post(world: Campaign, address: str, name: str = "supervisor", **values: object) -> object:
    with time_machine.travel(NOW, tick=False):
        return browser(world, name).post(address, values, follow=False)


def owed(world: Campaign, due: date) -> ReportObligation:
    if world.task_list.directive is None:
        world.task_list.directive = DirectiveFactory()
        world.task_list.save()
    rule, _ = ReportingRule.objects.get_or_create(directive=world.task_list.directive, rhythm="monthly")
    return ReportObligation.objects.create(
        rule=rule,
        task_list=world.task_list,
        department=world.water,
        period_start=due - timedelta(days=14),
        period_end=due,
        due_on=due,
    )


def test_the_queues_stand_in_their_order(world: Campaign) -> None:
    world.task("signed", title="任务")
    assert list(seen(world)) == ["overdue", "due", "unsigned", "review", "extensions", "unreported"]


@pytest.mark.parametrize(
    ("offset", "queue"),
    [(-1, "overdue"), (0, "due"), (4, "due"), (5, None)],
    ids=["yesterday", "today", "sunday", "next monday"],
)
def test_overdue_ends_where_this_week_begins(world: Campaign, offset: int, queue: str | None) -> None:
    task = world.task("in_progress", title="清掏")
    Task.objects.filter(pk=task.pk).update(due_on=TODAY + timedelta(days=offset))
    found = seen(world)
    assert [key for key, titles in found.items() if titles] == ([queue] if queue else [])
    with time_machine.travel(NOW, tick=False):
        queues = browser(world).get("/tasks/desk/?queue=due").context["queues"]
    assert {each.key: each.total for each in queues if each.total} == ({queue: 1} if queue else {})


@pytest.mark.parametrize("state", ["draft", "suspended", "closed"])
def test_what_has_no_clock_is_on_no_queue(world: Campaign, state: str) -> None:
    task = world.task(state)
    Task.objects.filter(pk=task.pk).update(due_on=TODAY - timedelta(days=1))
    assert not any(seen(world).values())


def test_a_result_waits_for_the_supervisor_and_is_not_overdue(world: Campaign) -> None:
    task = world.task("submitted", title="清掏")
    Task.objects.filter(pk=task.pk).update(due_on=TODAY - timedelta(days=30))
    found = seen(world)
    assert found["review"] == ["清掏"] and not found["overdue"]


def test_unsigned_extensions_and_reports_have_queues_of_their_own(world: Campaign) -> None:
    world.task("issued", title="未签")
    asked = world.task("in_progress", title="延期")
    services.ask_extension(actor=world.lead, at=NOW, task=asked, until=date(2023, 12, 1), reason="等材料")
    owed(world, TODAY - timedelta(days=1))
    found = seen(world)
    assert (found["unsigned"], found["extensions"], found["unreported"]) == (["未签"], ["延期"], ["水务局"])


@pytest.mark.parametrize(
    ("until", "shown"),
    [(date(2023, 12, 31), "申请延至 12月31日"), (date(2024, 12, 31), "申请延至 2024年12月31日")],
)
def test_a_day_of_another_year_is_asked_for_with_its_year(world: Campaign, until: date, shown: str) -> None:
    task = world.task("in_progress", title="延期")
    services.ask_extension(actor=world.lead, at=NOW, task=task, until=until, reason="等材料")
    with time_machine.travel(NOW, tick=False):
        assert shown in browser(world).get("/tasks/desk/").content.decode()


def test_a_report_due_today_is_not_missing_yet(world: Campaign) -> None:
    owed(world, TODAY)
    assert not seen(world)["unreported"]


def test_tasks_of_drafts_and_archived_lists_are_left_out(world: Campaign) -> None:
    world.task("issued")
    TaskList.objects.update(state="archived")
    assert not any(seen(world).values())


def test_a_desk_without_an_issued_list_says_what_would_fill_it(world: Campaign) -> None:
    hint = "还没有下发的清单"
    assert hint in browser(world).get("/tasks/desk/").content.decode()
    world.task("issued")
    assert hint not in browser(world).get("/tasks/desk/").content.decode()


def test_the_desk_is_seen_as_of_a_day(world: Campaign) -> None:
    task = world.task("in_progress", title="清掏")
    Task.objects.filter(pk=task.pk).update(due_on=date(2023, 6, 1))
    assert not seen(world)["overdue"]
    assert seen(world, "/tasks/desk/?as_of=2023-06-02")["overdue"] == ["清掏"]


def test_filters_narrow_tasks_extensions_and_reports(world: Campaign) -> None:
    world.task("issued", title="甲", part="一、市容")
    owed(world, TODAY - timedelta(days=3))
    other = TaskFactory(title="乙", state="issued", leads=[world.power], part="二、照明")
    assert seen(world)["unsigned"] == ["甲", "乙"]
    by_list = seen(world, f"/tasks/desk/?list={other.task_list_id}")
    assert by_list["unsigned"] == ["乙"] and not by_list["unreported"]
    by_lead = seen(world, "/tasks/desk/?lead=shuiwu")
    assert by_lead["unsigned"] == ["甲"] and by_lead["unreported"] == ["水务局"]
    assert seen(world, f"/tasks/desk/?list={world.task_list.pk}&part=二、照明")["unsigned"] == []
    assert seen(world, "/tasks/desk/?q=乙")["unsigned"] == ["乙"]


def test_one_queue_is_paged(world: Campaign) -> None:
    for n in range(53):
        TaskFactory(task_list=world.task_list, state="issued", leads=[world.water], title=f"第{n}项")
    TaskList.objects.update(state="issued")
    assert len(seen(world)["unsigned"]) == 5
    with time_machine.travel(NOW, tick=False):
        page = browser(world).get("/tasks/desk/").content.decode()
    assert "其余 48 项" in page
    assert len(seen(world, "/tasks/desk/?queue=unsigned")["unsigned"]) == 50
    last = seen(world, "/tasks/desk/?queue=unsigned&page=2")
    assert len(last["unsigned"]) == 3 and not last["overdue"]


@pytest.mark.parametrize(
    "query", ["queue=nonsense", "list=abc", "as_of=2023-99-01", "lead=nowhere", "page=x"]
)
def test_a_bad_question_shows_the_desk(world: Campaign, query: str) -> None:
    world.task("issued")
    assert next(iter(seen(world, f"/tasks/desk/?{query}"))) == "overdue"


def test_a_press_urges_the_lead_once_a_day(world: Campaign) -> None:
    task = world.task("issued", title="清掏")
    Message.objects.all().delete()
    assert post(world, "/tasks/desk/urge/", task=task.pk, text="请于本周签收").status_code == 302  # type: ignore[attr-defined]
    row = Urging.objects.get()
    assert (row.department, row.day, row.text, row.actor) == (
        world.water,
        TODAY,
        "请于本周签收",
        world.supervisor,
    )
    told = Message.objects.filter(about=f"task:{task.pk}:urge")
    assert [message.recipient for message in told] == [world.lead]
    assert "请于本周签收" in told.get().body
    assert AuditEntry.objects.filter(action="task.urge").count() == 1
    again = browser(world)
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        page = again.post(
            "/tasks/desk/urge/", {"task": task.pk, "text": "再催"}, follow=True
        ).content.decode()
    assert "今天已由督查员甲" in page and "一天只催办一次" in page
    assert Urging.objects.count() == 1 and Message.objects.filter(about=f"task:{task.pk}:urge").count() == 1
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        browser(world).post("/tasks/desk/urge/", {"task": task.pk, "text": "再催"})
    assert Urging.objects.count() == 2


def test_both_leads_are_urged(world: Campaign) -> None:
    task = TaskFactory(state="signed", leads=[world.water, world.power])
    services.urge(actor=world.supervisor, at=NOW, text="抓紧", tasks=[task])
    assert set(Urging.objects.values_list("department__name", flat=True)) == {"水务局", "电力局"}


def test_many_are_urged_at_once_and_the_others_are_named(world: Campaign) -> None:
    first, second = world.task("issued", title="甲"), world.task("issued", title="乙")
    closed = world.task("closed", title="丙")
    done = services.urge(actor=world.supervisor, at=NOW, text="抓紧", tasks=[first, second, closed])
    assert done.number == 2
    assert done.refusals == ["“丙”现在是“已办结”，不需要承办部门再办，不能催办。请刷新页面查看。"]


def test_a_missing_report_is_urged(world: Campaign) -> None:
    obligation = owed(world, TODAY - timedelta(days=1))
    post(world, "/tasks/desk/urge/", obligation=obligation.pk, text="请补报")
    assert Urging.objects.get().obligation == obligation
    ReportObligation.objects.update(state="met", met_at=NOW)
    with pytest.raises(DomainError, match="已经报送"):
        services.urge(actor=world.supervisor, at=NOW, text="请补报", obligations=[obligation])


@pytest.mark.parametrize("state", ["draft", "submitted", "closed", "suspended"])
def test_what_no_department_owes_cannot_be_urged(world: Campaign, state: str) -> None:
    task = world.task(state)
    with pytest.raises(DomainError, match="不能催办"):
        services.urge(actor=world.supervisor, at=NOW, text="抓紧", tasks=[task])
    assert not Urging.objects.exists()


@pytest.mark.parametrize("text", ["", "  ", "催" * 501])
def test_urging_needs_words_of_bearable_length(world: Campaign, text: str) -> None:
    task = world.task("issued")
    with pytest.raises(DomainError, match="催办内容"):
        services.urge(actor=world.supervisor, at=NOW, text=text, tasks=[task])
    assert post(world, "/tasks/desk/urge/", task=task.pk, text=text).status_code == 302  # type: ignore[attr-defined]
    assert not Urging.objects.exists()


def test_nothing_chosen_is_said(world: Campaign) -> None:
    with pytest.raises(DomainError, match="请选择要催办的事项"):
        services.urge(actor=world.supervisor, at=NOW, text="抓紧")


def test_results_are_closed_and_returned_in_place(world: Campaign) -> None:
    good, bad = world.task("submitted"), world.task("submitted")
    closing = post(world, f"/tasks/{good.pk}/close/", reason="", next="/tasks/desk/?queue=review")
    assert closing["Location"] == "/tasks/desk/?queue=review"  # type: ignore[index]
    post(world, f"/tasks/{bad.pk}/return/", reason="缺照片", next="/tasks/desk/")
    assert {task.pk: task.state for task in Task.objects.all()} == {good.pk: "closed", bad.pk: "returned"}


def test_the_way_back_leads_nowhere_else(world: Campaign) -> None:
    task = world.task("submitted")
    answer = post(world, f"/tasks/{task.pk}/close/", reason="", next="https://example.org/")
    assert answer["Location"] == task.get_absolute_url()  # type: ignore[index]


def test_an_extension_is_decided_in_place(world: Campaign) -> None:
    task = world.task("in_progress")
    services.ask_extension(actor=world.lead, at=NOW, task=task, until=date(2023, 12, 1), reason="等材料")
    asked = Extension.objects.get()
    answer = post(world, f"/tasks/extensions/{asked.pk}/decide/", grant="1", reason="", next="/tasks/desk/")
    assert answer["Location"] == "/tasks/desk/"  # type: ignore[index]
    assert Task.objects.get().due_on == date(2023, 12, 1)


def test_the_desk_leaves_as_a_workbook(world: Campaign) -> None:
    late = world.task("in_progress", title="=清掏")
    Task.objects.filter(pk=late.pk).update(due_on=TODAY - timedelta(days=9))
    world.task("issued", title="未签")
    owed(world, TODAY - timedelta(days=1))
    services.urge(actor=world.supervisor, at=NOW, text="抓紧", tasks=[late])
    with time_machine.travel(NOW, tick=False):
        answer = browser(world).get("/tasks/desk/desk.xlsx")
        one = browser(world).get("/tasks/desk/desk.xlsx?queue=unsigned")
    sheet = sheet_of(answer.content)
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [row[0] for row in rows] == ["事项", "逾期", "未签收", "未报送"]
    assert rows[1][4:6] == ["=清掏", "水务局"] and rows[1][9] == -9 and rows[1][11] == 1
    assert sheet["E2"].data_type == "s"
    assert sheet_of(one.content).max_row == 2


def test_an_export_says_what_it_left_out(world: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("taskboard.desk.views.MOST_EXPORTED", 2)
    for n in range(3):
        world.task("issued", title=f"第{n}项")
    with time_machine.travel(NOW, tick=False):
        answer = browser(world).get("/tasks/desk/desk.xlsx?queue=unsigned")
    titles = [row[4].value for row in sheet_of(answer.content).iter_rows(min_row=2)]
    assert titles == ["第0项", "第1项", "其余 1 项没有导出，请按清单或部门筛选后再导出"]


def test_the_matrix_counts_each_lead_and_red_apart(world: Campaign) -> None:
    TaskFactory(state="issued", leads=[world.water, world.power], due_on=TODAY - timedelta(days=1))
    TaskFactory(state="closed", leads=[world.water])
    with time_machine.travel(NOW, tick=False):
        matrix = browser(world).get("/tasks/desk/").context["matrix"]
    rows = {row.name: ([cell.number for cell in row.cells], row.total, row.red) for row in matrix.rows}
    assert rows == {"水务局": ([1, 0, 0, 0, 0, 1], 2, 1), "电力局": ([1, 0, 0, 0, 0, 0], 1, 1)}
    assert (matrix.totals, matrix.total, matrix.red) == ((2, 0, 0, 0, 0, 1), 3, 2)


def crowd(unit: Department, number: int) -> None:
    """Tasks in every queue, with what belongs to them."""
    task_list = TaskListFactory(directive=DirectiveFactory())
    rule = ReportingRule.objects.create(directive=task_list.directive, rhythm="monthly")
    for n in range(number):
        for state in ("issued", "in_progress", "submitted"):
            due = TODAY + timedelta(days=n % 5 - 2)
            TaskFactory(task_list=task_list, state=state, leads=[unit], due_on=due, submitted_on=TODAY)
        ReportObligation.objects.create(
            rule=rule,
            task_list=task_list,
            department=unit,
            period_start=date(2023, 1, 1),
            period_end=date(2023, 1, 2) + timedelta(days=n),
            due_on=date(2023, 2, 1),
        )
    person = UserFactory(role=Role.DEPARTMENT_OFFICER, department=unit)
    for task in Task.objects.filter(task_list=task_list, state="in_progress"):
        Extension.objects.create(
            task=task,
            department=unit,
            old_due=task.due_on or TODAY,
            until=date(2023, 12, 1),
            reason="等材料",
            asked_by=person,
            asked_at=NOW,
        )


@pytest.mark.parametrize(
    "query", ["", "?queue=overdue", "?queue=review", "?queue=extensions", "?queue=unreported"]
)
def test_any_number_of_tasks_costs_the_same_queries(query: str) -> None:
    client, costs = browser_of("supervisor"), []
    with time_machine.travel(NOW, tick=False):
        for number in (2, 8, 20):
            crowd(DepartmentFactory(), number)
            client.get(f"/tasks/desk/{query}")
            cache.clear()
            with CaptureQueriesContext(connection) as captured:
                assert client.get(f"/tasks/desk/{query}").status_code == 200
            costs.append(len(captured))
    assert len(set(costs)) == 1 and costs[0] <= MOST_QUERIES, costs


@pytest.mark.parametrize("query", ["", "?queue=overdue", "?queue=extensions"])
def test_the_workbook_costs_the_same_queries_however_much_waits(query: str) -> None:
    client, costs = browser_of("supervisor"), []
    with time_machine.travel(NOW, tick=False):
        for number in (2, 8):
            crowd(DepartmentFactory(), number)
            client.get(f"/tasks/desk/desk.xlsx{query}")
            with CaptureQueriesContext(connection) as captured:
                assert client.get(f"/tasks/desk/desk.xlsx{query}").status_code == 200
            costs.append(len(captured))
    assert len(set(costs)) == 1 and costs[0] <= MOST_QUERIES, costs


@pytest.mark.parametrize("role", ["anonymous", None, *Role.values])
def test_the_desk_is_the_supervisors_alone(role: str | None) -> None:
    client = browser_of(role)
    wanted = 200 if role == Role.SUPERVISOR else 302 if role == "anonymous" else 403
    for address in ("/tasks/desk/", "/tasks/desk/desk.xlsx"):
        assert client.get(address).status_code == wanted, address
    task = TaskFactory(state="issued", leads=[DepartmentFactory()])
    answer = client.post("/tasks/desk/urge/", {"task": task.pk, "text": "抓紧"})
    assert answer.status_code == (302 if wanted == 200 else wanted)
    assert Urging.objects.exists() == (role == Role.SUPERVISOR)


def test_the_task_shows_its_lights_and_who_was_urged(world: Campaign) -> None:
    task = world.task("signed", title="清掏", due_on=date(2023, 5, 9))
    for day in (8, 9, 10):
        snapshot_lights(on_day=date(2023, 5, day))
    services.urge(actor=world.supervisor, at=NOW, text="请抓紧清掏", tasks=[task])
    with time_machine.travel(NOW, tick=False):
        page = browser(world, "outsider").get(task.get_absolute_url()).content.decode()
    assert "催办水务局" in page and "请抓紧清掏" in page
    assert page.count("<rect") >= 2 and "strip-yellow" in page and "strip-red" in page
    with time_machine.travel(NOW, tick=False):
        earlier = browser(world, "outsider").get(f"{task.get_absolute_url()}?as_of=2023-05-09")
    assert earlier.context["lights"].end == date(2023, 5, 9)
    words = " ".join(page.split("light-history")[-1].split())
    assert "2023年5月8日—5月9日，2 天" in words and "2023年5月10日" in words

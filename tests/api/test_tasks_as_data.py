"""``/api/v1/tasks/`` and ``/api/v1/task-lists/``: fields, lights, counts."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from taskboard.models import Task, TaskList
from tests.api.world import Caller, build
from tests.factories import DepartmentFactory, TaskFactory, TaskListFactory

pytestmark = pytest.mark.django_db


def titles(query: dict[str, Any]) -> list[str]:
    return [row["title"] for row in Caller("viewer").rows("tasks/", query)]


def test_a_task_with_its_departments() -> None:
    world = build()
    Task.objects.update(number="3", subsection="（一）街面", percent=40)
    row = Caller("viewer").get(f"tasks/{world.task.pk}/", {"as_of": "2023-05-01"})
    assert row == {
        "id": world.task.pk,
        "list": world.task_list.pk,
        "directive": world.directive.pk,
        "part": "一、市容",
        "subsection": "（一）街面",
        "number": "3",
        "title": world.task.title,
        "text": world.task.text,
        "lead": ["水务局"],
        "support": ["电力局"],
        "due_on": "2023-10-31",
        "due_inherited": True,
        "state": "in_progress",
        "light": "green",
        "percent": 40,
        "targets": [],
        "url": f"http://testserver/tasks/{world.task.pk}/",
    }
    assert Caller("supervisor").rows("tasks/", {"as_of": "2023-05-01"}) == [row]


def test_a_date_of_its_own_is_not_inherited() -> None:
    task = TaskFactory(due_on=date(2023, 8, 31))
    row = Caller("viewer").get(f"tasks/{task.pk}/")
    assert (row["due_on"], row["due_inherited"]) == ("2023-08-31", False)


def test_no_date_at_all_is_null_and_grey() -> None:
    task = TaskFactory(task_list=TaskListFactory(ends_on=None, directive=None))
    row = Caller("viewer").get(f"tasks/{task.pk}/")
    assert (row["due_on"], row["light"], row["directive"]) == (None, "grey", None)


@pytest.mark.parametrize(
    ("day", "light"),
    [
        ("2023-08-23", "green"),
        ("2023-08-24", "yellow"),
        ("2023-08-31", "yellow"),
        ("2023-09-01", "red"),
        ("2100-12-31", "red"),
        ("2000-01-01", "green"),
    ],
)
def test_the_light_is_that_of_the_day(day: str, light: str) -> None:
    task = TaskFactory(due_on=date(2023, 8, 31))
    assert Caller("viewer").get(f"tasks/{task.pk}/", {"as_of": day})["light"] == light
    assert titles({"as_of": day, "light": light}) == [task.title]
    counts = Caller("viewer").get(f"task-lists/{task.task_list_id}/", {"as_of": day})["counts"]
    assert counts["by_light"] == {"green": 0, "yellow": 0, "red": 0, "grey": 0} | {light: 1}


@pytest.mark.parametrize("day", ["1999-12-31", "2101-01-01", "9999-12-31", "0001-01-01"])
def test_a_day_that_nobody_can_mean_is_refused(day: str) -> None:
    task = TaskFactory(due_on=date(2023, 8, 31))
    for path in ("tasks/", f"tasks/{task.pk}/", f"task-lists/{task.task_list_id}/"):
        answer = Caller("viewer").http.get(f"/api/v1/{path}", {"as_of": day})
        assert answer.status_code == 400 and "2000 年到 2100 年" in answer.content.decode(), path


@pytest.mark.parametrize(
    ("state", "light"), [("draft", "grey"), ("suspended", "grey"), ("closed", "grey"), ("signed", "red")]
)
def test_no_clock_no_colour(state: str, light: str) -> None:
    task = TaskFactory(state=state, due_on=date(2020, 1, 1))
    assert Caller("viewer").get(f"tasks/{task.pk}/")["light"] == light


def test_without_a_day_lights_are_todays() -> None:
    today = timezone.localdate()
    for title, days in (("昨天", -1), ("今天", 0), ("七天", 7), ("八天", 8)):
        TaskFactory(title=title, due_on=today + timedelta(days=days))
    found = {row["title"]: row["light"] for row in Caller("viewer").rows("tasks/")}
    assert found == {"昨天": "red", "今天": "yellow", "七天": "yellow", "八天": "green"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["清沟", "修灯", "补路"]),
        ({"q": "清"}, ["清沟"]),
        ({"q": "水务局"}, ["清沟", "修灯"]),
        ({"lead": "shuiwu"}, ["清沟"]),
        ({"lead": "水务局"}, ["清沟"]),
        ({"lead": "市水务局"}, ["清沟"]),
        ({"lead": "dianli"}, ["修灯"]),
        ({"support": "shuiwu"}, ["修灯"]),
        ({"lead": "dianli", "support": "shuiwu"}, ["修灯"]),
        ({"state": "returned"}, ["修灯"]),
        ({"light": "red", "as_of": "2023-09-01"}, ["清沟"]),
        ({"due_before": "2023-08-30"}, []),
        ({"due_before": "2023-08-31"}, ["清沟"]),
        ({"due_before": "2023-10-31"}, ["清沟", "修灯", "补路"]),
        ({"ordering": "-due_on,-id"}, ["补路", "修灯", "清沟"]),
        ({"ordering": "-title"}, ["补路", "清沟", "修灯"]),
    ],
)
def test_filters_and_order(query: dict[str, Any], found: list[str]) -> None:
    water, power = DepartmentFactory(slug="shuiwu", name="水务局"), DepartmentFactory(slug="dianli")
    water.aliases.create(name="市水务局")
    one = TaskListFactory()
    TaskFactory(task_list=one, order=1, title="清沟", leads=[water], due_on=date(2023, 8, 31))
    TaskFactory(task_list=one, order=2, title="修灯", leads=[power], supporters=[water], state="returned")
    TaskFactory(task_list=one, order=3, title="补路")
    assert titles(query) == found


def test_two_leads_do_not_double_a_task() -> None:
    water, power = DepartmentFactory(slug="shuiwu"), DepartmentFactory(slug="dianli")
    water.aliases.create(name="市水务局")
    water.aliases.create(name="水务")
    TaskFactory(title="清沟", leads=[water, power])
    assert titles({"lead": "shuiwu"}) == titles({"lead": "dianli"}) == ["清沟"]


def test_tasks_of_one_list() -> None:
    one, other = TaskListFactory(), TaskListFactory()
    TaskFactory(task_list=one, title="清沟")
    TaskFactory(task_list=other, title="修灯")
    assert titles({"list": one.pk}) == ["清沟"]


def test_a_list_with_its_counts() -> None:
    world = build()
    TaskFactory(task_list=world.task_list, state="closed")
    TaskFactory(task_list=world.task_list, state="draft")
    TaskFactory()
    row = Caller("viewer").get(f"task-lists/{world.task_list.pk}/", {"as_of": "2023-11-01"})
    assert {**row, "counts": None} == {
        "id": world.task_list.pk,
        "title": "清沟任务",
        "directive": world.directive.pk,
        "ends_on": "2023-10-31",
        "state": "issued",
        "counts": None,
    }
    # What was not issued on that past day is not counted there.
    assert row["counts"]["total"] == 2
    assert row["counts"]["by_light"] == {"red": 1, "yellow": 0, "green": 0, "grey": 1}
    assert {state: n for state, n in row["counts"]["by_state"].items() if n} == {
        "in_progress": 1,
        "closed": 1,
    }
    assert set(row["counts"]["by_state"]) == set(Task.State)


def test_an_empty_list_counts_nothing() -> None:
    empty = TaskListFactory()
    assert Caller("viewer").get(f"task-lists/{empty.pk}/")["counts"]["total"] == 0


def test_lists_by_state() -> None:
    TaskListFactory(title="甲", state=TaskList.State.DRAFT)
    TaskListFactory(title="乙", state=TaskList.State.ARCHIVED)
    rows = Caller("viewer").rows("task-lists/", {"state": "draft"})
    assert [row["title"] for row in rows] == ["甲"]

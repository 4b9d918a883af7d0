"""The lights of tasks, kept day by day."""

from datetime import date, timedelta
from typing import Any

import pytest

from taskboard.boards import light_of
from taskboard.lighthistories import history_of
from taskboard.lighthistory import strip_of
from taskboard.models import LightSnapshot, Task, TaskList
from taskboard.services.snapshots import snapshot_lights
from tests.factories import TaskFactory, TaskListFactory

pytestmark = pytest.mark.django_db

DUE = date(2023, 10, 31)


def rows() -> list[tuple[str, str]]:
    return list(LightSnapshot.objects.order_by("day").values_list("colour", "word"))


def kept(task: Task, day: date) -> tuple[str, str]:
    snapshot_lights(on_day=day)
    return LightSnapshot.objects.values_list("colour", "word").get(task=task, day=day)


STATES = [state for state in Task.State.values if state != "draft"]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("past", [-8, -7, 0, 1])
@pytest.mark.parametrize("submitted", [None, 0, 1])
def test_the_database_says_what_the_rules_say(state: str, past: int, submitted: int | None) -> None:
    handed_in = None if submitted is None else DUE + timedelta(days=submitted)
    written = TaskFactory(state=state, due_on=DUE, submitted_on=handed_in)
    day = DUE + timedelta(days=past)
    if state == "closed" and handed_in and handed_in > day:
        return
    task = Task.objects.select_related("task_list").get(pk=written.pk)
    expected = light_of(task, day)
    assert kept(task, day) == (expected.colour, expected.word)


def test_a_task_without_any_date_is_kept_without_a_clock() -> None:
    task = TaskFactory(task_list=TaskListFactory(ends_on=None))
    assert kept(task, DUE) == ("grey", "未计时")


def test_drafts_have_no_light_to_keep() -> None:
    TaskFactory(state="draft")
    assert snapshot_lights(on_day=DUE) == 0


def test_a_second_run_of_the_day_changes_nothing_and_adds_what_is_missing() -> None:
    first = TaskFactory(due_on=DUE)
    assert snapshot_lights(on_day=DUE) == 1
    Task.objects.filter(pk=first.pk).update(state="suspended")
    TaskFactory(due_on=DUE)
    assert snapshot_lights(on_day=DUE) == 1
    assert set(rows()) == {("yellow", "临期")}


def test_a_closed_task_is_kept_once_and_again_after_it_was_reopened() -> None:
    task = TaskFactory(due_on=DUE, state="closed", submitted_on=DUE)
    for offset in range(3):
        snapshot_lights(on_day=DUE + timedelta(days=offset))
    assert rows() == [("grey", "已办结")]
    Task.objects.filter(pk=task.pk).update(state="in_progress", submitted_on=None)
    snapshot_lights(on_day=DUE + timedelta(days=3))
    Task.objects.filter(pk=task.pk).update(state="closed", submitted_on=DUE + timedelta(days=4))
    for offset in (4, 5):
        snapshot_lights(on_day=DUE + timedelta(days=offset))
    assert rows() == [("grey", "已办结"), ("red", "逾期"), ("grey", "逾期补报")]


def test_a_year_of_mornings_gives_the_strip_of_the_task() -> None:
    task = TaskFactory(due_on=DUE)
    for offset in range(-100, 265):
        snapshot_lights(on_day=DUE + timedelta(days=offset))
    strip = history_of(task, DUE + timedelta(days=264))
    assert [(s.word, s.days) for s in strip.stretches] == [("正常", 93), ("临期", 8), ("逾期", 264)]
    as_of = history_of(task, DUE)
    assert [(s.word, s.days) for s in as_of.stretches] == [("正常", 93), ("临期", 8)]
    assert not strip_of([], DUE)


def test_any_number_of_tasks_is_kept_in_one_statement(django_assert_num_queries: Any) -> None:
    task_list = TaskListFactory(ends_on=DUE)
    Task.objects.bulk_create(
        Task(task_list=task_list, order=n, title=f"疏通{n}号沟", state="signed") for n in range(2000)
    )
    assert TaskList.objects.count() == 1
    with django_assert_num_queries(1):
        assert snapshot_lights(on_day=DUE) == 2000

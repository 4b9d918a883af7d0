"""Places of tasks in their list."""

from datetime import UTC, datetime

import pytest

from foundation.errors import PermissionRefused
from foundation.models import AuditEntry
from organizations.models import User
from taskboard.models import Task, TaskList
from taskboard.services import place_tasks
from tests.factories import TaskFactory, TaskListFactory, UserFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def task_list() -> TaskList:
    made = TaskListFactory()
    for order in (1, 2, 3):
        TaskFactory(task_list=made, order=order, title=f"任务{order}")
    return made


def place(task_list: TaskList, wanted: dict[str, int], actor: User | None = None) -> int:
    keys = dict(task_list.tasks.values_list("title", "pk"))
    places = {keys[title]: order for title, order in wanted.items()}
    return place_tasks(actor=actor, at=AT, task_list=task_list, places=places, reason="更正")


def orders(task_list: TaskList) -> dict[str, int]:
    return dict(task_list.tasks.order_by("order").values_list("title", "order"))


def test_tasks_change_places_with_each_other(task_list: TaskList) -> None:
    assert place(task_list, {"任务1": 3, "任务3": 1}) == 2
    assert orders(task_list) == {"任务3": 1, "任务2": 2, "任务1": 3}
    entry = AuditEntry.objects.get(action="task_list.place")
    assert sorted(entry.before.values()) == sorted(entry.after.values()) == [1, 3]


def test_a_place_that_is_held_stays_with_its_task(task_list: TaskList) -> None:
    assert place(task_list, {"任务1": 2}) == 1
    assert orders(task_list) == {"任务2": 2, "任务3": 3, "任务1": 4}


def test_two_tasks_for_one_place_stand_one_after_the_other(task_list: TaskList) -> None:
    place(task_list, {"任务1": 5, "任务2": 5})
    assert set(orders(task_list).values()) == {3, 5, 6}


def test_a_task_where_it_belongs_is_not_moved(task_list: TaskList) -> None:
    assert place(task_list, {"任务2": 2}) == 0
    assert place_tasks(actor=None, at=AT, task_list=task_list, places={}, reason="") == 0
    assert not AuditEntry.objects.filter(action="task_list.place").exists()


def test_placing_needs_the_right_to_change_the_list(task_list: TaskList) -> None:
    with pytest.raises(PermissionRefused):
        place(task_list, {"任务1": 2}, actor=UserFactory(role="viewer"))
    assert Task.objects.get(title="任务1").order == 1

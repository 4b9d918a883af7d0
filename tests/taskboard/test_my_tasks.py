"""``/tasks/mine/``: what a department has to do now, in order."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from taskboard.models import Signature, Task
from tests.taskboard.campaign import NOW, Campaign, campaign

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(NOW)


def look(world: Campaign, name: str = "lead") -> Any:
    client = Client()
    client.force_login(world.people[name])
    with time_machine.travel(NOW, tick=False):
        return client.get("/tasks/mine/")


def test_work_stands_in_the_order_in_which_it_is_urgent() -> None:
    world = campaign()
    world.task("issued", title="要签收")
    world.task("returned", title="被退回")
    world.task("in_progress", title="快到期", due_on=TODAY + timedelta(days=7))
    world.task("in_progress", title="已逾期", due_on=TODAY - timedelta(days=1))
    world.task("in_progress", title="在办", due_on=TODAY + timedelta(days=8))
    world.task("submitted", title="待复核", due_on=TODAY)
    context = look(world).context
    names = [card.title if hasattr(card, "list_id") else card.row.task.title for card in context["cards"]]
    assert names == ["已逾期", "快到期", "清沟行动", "被退回"]
    assert {row.task.title for row in context["going"]} == {"在办", "待复核"}
    assert context["going_count"] == 2


def test_one_press_signs_all_that_waits_in_a_list() -> None:
    world = campaign()
    for _ in range(3):
        world.task("issued")
    world.task("draft")
    client = Client()
    client.force_login(world.lead)
    response = client.post(f"/tasks/lists/{world.task_list.pk}/sign/", {"next": "/tasks/mine/"})
    assert response["Location"] == "/tasks/mine/"
    assert Task.objects.filter(state="signed").count() == Signature.objects.count() == 3
    again = client.post(f"/tasks/lists/{world.task_list.pk}/sign/")
    assert again.status_code == 409
    assert "水务局 经办人甲已于" in again.content.decode()


def test_supported_tasks_stand_apart_and_move_no_state_when_signed() -> None:
    world = campaign()
    task = world.task("issued")
    client = Client()
    client.force_login(world.supporter)
    client.post(f"/tasks/lists/{world.task_list.pk}/sign/")
    assert Task.objects.get(pk=task.pk).state == "issued"
    context = look(world, "supporter").context
    assert (context["cards"], context["supported_count"]) == ([], 1)


def test_who_works_for_no_department_is_told_so() -> None:
    assert "没有要办的任务" in look(campaign(), "viewer").content.decode()


def test_it_costs_the_same_few_queries_however_much_waits() -> None:
    world = campaign()
    client = Client()
    client.force_login(world.lead)

    def cost() -> int:
        client.get("/tasks/mine/")
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/tasks/mine/").status_code == 200
        return len(captured)

    for state in ("issued", "in_progress"):
        world.task(state)
    few = cost()
    for state in ("issued", "in_progress", "returned"):
        world.task(state)
        world.task(state)
    assert cost() == few <= 15

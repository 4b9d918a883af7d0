"""Supervision through the interface: who reads it, who takes its steps."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from rest_framework.test import APIClient

from tests.taskboard.campaign import NOW, OTHERS, Campaign, campaign
from tests.taskboard.supervisionworld import DUE_AT, due_look_back

pytestmark = pytest.mark.django_db
PATHS = ("stages", "look-backs", "findings", "listings", "inspections", "urgings", "bulletins")


@pytest.fixture
def world() -> Campaign:
    return campaign()


def call(world: Campaign, name: str, path: str, values: Any = None, at: Any = NOW) -> Any:
    client = APIClient()
    if name != "anonymous":
        client.force_authenticate(world.people[name])
    with time_machine.travel(at, tick=False):
        if values is None:
            return client.get(f"/api/v1/{path}/")
        return client.post(f"/api/v1/{path}/", values, format="json")


@pytest.mark.parametrize("path", PATHS)
def test_staff_read_and_nobody_else(world: Campaign, path: str) -> None:
    assert [call(world, name, path).status_code for name in ("anonymous", "nobody", "viewer")] == [
        401,
        403,
        200,
    ]


def test_the_ranking_is_for_supervisors(world: Campaign) -> None:
    assert call(world, "lead", "ranking").status_code == 403
    assert "results" in call(world, "supervisor", "ranking").json()


def test_only_supervisors_look_back(world: Campaign) -> None:
    path = f"look-backs/{due_look_back(world).pk}/pass"
    for name in ("lead", "head", "supporter", "outsider", *(role.value for role in OTHERS)):
        assert call(world, name, path, {}, DUE_AT).status_code == 403, name
    assert call(world, "supervisor", path, {}, DUE_AT).json()["state"] == "passed"
    assert call(world, "supervisor", path, {}, DUE_AT).status_code == 409


def test_a_task_is_listed_prolonged_and_urged(world: Campaign) -> None:
    task, day = world.task("in_progress"), (NOW + timedelta(days=9)).date().isoformat()
    values = {"task": task.pk, "notice": "限期办结", "leader": "副市长", "deadline": day}
    assert call(world, "lead", "listings", values).status_code == 403
    assert call(world, "supervisor", "listings", {}).status_code == 400
    made = call(world, "supervisor", "listings", values)
    assert made.status_code == 201
    other = {"deadline": (NOW + timedelta(days=20)).date().isoformat(), "reason": "雨期"}
    path = f"listings/{made.json()['id']}/prolong"
    assert call(world, "supervisor", path, other).json()["deadline"] == other["deadline"]
    assert call(world, "supervisor", "urgings", {"tasks": [task.pk], "text": "抓紧"}).json()["urged"] == 1
    assert call(world, "supervisor", "urgings", {"tasks": [task.pk], "text": "抓紧"}).status_code == 409


def test_several_tasks_are_signed_at_once(world: Campaign) -> None:
    tasks = [world.task("issued").pk, world.task("closed").pk]
    said = call(world, "lead", "tasks/bulk-sign", {"tasks": tasks}).json()
    assert [row["done"] for row in said] == [True, False]
    assert call(world, "viewer", "tasks/bulk-sign", {"tasks": tasks}).status_code == 403

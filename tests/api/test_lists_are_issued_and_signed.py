"""``task-lists/{id}/issue|sign/`` and ``extensions/``: the steps of whole lists, and decisions."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from taskboard.models import Extension, Task
from tests.accounts import token_for
from tests.taskboard.campaign import Campaign, campaign

pytestmark = pytest.mark.django_db


def post(world: Campaign, name: str, path: str, values: dict[str, Any] | None = None) -> Any:
    client = APIClient()
    if name != "anonymous":
        client.credentials(HTTP_AUTHORIZATION=f"Token {token_for(world.people[name])}")
    return client.post(f"/api/v1/{path}", values or {}, format="json")


def test_a_list_is_issued_by_the_supervisor_once() -> None:
    world = campaign()
    world.task(), world.task()
    path = f"task-lists/{world.task_list.pk}/issue/"
    refused = {
        name: post(world, name, path).status_code for name in ("anonymous", "lead", "editor", "nobody")
    }
    assert refused == {"anonymous": 401, "lead": 403, "editor": 403, "nobody": 404}
    assert post(world, "supervisor", path, {"tasks": []}).status_code == 400
    assert post(world, "supervisor", path, {"ends_on": "2023-02-30"}).status_code == 400
    issued = post(world, "supervisor", path)
    assert (issued.status_code, issued.json()["state"]) == (200, "issued")
    assert issued.json()["counts"]["by_state"]["issued"] == 2
    assert post(world, "supervisor", path).status_code == 409
    assert post(world, "supervisor", "task-lists/999999/issue/").status_code == 404


def test_a_list_is_signed_by_each_department_for_itself() -> None:
    world = campaign()
    world.task("issued"), world.task("issued")
    path = f"task-lists/{world.task_list.pk}/sign/"
    for name in ("outsider", "unplaced", "supervisor", "viewer"):
        assert post(world, name, path).status_code == 403
    assert post(world, "supporter", path).status_code == 200
    assert set(Task.objects.values_list("state", flat=True)) == {"issued"}
    assert post(world, "lead", path).json()["counts"]["by_state"]["signed"] == 2
    assert post(world, "head", path).status_code == 409


def test_a_later_date_is_asked_for_and_decided() -> None:
    world = campaign()
    task = world.task("in_progress", due_on="2099-05-01")
    values = {"until": "2099-06-01", "reason": "雨期"}
    asked = post(world, "lead", f"tasks/{task.pk}/extension/", values).json()
    assert (asked["old_due"], asked["until"], asked["state"]) == ("2099-05-01", "2099-06-01", "pending")
    path = f"extensions/{asked['id']}/decide/"
    assert post(world, "lead", path, {"grant": True}).status_code == 403
    assert post(world, "supervisor", path, {}).status_code == 400
    assert post(world, "supervisor", path, {"grant": False}).status_code == 400
    assert post(world, "supervisor", path, {"grant": True, "reason": "同意"}).json()["state"] == "granted"
    assert post(world, "supervisor", path, {"grant": True}).status_code == 409
    assert Extension.objects.get().old_due.isoformat() == "2099-05-01"
    assert str(Task.objects.get(pk=task.pk).due_on) == "2099-06-01"

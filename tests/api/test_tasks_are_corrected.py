"""``/api/v1/tasks/{id}/correct/``: what a task says is changed by the same rules as on its page."""

from datetime import date
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.accounts import token_for
from tests.taskboard.campaign import Campaign, campaign

pytestmark = pytest.mark.django_db


def sent(world: Campaign, task: Any, values: dict[str, Any], name: str = "supervisor") -> Any:
    http = APIClient()
    http.credentials(HTTP_AUTHORIZATION=f"Token {token_for(world.people[name])}")
    return http.post(f"/api/v1/tasks/{task.pk}/correct/", values, format="json")


def test_an_issued_task_is_corrected_with_a_reason_and_it_stands_in_the_history() -> None:
    world = campaign()
    task = world.task("in_progress")
    values = {"title": "清掏西沟", "lead": ["电力局"], "support": ["水务局"], "due_on": "2023-09-30"}
    refused = sent(world, task, values)
    assert refused.status_code == 400 and "reason" in refused.json()
    answer = sent(world, task, values | {"reason": "部门写反了"})
    assert answer.status_code == 200, answer.json()
    row = answer.json()
    assert (row["title"], row["lead"], row["support"]) == ("清掏西沟", ["电力局"], ["水务局"])
    assert (row["due_on"], row["due_inherited"]) == ("2023-09-30", False)
    last = task.transitions.order_by("-pk").first()
    assert last is not None and (last.action, last.from_state, last.to_state) == (
        *("correct", "in_progress", "in_progress"),
    )
    assert "部门写反了" in last.reason


def test_no_date_inherits_the_lists_end() -> None:
    world = campaign()
    task = world.task("draft", due_on=date(2023, 8, 1))
    row = sent(world, task, {"due_on": None}, "editor").json()
    assert (row["due_on"], row["due_inherited"]) == ("2023-10-31", True)


@pytest.mark.parametrize(
    ("state", "name", "status"),
    [
        *(("draft", "editor", 200), ("draft", "supervisor", 200), ("issued", "supervisor", 200)),
        *(("issued", "editor", 403), ("issued", "lead", 403), ("draft", "lead", 403)),
        *(("draft", "outsider", 403), ("draft", "viewer", 403), ("draft", "nobody", 404)),
        ("closed", "supervisor", 409),
    ],
)
def test_who_may_correct_what(state: str, name: str, status: int) -> None:
    world = campaign()
    answer = sent(world, world.task(state), {"title": "另一个题目", "reason": "写错"}, name)
    assert answer.status_code == status, answer.json()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "没有改动"),
        ({"lead": ["没有这个局"]}, "没有“没有这个局”这个部门"),
        ({"lead": ["电力局"]}, "不能既牵头又配合"),
        ({"lead": []}, "lead"),
        ({"due_on": "2023-02-30"}, "due_on"),
    ],
)
def test_what_is_wrong_is_said(values: dict[str, Any], words: str) -> None:
    world = campaign()
    task = world.task("issued")
    answer = sent(world, task, values | {"reason": "写错"})
    assert answer.status_code == 400 and words in answer.content.decode()
    assert not task.transitions.filter(action="correct").exists()

"""Each step of a task: by whom, from which state; web and interface answer alike."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client
from rest_framework.test import APIClient

from organizations.models import Role, RoleAssignment
from taskboard import moves
from taskboard.models import Extension, Signature, Task
from taskboard.moves import MOVES
from tests.accounts import token_for
from tests.taskboard.campaign import NOW, Campaign, campaign, pdf

pytestmark = pytest.mark.django_db

# What each step is tried on, what it takes, the state afterwards, and who may make it.
LEADS, PARTIES, SUPERVISORS = {"lead", "head"}, {"lead", "head", "supporter"}, {"supervisor"}
EXPECTED: dict[str, tuple[str, Callable[[], dict[str, Any]], str, set[str]]] = {
    "sign": ("issued", dict, "signed", PARTIES),
    "progress": ("signed", lambda: {"percent": 55, "text": "过半"}, "in_progress", PARTIES),
    "evidence": ("in_progress", lambda: {"file": pdf(mark="new")}, "in_progress", PARTIES),
    "submit": ("in_progress", lambda: {"text": "完成"}, "submitted", LEADS),
    "extension": ("in_progress", lambda: {"until": "2023-11-30", "reason": "雨期"}, "in_progress", LEADS),
    "return": ("submitted", lambda: {"reason": "缺回执"}, "returned", SUPERVISORS),
    "close": ("submitted", lambda: {"reason": "属实"}, "closed", SUPERVISORS),
    "reopen": ("closed", lambda: {"reason": "回头看不合格"}, "in_progress", SUPERVISORS),
    "suspend": ("in_progress", lambda: {"reason": "等许可"}, "suspended", SUPERVISORS),
    "resume": ("suspended", dict, "in_progress", SUPERVISORS),
}
# From which states each step starts; everything else is a conflict.
STARTS = {
    "sign": {"issued", "signed", "in_progress", "submitted", "returned"},
    "progress": {"signed", "in_progress", "returned"},
    "evidence": {"signed", "in_progress", "submitted", "returned"},
    "submit": {"in_progress", "returned"},
    "extension": {"issued", "signed", "in_progress", "returned"},
    "return": {"submitted"},
    "close": {"submitted"},
    "reopen": {"closed"},
    "suspend": {"issued", "signed", "in_progress", "submitted", "returned"},
    "resume": {"suspended"},
}


def call(world: Campaign, name: str, task: Task, step: str, values: dict[str, Any]) -> int:
    """The interface's answer."""
    client = APIClient()
    if name != "anonymous":
        client.credentials(HTTP_AUTHORIZATION=f"Token {token_for(world.people[name])}")
    form = "multipart" if "file" in values else "json"
    with time_machine.travel(NOW, tick=False):
        response = client.post(f"/api/v1/tasks/{task.pk}/{step}/", values, format=form)
    assert response.status_code < 500
    if response.status_code in {400, 403, 409}:
        assert any("\u4e00" <= sign <= "\u9fff" for sign in response.content.decode())
    return response.status_code


def press(world: Campaign, name: str, task: Task, step: str, values: dict[str, Any]) -> int:
    """The page's answer."""
    client = Client()
    if name != "anonymous":
        client.force_login(world.people[name])
    with time_machine.travel(NOW, tick=False):
        return client.post(f"/tasks/{task.pk}/{step}/", values).status_code


def made_a_difference(task: Task, step: str, state: str, name: str) -> bool:
    found = Task.objects.get(pk=task.pk).state
    if step == "sign" and name == "supporter":
        return Signature.objects.filter(task=task, department__name="电力局").exists()
    if step == "progress" and name == "supporter":
        return task.reports.filter(department__name="电力局").exists()
    if step == "extension":
        return Extension.objects.filter(task=task).exists()
    if step == "evidence":
        return task.transitions.filter(action="evidence").count() == 1
    return found == state


def test_everybody_who_may_come_along_tries() -> None:
    people = [who.pk for who in campaign().people.values()]
    held = RoleAssignment.objects.filter(user__in=people).values_list("role", flat=True)
    assert set(held) == set(Role.values)


def test_every_step_and_state_of_the_table_has_an_expectation() -> None:
    assert set(EXPECTED) == set(STARTS) == set(MOVES) == set(moves.ORDER)
    assert set().union(*STARTS.values()) | {"draft"} == set(Task.State.values)


def ends(step: str, state: str, name: str) -> str | None:
    """The state after a step that is possible; None for a conflict."""
    if state not in STARTS[step]:
        return None
    if step == "sign":
        # The lead has signed in every later state; the signature of a supporter never moves the task.
        return (None if state != "issued" else "signed") if name != "supporter" else state
    if step == "progress" and name == "supporter":
        return state
    return state if step in {"evidence", "extension"} else EXPECTED[step][2]


@pytest.mark.parametrize("step", MOVES)
@pytest.mark.parametrize("way", [call, press])
@pytest.mark.parametrize("state", Task.State.values)
def test_each_step_from_each_state_as_everybody(step: str, way: Callable[..., int], state: str) -> None:
    """Refused to whom it is not for, whatever the state; to others the next state, or a conflict."""
    _, values, _, allowed = EXPECTED[step]
    by_api = way is call
    world = campaign()
    untouched = world.task(state)
    history = list(untouched.transitions.values_list("pk", flat=True))
    for name in set(world.people) - allowed - {"nobody"}:
        assert way(world, name, untouched, step, values()) == 403, name
    assert way(world, "nobody", untouched, step, values()) == (404 if by_api else 403)
    assert way(world, "anonymous", untouched, step, values()) == (401 if by_api else 302)
    assert Task.objects.get(pk=untouched.pk).state == state
    assert list(untouched.transitions.values_list("pk", flat=True)) == history
    for name in allowed:
        task, after = world.task(state), ends(step, state, name)
        task.transitions.filter(action="evidence").delete()
        steps_before = task.transitions.count()
        status = way(world, name, task, step, values())
        found = Task.objects.get(pk=task.pk).state
        if after is None:
            assert (status, found, task.transitions.count()) == (409, state, steps_before), name
            continue
        assert status in ({200, 201} if by_api else {302}), name
        assert (found, task.transitions.count()) == (after, steps_before + 1), name
        assert made_a_difference(task, step, after, name), name


@pytest.mark.parametrize(
    ("step", "values", "field"),
    [
        ("progress", {"text": "过半"}, "percent"),
        ("progress", {"percent": 101, "text": "过半"}, "percent"),
        ("progress", {"percent": -1, "text": "过半"}, "percent"),
        ("progress", {"percent": 50, "text": "  "}, "text"),
        ("submit", {}, "text"),
        ("return", {}, "reason"),
        ("return", {"reason": ""}, "reason"),
        ("reopen", {}, "reason"),
        ("suspend", {}, "reason"),
        ("extension", {"reason": "雨"}, "until"),
        ("extension", {"until": "2023-02-30", "reason": "雨"}, "until"),
        ("extension", {"until": "2023-10-31", "reason": "雨"}, "until"),
        ("extension", {"until": "2023-11-01"}, "reason"),
        ("evidence", {}, "file"),
    ],
)
def test_what_is_missing_is_named_before_the_state_is_looked_at(
    step: str, values: dict[str, Any], field: str
) -> None:
    world = campaign()
    actor = world.lead if "lead" in EXPECTED[step][3] else world.supervisor
    client = APIClient()
    client.force_authenticate(actor)
    for state in (EXPECTED[step][0], "draft"):
        task = world.task(state)
        response = client.post(f"/api/v1/tasks/{task.pk}/{step}/", values, format="json")
        assert response.status_code == 400, response.content.decode()
        assert field in response.json()


def test_a_task_that_is_not_there_is_404_for_everybody_signed_in() -> None:
    world = campaign()
    task = Task(pk=999999)
    for name in ("lead", "supervisor", "viewer"):
        for step, (_, values, _, _) in EXPECTED.items():
            assert call(world, name, task, step, values()) == 404
            assert press(world, name, task, step, values()) == 404

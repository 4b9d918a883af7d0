"""Writes of supervision through the interface: what they do, to whom they are refused, when they conflict."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from rest_framework.test import APIClient

from notifications.models import Message
from taskboard.models import Comment, Extension, Finding, Inspection, Listing, LookBack, Task
from taskboard.services import ask_extension
from tests.taskboard.campaign import NOW, Campaign, campaign, pdf
from tests.taskboard.supervisionworld import DUE_AT, due_look_back

pytestmark = pytest.mark.django_db
SOON, LATER = (DUE_AT + timedelta(days=9)).date(), (DUE_AT + timedelta(days=20)).date()


@pytest.fixture
def world() -> Campaign:
    return campaign()


def send(world: Campaign, name: str, path: str, values: Any, at: Any = DUE_AT) -> Any:
    client = APIClient()
    client.force_authenticate(world.people[name])
    form = "multipart" if "file" in values else "json"
    with time_machine.travel(at, tick=False):
        return client.post(f"/api/v1/{path}/", values, format=form)


def refused(world: Campaign, allowed: set[str], path: str, values: Any) -> None:
    """To everybody else, with a sentence; 404 to whom tasks are not shown."""
    for name in world.people.keys() - allowed:
        answer = send(world, name, path, values() if callable(values) else values)
        hidden = name == "nobody" and path.count("/")
        assert answer.status_code == (404 if hidden else 403), name
        assert any("\u4e00" <= sign <= "\u9fff" for sign in answer.json()["detail"])


def asked(world: Campaign) -> Extension:
    task = world.task("in_progress")
    return ask_extension(actor=world.lead, at=NOW, task=task, until=date(2023, 11, 30), reason="雨期")


# -- later dates -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("grant", "reason", "state", "due"),
    [(True, "", "granted", date(2023, 11, 30)), (False, "工期足够", "refused", date(2023, 10, 31))],
)
def test_a_later_date_is_decided_once(
    world: Campaign, grant: bool, reason: str, state: str, due: date
) -> None:
    extension = asked(world)
    path, values = f"extensions/{extension.pk}/decide", {"grant": grant, "reason": reason}
    refused(world, {"supervisor"}, path, values)
    assert Extension.objects.get().state == "pending"
    answer = send(world, "supervisor", path, values)
    assert (answer.status_code, answer.json()["state"]) == (200, state)
    assert Task.objects.get().effective_due_on == due
    assert send(world, "supervisor", path, values).status_code == 409


def test_a_refusal_says_why(world: Campaign) -> None:
    path = f"extensions/{asked(world).pk}/decide"
    answer = send(world, "supervisor", path, {"grant": False, "reason": " "})
    assert answer.status_code == 400 and "reason" in answer.json()
    assert Extension.objects.get().state == "pending"


# -- look-backs and rectification ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "values", "state", "task_state"),
    [
        ("pass", {"remarks": "属实"}, "passed", "closed"),
        ("fail", {"remarks": "沟又堵了"}, "reopened", "in_progress"),
        ("find", {"remarks": "栏杆松动", "rectify_by": str(SOON)}, "rectifying", "closed"),
    ],
)
def test_a_look_back_ends_one_way(
    world: Campaign, step: str, values: dict[str, str], state: str, task_state: str
) -> None:
    look_back = due_look_back(world)
    path = f"look-backs/{look_back.pk}/{step}"
    refused(world, {"supervisor"}, path, values)
    assert LookBack.objects.get().state == "open"
    answer = send(world, "supervisor", path, values)
    assert (answer.status_code, answer.json()["state"]) == (200, state), answer.content
    assert Task.objects.get().state == task_state
    assert send(world, "supervisor", path, values).status_code == 409


@pytest.mark.parametrize(
    ("step", "values", "field"),
    [
        ("fail", {}, "remarks"),
        ("find", {"rectify_by": str(SOON)}, "remarks"),
        ("find", {"remarks": "栏杆松动"}, "rectify_by"),
        ("find", {"remarks": "栏杆松动", "rectify_by": str(DUE_AT.date())}, None),
        ("find", {"remarks": "栏杆松动", "rectify_by": str(DUE_AT.date() - timedelta(days=1))}, "rectify_by"),
    ],
)
def test_what_a_look_back_lacks_is_named(
    world: Campaign, step: str, values: dict[str, str], field: str | None
) -> None:
    answer = send(world, "supervisor", f"look-backs/{due_look_back(world).pk}/{step}", values)
    assert answer.status_code == (400 if field else 200), answer.content
    assert field is None or field in answer.json()


def found(world: Campaign) -> Finding:
    look_back = due_look_back(world)
    values = {"remarks": "栏杆松动", "rectify_by": str(SOON)}
    assert send(world, "supervisor", f"look-backs/{look_back.pk}/find", values).status_code == 200
    return Finding.objects.get()


def test_a_finding_is_reported_sent_back_and_confirmed(world: Campaign) -> None:
    finding = found(world)
    path = f"findings/{finding.pk}"

    def report() -> dict[str, Any]:
        return {"text": "已加固", "file": pdf(mark="整改")}

    refused(world, {"lead", "head"}, f"{path}/report", report)
    assert send(world, "lead", f"{path}/report", {"text": "已加固"}).status_code == 400
    assert send(world, "supervisor", f"{path}/confirm", {}).status_code == 409
    assert send(world, "lead", f"{path}/report", report()).json()["state"] == "reported"
    assert send(world, "lead", f"{path}/report", report()).status_code == 409
    refused(world, {"supervisor"}, f"{path}/return", {"reason": "没有照片"})
    assert send(world, "supervisor", f"{path}/return", {}).status_code == 400
    assert send(world, "supervisor", f"{path}/return", {"reason": "没有照片"}).json()["state"] == "rectifying"
    assert send(world, "head", f"{path}/report", report()).json()["state"] == "reported"
    refused(world, {"supervisor"}, f"{path}/confirm", {})
    assert send(world, "supervisor", f"{path}/confirm", {"reason": "属实"}).json()["state"] == "confirmed"
    assert LookBack.objects.get().state == "rectified"


def test_a_rectification_gets_another_deadline(world: Campaign) -> None:
    path, values = f"findings/{found(world).pk}/prolong", {"rectify_by": str(LATER), "reason": "冰冻期"}
    refused(world, {"supervisor"}, path, values)
    assert send(world, "supervisor", path, {"rectify_by": str(LATER)}).status_code == 400
    assert send(world, "supervisor", path, values).json()["rectify_by"] == str(LATER)


# -- listed supervision ----------------------------------------------------------------------------


def listed(world: Campaign) -> Listing:
    values = {
        "task": world.task("in_progress").pk,
        "notice": "限期办结",
        "leader": "副市长",
        "deadline": str(SOON),
    }
    refused(world, {"supervisor"}, "listings", values)
    assert send(world, "supervisor", "listings", values).status_code == 201
    assert send(world, "supervisor", "listings", values).status_code == 409
    return Listing.objects.get()


def test_a_listed_matter_is_reported_on_and_taken_off_with_evidence(world: Campaign) -> None:
    path = f"listings/{listed(world).pk}"
    refused(world, {"lead", "head", "supporter"}, f"{path}/report", {"text": "已开工"})
    assert send(world, "lead", f"{path}/report", {"text": ""}).status_code == 400
    assert send(world, "lead", f"{path}/report", {"text": "已开工"}).status_code == 200
    refused(world, {"supervisor"}, f"{path}/unlist", {"reason": "已办结"})
    bare = send(world, "supervisor", f"{path}/unlist", {"reason": "已办结"})
    assert bare.status_code in {400, 409} and Listing.objects.get().state == "listed"
    proven = {"reason": "已办结", "file": pdf(mark="摘牌")}
    assert send(world, "supervisor", f"{path}/unlist", proven).json()["state"] == "unlisted"
    again = {"reason": "已办结", "file": pdf(mark="再次")}
    assert send(world, "supervisor", f"{path}/unlist", again).status_code == 409
    assert send(world, "lead", f"{path}/report", {"text": "又开工"}).status_code == 409


@pytest.mark.parametrize(
    ("day", "status"), [(DUE_AT.date() - timedelta(days=1), 400), (DUE_AT.date(), 200), (LATER, 200)]
)
def test_a_listed_matter_gets_another_deadline(world: Campaign, day: date, status: int) -> None:
    path, values = f"listings/{listed(world).pk}/prolong", {"deadline": str(day), "reason": "冰冻期"}
    refused(world, {"supervisor"}, path, values)
    assert send(world, "supervisor", path, values).status_code == status


# -- special inspections ---------------------------------------------------------------------------


def inspection_values(**values: Any) -> dict[str, Any]:
    days = {"starts_on": str(DUE_AT.date()), "ends_on": str(SOON)}
    return {"title": "排水检查", "purpose": "看沟", "lead": "lincao", "members": ["dianli"], **days, **values}


def inspected(world: Campaign) -> Inspection:
    refused(world, {"supervisor"}, "inspections", inspection_values())
    assert send(world, "supervisor", "inspections", inspection_values()).status_code == 201
    return Inspection.objects.get()


def test_an_inspection_is_changed_and_called_off(world: Campaign) -> None:
    path = f"inspections/{inspected(world).pk}"
    change = inspection_values(title="雨前检查", reason="改名")
    refused(world, {"supervisor"}, f"{path}/change", change)
    assert send(world, "supervisor", f"{path}/change", inspection_values(title="雨前检查")).status_code == 400
    assert send(world, "supervisor", f"{path}/change", change).json()["title"] == "雨前检查"
    refused(world, {"supervisor"}, f"{path}/cancel", {"reason": "并入他项"})
    assert send(world, "supervisor", f"{path}/cancel", {"reason": "并入他项"}).json()["state"] == "cancelled"
    assert send(world, "supervisor", f"{path}/cancel", {"reason": "并入他项"}).status_code == 409


def test_an_inspection_finds_and_is_signed_by_all(world: Campaign) -> None:
    path = f"inspections/{inspected(world).pk}"
    values = {"department": "shuiwu", "text": "盖板缺失", "rectify_by": str(SOON)}
    inspectors = {"outsider", "supporter", "supervisor"}
    refused(world, inspectors, f"{path}/find", values)
    assert send(world, "outsider", f"{path}/find", {**values, "text": ""}).status_code == 400
    assert send(world, "outsider", f"{path}/find", values).status_code == 200
    finding = Finding.objects.get()
    assert (finding.department.slug, finding.state) == ("shuiwu", "rectifying")
    refused(world, {"outsider", "supporter"}, f"{path}/sign", {"opinion": "同意"})
    assert send(world, "supporter", f"{path}/sign", {"opinion": "同意"}).json()["state"] == "running"
    assert send(world, "supporter", f"{path}/sign", {}).status_code == 409
    assert send(world, "outsider", f"{path}/sign", {}).json()["state"] == "concluded"
    assert send(world, "outsider", f"{path}/find", values).status_code == 409


# -- remarks and several tasks at once --------------------------------------------------------------


def test_a_remark_tells_the_department_that_it_mentions(world: Campaign) -> None:
    task = world.task("in_progress")
    path, values = f"tasks/{task.pk}/comments", {"text": "请移开线路", "mentions": ["dianli"]}
    for name in world.people.keys() - {"lead", "head", "supporter", "supervisor", "nobody"}:
        assert send(world, name, path, values).status_code == 403, name
    assert send(world, "nobody", path, values).status_code in {403, 404}
    assert not Comment.objects.exists()
    made = send(world, "lead", path, values)
    assert made.status_code == 201
    assert (made.json()["department"], made.json()["mentions"]) == ("水务局", ["电力局"])
    told = Message.objects.filter(subject__startswith="留言提到本单位")
    assert set(told.values_list("recipient__username", flat=True)) == {"supporter"}
    assert send(world, "lead", path, {"text": "x", "mentions": ["lincao"]}).status_code == 400
    assert send(world, "lead", path, {"text": "  "}).status_code == 400
    client = APIClient()
    client.force_authenticate(world.people["viewer"])
    assert [row["text"] for row in client.get(f"/api/v1/{path}/").json()] == ["请移开线路"]


def test_several_tasks_are_reported_and_each_says_what_became_of_it(world: Campaign) -> None:
    going, closed = world.task("in_progress"), world.task("closed")
    values = {"reports": [{"task": task.pk, "percent": 80, "text": "八成"} for task in (going, closed)]}
    assert send(world, "viewer", "tasks/bulk-report", values).status_code == 403
    rows = send(world, "lead", "tasks/bulk-report", values).json()
    assert [row["done"] for row in rows] == [True, False] and all(row["said"] for row in rows)
    assert Task.objects.get(pk=going.pk).percent == 80
    rows = send(world, "outsider", "tasks/bulk-report", values).json()
    assert [row["done"] for row in rows] == [False, False]


def test_drafts_are_issued_together_by_the_supervisor(world: Campaign) -> None:
    tasks = [world.task("draft").pk, world.task("issued").pk]
    for name in world.people.keys() - {"supervisor"}:
        assert send(world, name, "tasks/bulk-issue", {"tasks": tasks}).status_code == 403, name
    rows = send(world, "supervisor", "tasks/bulk-issue", {"tasks": tasks}).json()
    assert [row["done"] for row in rows] == [True, False]
    assert Task.objects.get(pk=tasks[0]).state == "issued"

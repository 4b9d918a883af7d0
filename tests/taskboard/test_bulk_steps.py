"""The same step on several tasks: each says what became of it, and one that fails stops no other."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from foundation.errors import InvalidInput, PermissionRefused
from notifications.models import Message
from taskboard.models import ProgressReport, Signature, Task, TaskList
from taskboard.services.bulk import MOST, Outcome, issue_tasks, report_tasks, sign_tasks
from tests.taskboard.campaign import NOW, Campaign, campaign

pytestmark = pytest.mark.django_db
SIGN, REPORT, ISSUE = "/tasks/bulk/sign/", "/tasks/bulk/report/", "/tasks/bulk/issue/"


@pytest.fixture
def world() -> Campaign:
    return campaign()


def client_of(world: Campaign, name: str) -> Client:
    client = Client()
    client.force_login(world.people[name])
    return client


def outcomes(response: Any) -> list[tuple[int, bool]]:
    return [(outcome.task.pk, outcome.done) for outcome in response.context["outcomes"]]


def test_several_tasks_are_signed_and_each_says_so(world: Campaign) -> None:
    waiting, signed, other = world.task("issued"), world.task("signed"), world.task("issued")
    client = client_of(world, "lead")
    page = client.get(SIGN)
    assert [row.task.pk for row in page.context["rows"]] == [waiting.pk, other.pk]
    response = client.post(SIGN, {"task": [waiting.pk, signed.pk]})
    assert outcomes(response) == [(waiting.pk, True), (signed.pk, False)]
    shown = response.content.decode()
    assert "水务局已签收" in shown and "不必再签" in shown and response.status_code == 200
    assert Task.objects.get(pk=waiting.pk).state == "signed"
    assert Task.objects.get(pk=other.pk).state == "issued"


def test_where_nothing_was_done_the_page_says_conflict(world: Campaign) -> None:
    signed = world.task("signed")
    assert client_of(world, "lead").post(SIGN, {"task": [signed.pk]}).status_code == 409


def test_nothing_chosen_is_said(world: Campaign) -> None:
    response = client_of(world, "lead").post(SIGN, {})
    assert response.status_code == 400 and "请至少选择一项任务" in response.content.decode()


def test_tasks_chosen_in_the_list_come_along(world: Campaign) -> None:
    first, _, third = world.task("issued"), world.task("issued"), world.task("signed")
    page = client_of(world, "lead").get(SIGN, {"task": [first.pk, third.pk]})
    assert [row.task.pk for row in page.context["rows"]] == [first.pk]
    assert "选中的任务有 1 项现在不能由您签收" in page.content.decode()


def test_several_reports_in_one_go_leave_rows_without_words_alone(world: Campaign) -> None:
    first, second, third = world.task("signed"), world.task("in_progress"), world.task("signed")
    world.task("issued")
    client = client_of(world, "lead")
    page = client.get(REPORT)
    assert [row.task.pk for row in page.context["rows"]] == [first.pk, second.pk, third.pk]
    given = {
        "task": [first.pk, second.pk, third.pk],
        f"percent-{first.pk}": "50",
        f"text-{first.pk}": "已完成一半",
        f"percent-{second.pk}": "101",
        f"text-{second.pk}": "超了",
    }
    response = client.post(REPORT, given)
    assert outcomes(response) == [(first.pk, True), (second.pk, False)]
    assert "进度应为 0 到 100" in response.content.decode()
    first.refresh_from_db()
    assert (first.state, first.percent) == ("in_progress", 50)
    assert not ProgressReport.objects.filter(task=third).exists()


@pytest.mark.parametrize("typed", ["", "多", "-1", "1e2", "99999"])
def test_a_percentage_that_is_none_is_refused_on_its_row(world: Campaign, typed: str) -> None:
    task = world.task("signed")
    given = {"task": task.pk, f"percent-{task.pk}": typed, f"text-{task.pk}": "一些进展"}
    response = client_of(world, "lead").post(REPORT, given)
    assert outcomes(response) == [(task.pk, False)]
    assert Task.objects.get(pk=task.pk).state == "signed"


def test_selected_drafts_are_issued_and_each_department_gets_one_message(world: Campaign) -> None:
    first, second, third = world.task("draft"), world.task("draft"), world.task("draft")
    old = world.task("issued")
    Message.objects.all().delete()
    response = client_of(world, "supervisor").post(ISSUE, {"task": [first.pk, second.pk, old.pk]})
    assert outcomes(response) == [(first.pk, True), (second.pk, True), (old.pk, False)]
    assert "现在是“待签收”，不能下发" in response.content.decode()
    assert Task.objects.get(pk=third.pk).state == "draft"
    told = Message.objects.filter(recipient=world.lead, channel="inbox")
    assert told.count() == 1 and "牵头 2 项" in told.get().body


def test_a_list_without_an_end_wants_one_for_undated_tasks(world: Campaign) -> None:
    undated, dated = world.task("draft"), world.task("draft", due_on=date(2023, 6, 1))
    TaskList.objects.update(ends_on=None)
    client = client_of(world, "supervisor")
    response = client.post(ISSUE, {"task": [undated.pk, dated.pk]})
    assert outcomes(response) == [(undated.pk, False), (dated.pk, False)]
    assert "请选择清单期限" in response.content.decode()
    response = client.post(ISSUE, {"task": [undated.pk, dated.pk], "ends_on": "2023-09-30"})
    assert outcomes(response) == [(undated.pk, True), (dated.pk, True)]
    assert TaskList.objects.get().ends_on == date(2023, 9, 30)


def test_the_end_of_a_list_that_has_one_stays(world: Campaign) -> None:
    task = world.task("draft")
    client_of(world, "supervisor").post(ISSUE, {"task": [task.pk], "ends_on": "2030-01-01"})
    assert TaskList.objects.get().ends_on == date(2023, 10, 31)


# -- who may -----------------------------------------------------------------------------------------


OFFICERS = {"lead", "head", "supporter", "outsider", "unplaced"}


@pytest.mark.parametrize(("path", "allowed"), [(SIGN, OFFICERS), (REPORT, OFFICERS), (ISSUE, {"supervisor"})])
def test_who_may_open_the_pages(world: Campaign, path: str, allowed: set[str]) -> None:
    world.task("issued")
    statuses = {name: client_of(world, name).get(path).status_code for name in world.people}
    assert {name for name, status in statuses.items() if status == 200} == allowed
    assert set(statuses.values()) == {200, 403}
    assert Client().get(path).status_code == 302


def test_a_strangers_tasks_are_refused_row_by_row(world: Campaign) -> None:
    task = world.task("issued")
    response = client_of(world, "outsider").post(SIGN, {"task": [task.pk]})
    assert outcomes(response) == [(task.pk, False)]
    assert "不由您所在的单位办理" in response.content.decode()
    assert not Signature.objects.exists()


def test_a_supporters_signature_is_its_own(world: Campaign) -> None:
    task = world.task("issued")
    response = client_of(world, "supporter").post(SIGN, {"task": [task.pk]})
    assert outcomes(response) == [(task.pk, True)]
    assert Task.objects.get(pk=task.pk).state == "issued"


def test_the_services_ask_who(world: Campaign) -> None:
    task = world.task("draft")
    with pytest.raises(PermissionRefused):
        sign_tasks(actor=world.supervisor, at=NOW, tasks=[task])
    with pytest.raises(PermissionRefused):
        report_tasks(actor=world.people["viewer"], at=NOW, reports=[])
    with pytest.raises(PermissionRefused):
        issue_tasks(actor=world.lead, at=NOW, tasks=[task])


def test_too_many_at_once_are_refused(world: Campaign) -> None:
    task = world.task("issued")
    with pytest.raises(InvalidInput, match=f"一次最多办理 {MOST} 项"):
        sign_tasks(actor=world.lead, at=NOW, tasks=[task] * (MOST + 1))
    done = sign_tasks(actor=world.lead, at=NOW, tasks=[task] * MOST)
    assert [row.done for row in done].count(True) == 1 and isinstance(done[0], Outcome)


@pytest.mark.parametrize(("path", "state"), [(SIGN, "issued"), (REPORT, "signed"), (ISSUE, "draft")])
def test_the_pages_cost_a_constant_number_of_queries(world: Campaign, path: str, state: str) -> None:
    client = client_of(world, "supervisor" if path == ISSUE else "lead")
    world.task(state)
    client.get(path)
    with CaptureQueriesContext(connection) as one:
        client.get(path)
    for _ in range(5):
        world.task(state)
    with CaptureQueriesContext(connection) as six:
        assert len(client.get(path).context["rows"]) == 6
    assert len(one) == len(six) <= 15

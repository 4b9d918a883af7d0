"""What pages say before a press: what a result lacks, when an end is needed, who answers for a ledger."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client

from taskboard.models import Task, TaskTarget, Urging
from tests.taskboard.campaign import NOW, Campaign, campaign
from tests.taskboard.ledgerworld import land_ledger, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Campaign:
    return campaign()


def page(world: Campaign, address: str, name: str = "supervisor") -> Any:
    client = Client()
    with time_machine.travel(NOW, tick=False):
        client.force_login(world.people[name])
        response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(("percent", "said"), [(40, True), (99, True), (100, False)])
def test_a_result_below_all_is_told_so_before_it_is_handed_in(
    world: Campaign, percent: int, said: bool
) -> None:
    task = world.task("in_progress")
    Task.objects.update(percent=percent)
    shown = page(world, task.get_absolute_url(), "lead")
    assert "反馈，申请办结" in shown
    assert (f"请核对：进度 {percent}%，未到 100%。" in shown) is said


def test_a_result_that_misses_a_target_is_told_so(world: Campaign) -> None:
    task = world.task("in_progress")
    Task.objects.update(percent=100)
    TaskTarget.objects.create(task=task, name="清淤", value=Decimal(10), unit="公里")
    assert "请核对：清淤还没有报数。" in page(world, task.get_absolute_url(), "lead")


@pytest.mark.parametrize(("due", "said"), [(None, True), (date(2023, 6, 1), False)])
def test_the_end_of_a_list_may_be_left_out_unless_tasks_need_it(
    world: Campaign, due: date | None, said: bool
) -> None:
    Task.objects.all().delete()
    world.task("draft", due_on=due)
    shown = page(world, f"{world.task_list.get_absolute_url()}issue/")
    assert ("1 项任务没有自己的时限，下发它们时必填" in shown) is said


@pytest.mark.parametrize(
    ("state", "name", "offered"),
    [
        ("issued", "supervisor", True),
        ("in_progress", "supervisor", True),
        ("submitted", "supervisor", False),
        ("closed", "supervisor", False),
        ("draft", "supervisor", False),
        ("in_progress", "lead", False),
    ],
)
def test_the_page_of_a_task_offers_urging_where_somebody_owes(
    world: Campaign, state: str, name: str, offered: bool
) -> None:
    task = world.task(state)
    assert ('id="step-urge"' in page(world, task.get_absolute_url(), name)) is offered


def test_urging_from_the_page_of_a_task_leads_back_to_it(world: Campaign) -> None:
    task = world.task("in_progress")
    client = Client()
    with time_machine.travel(NOW, tick=False):
        client.force_login(world.supervisor)
        sent = {"task": task.pk, "text": "请抓紧", "next": task.get_absolute_url()}
        answer = client.post("/tasks/desk/urge/", sent)
    assert answer.status_code == 302 and answer["Location"] == task.get_absolute_url()
    assert Urging.objects.get().task == task


@pytest.mark.parametrize(
    ("responsible", "said"), [("乙局", True), ("乙局、甲局", False), ("甲局", False), ("", False)]
)
def test_who_enters_something_in_a_ledger_of_another_unit_is_told_so(responsible: str, said: bool) -> None:
    ledger = land_ledger()
    ledger.responsible = responsible
    ledger.save()
    client = Client()
    client.force_login(member("department_officer"))
    response = client.get(f"/tasks/ledgers/{ledger.pk}/rows/new/")
    assert response.status_code == 200
    assert ("这本台账的责任单位是" in response.content.decode()) is said

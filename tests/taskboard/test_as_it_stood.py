"""A task seen as of a past day: its state, percentage, date and light of that day, out of the history."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from taskboard import services
from taskboard.asof import Past, as_it_stood
from taskboard.models import Extension, Task
from tests.factories import TaskFactory
from tests.taskboard.campaign import NOW, Campaign, campaign, pdf

pytestmark = pytest.mark.django_db
# Issued on the 8th, reported on the 10th, prolonged on the 11th, handed in on the 20th, closed on the 22nd.
FIRST_DUE, LATER_DUE = date(2023, 5, 12), date(2023, 5, 18)


def on(day: int) -> datetime:
    return NOW + timedelta(days=day - 8)


def lived(world: Campaign) -> Task:
    task = world.task("draft", due_on=FIRST_DUE)
    lead: dict[str, Any] = {"actor": world.lead, "task": task}
    services.issue_list(actor=world.supervisor, at=on(8), task_list=world.task_list, tasks=[task.pk])
    task.refresh_from_db()
    services.sign_task(**lead, at=on(9))
    services.report_progress(**lead, at=on(10), percent=40, text="四成")
    services.ask_extension(**lead, at=on(10), until=LATER_DUE, reason="雨期")
    services.decide_extension(
        actor=world.supervisor, at=on(11), extension=Extension.objects.get(), grant=True
    )
    task.refresh_from_db()
    services.add_evidence(**lead, at=on(20), upload=pdf())
    services.submit_task(**lead, at=on(20), text="完成")
    services.close_task(actor=world.supervisor, at=on(22), task=task)
    return Task.objects.get(pk=task.pk)


def stood(task: Task, day: int) -> Past | None:
    return as_it_stood(task, date(2023, 5, day))


@pytest.mark.parametrize(
    ("day", "state", "percent", "due", "word"),
    [
        (7, "draft", 0, FIRST_DUE, "未计时"),
        (8, "issued", 0, FIRST_DUE, "临期"),
        (9, "signed", 0, FIRST_DUE, "临期"),
        (10, "in_progress", 40, FIRST_DUE, "临期"),
        (11, "in_progress", 40, LATER_DUE, "临期"),
        (19, "in_progress", 40, LATER_DUE, "逾期"),
        (20, "submitted", 40, LATER_DUE, "逾期补报"),
        (21, "submitted", 40, LATER_DUE, "逾期补报"),
        (22, "closed", 40, LATER_DUE, "逾期补报"),
    ],
)
def test_the_day_tells_what_was_then(day: int, state: str, percent: int, due: date, word: str) -> None:
    past = stood(lived(campaign()), day)
    assert past is not None
    assert (past.state, past.percent, past.due, past.light.word) == (state, percent, due, word)


def test_without_a_history_nothing_is_claimed() -> None:
    assert stood(TaskFactory(state="in_progress"), 9) is None


@time_machine.travel(on(25), tick=False)
def test_the_page_says_then_and_now() -> None:
    world = campaign()
    task, client = lived(world), Client()
    client.force_login(world.supervisor)
    then = client.get(f"{task.get_absolute_url()}?as_of=2023-05-19").content.decode()
    assert "2023年5月19日终了时：办理中，进度 40%" in then and "现在：已办结" in then
    assert "逾期 1 天" in then
    assert "终了时" not in client.get(task.get_absolute_url()).content.decode()

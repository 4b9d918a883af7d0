"""Today's reminders and the tasks that bulletins name, as the supervisor's desk tells them."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from notifications.models import Message
from organizations.models import Role
from taskboard import services
from taskboard.desk.today import today_of
from taskboard.services import bulletins
from taskboard.services.reminders import queue_task_reminders
from tests.accounts import browser_of, person
from tests.taskboard.campaign import NOW, Campaign, campaign, pdf

pytestmark = pytest.mark.django_db
DAY = date(2023, 6, 5)
MORNING = datetime(2023, 6, 4, 23, 0, tzinfo=UTC)
LATER = datetime(2023, 6, 5, 2, 0, tzinfo=UTC)


def page_of(world: Campaign, path: str = "/tasks/desk/today/", **headers: str) -> str:
    client = Client(headers=headers)
    client.force_login(world.supervisor)
    return client.get(path).content.decode()


def due(world: Campaign, days: int, title: str = "清掏东沟") -> None:
    world.task("in_progress", title=title, due_on=DAY + timedelta(days=days))


def test_each_due_date_of_a_list_is_a_line_with_how_many_people() -> None:
    world = campaign()
    for days in (8, 7, 0, -1):
        due(world, days)
    queue_task_reminders(on_day=DAY, at=MORNING)
    told = today_of(world.supervisor, DAY)
    # Officer alone before and on the day, the head too after it.
    assert [(row.word, row.people) for row in told.reminded] == [
        ("逾期 1 天", 2),
        ("今天到期", 1),
        ("还有 7 天", 1),
    ]
    assert [row.waiting for row in told.reminded] == [2, 1, 1]
    Message.objects.filter(about__endswith=DAY.isoformat()).update(state=Message.State.FAILED)
    assert [(row.waiting, row.failed) for row in today_of(world.supervisor, DAY).reminded][1] == (0, 1)


@pytest.mark.parametrize(("days", "shown"), [(-1, 0), (0, 1), (1, 0)])
def test_only_the_reminders_of_the_day_itself(days: int, shown: int) -> None:
    world = campaign()
    due(world, 0)
    queue_task_reminders(on_day=DAY, at=MORNING)
    assert len(today_of(world.supervisor, DAY + timedelta(days=days)).reminded) == shown


def test_a_named_task_stays_until_its_result_is_handed_in() -> None:
    world = campaign()
    task = world.task("in_progress", title="清掏东沟", due_on=date(2023, 5, 20))
    made = bulletins.compose_bulletin(
        actor=world.supervisor, at=LATER, start=date(2023, 5, 1), end=date(2023, 5, 31)
    )
    bulletins.move_bulletin(
        actor=person("publisher"), at=LATER, bulletin=made, step="publish", version=made.version
    )
    told = today_of(world.supervisor, DAY)
    assert ([row.task for row in told.named], told.named_number) == ([task], 1)
    services.add_evidence(actor=world.lead, at=LATER, task=task, upload=pdf())
    services.submit_task(actor=world.lead, at=LATER, task=task, text="已完成")
    told = today_of(world.supervisor, DAY)
    assert (list(told.named), told.named_number) == ([], 0)


@time_machine.travel(LATER, tick=False)
def test_the_desk_fetches_the_part_and_the_page_stands_alone() -> None:
    world = campaign()
    due(world, 0)
    queue_task_reminders(on_day=DAY, at=MORNING)
    assert 'hx-get="/tasks/desk/today/"' in page_of(world, "/tasks/desk/")
    whole, part = page_of(world), page_of(world, **{"HX-Request": "true"})
    assert "<html" in whole and "<html" not in part
    assert all("提醒 1 人" in text and "今天到期" in text for text in (whole, part))
    assert "没有。通报印发时" in part


@pytest.mark.parametrize("role", ["anonymous", None, *Role.values])
def test_it_is_the_supervisors_alone(role: str | None) -> None:
    wanted = 200 if role == Role.SUPERVISOR else 302 if role == "anonymous" else 403
    assert browser_of(role).get("/tasks/desk/today/").status_code == wanted


def test_any_number_costs_the_same_queries() -> None:
    world, costs = campaign(), []
    for number in (1, 4):
        for n in range(number):
            due(world, -n, title=f"第{n}沟")
        queue_task_reminders(on_day=DAY, at=MORNING)
        with CaptureQueriesContext(connection) as captured:
            today_of(world.supervisor, DAY)
        costs.append(len(captured))
    assert costs[0] == costs[1] <= 6 and NOW < MORNING

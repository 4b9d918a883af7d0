"""A slip of the keyboard is no due date, wherever it is typed; a misprinted one breaks no page."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from foundation.errors import InvalidInput
from organizations.services import NameDirectory
from taskboard import services
from taskboard.models import Extension, Task, TaskList
from taskboard.plausible import check_day
from taskboard.services.correcting import correct_task
from taskboard.services.listmaking import make_list
from taskboard.services.stages import save_stage
from tests.taskboard.campaign import NOW, Campaign, campaign

pytestmark = pytest.mark.django_db
ENDLESS = date(9999, 12, 31)


@pytest.fixture
def world() -> Campaign:
    return campaign()


@pytest.mark.parametrize(
    ("day", "good"),
    [
        (date(1999, 12, 31), False),
        (date(2000, 1, 1), True),
        (date(2100, 12, 31), True),
        (date(2101, 1, 1), False),
        (None, True),
    ],
)
def test_years_that_a_day_can_lie_in(day: date | None, good: bool) -> None:
    if good:
        check_day(day, "until", "延至的日期")
    else:
        with pytest.raises(InvalidInput, match="延至的日期的年份应为 2000 到 2100") as refusal:
            check_day(day, "until", "延至的日期")
        assert list(refusal.value.fields) == ["until"]


def ask(world: Campaign) -> None:
    services.ask_extension(
        actor=world.lead, at=NOW, task=world.task("in_progress"), until=ENDLESS, reason="雨期"
    )


def issue(world: Campaign) -> None:
    world.task()
    services.issue_list(actor=world.supervisor, at=NOW, task_list=world.task_list, ends_on=ENDLESS)


def correct(world: Campaign) -> None:
    correct_task(
        actor=world.supervisor,
        at=NOW,
        task=world.task("signed"),
        changes={"due_on": ENDLESS},
        directory=NameDirectory(actor=world.supervisor, at=NOW),
        reason="改期",
    )


def make(world: Campaign) -> None:
    make_list(
        actor=world.supervisor, at=NOW, origin=TaskList.Origin.HAND, title="新清单", ends_on=ENDLESS, rows=[]
    )


def plan_stage(world: Campaign) -> None:
    save_stage(actor=world.supervisor, at=NOW, task_list=world.task_list, name="收尾", ends_on=ENDLESS)


@pytest.mark.parametrize("step", [ask, issue, correct, make, plan_stage])
def test_the_end_of_the_calendar_is_refused_and_nothing_is_written(
    world: Campaign, step: Callable[[Campaign], None]
) -> None:
    with pytest.raises(InvalidInput, match="年份应为 2000 到 2100，现在是 9999 年"):
        step(world)
    assert not Extension.objects.exists() and not Task.objects.filter(due_on=ENDLESS).exists()
    assert not TaskList.objects.filter(ends_on=ENDLESS).exists() and not world.task_list.stages.exists()


def test_a_day_that_was_stored_before_breaks_no_view(world: Campaign) -> None:
    world.task("in_progress", due_on=ENDLESS)
    world.task("in_progress", due_on=date(2023, 6, 30))
    client: Any = Client()
    client.force_login(world.supervisor)
    for view in ("", "board/", "timeline/", "matrix/"):
        assert client.get(f"{world.task_list.get_absolute_url()}{view}").status_code == 200, view


@pytest.mark.parametrize(("year", "status"), [(1999, 404), (2000, 200), (2100, 200), (2101, 404)])
def test_an_assessment_of_a_year_that_nobody_means_is_not_there(
    world: Campaign, year: int, status: int
) -> None:
    client = Client()
    client.force_login(world.supervisor)
    assert client.get(f"/tasks/ranking/assessment-{year}.xlsx").status_code == status

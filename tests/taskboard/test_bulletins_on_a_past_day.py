"""The lists of bulletins and of the heating season as of a past day."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from taskboard import services
from taskboard.models import Bulletin
from taskboard.services.bulletins import compose_bulletin, move_bulletin
from taskboard.services.heating import create_heating_list
from tests.accounts import browser_of, person
from tests.taskboard.sheets import sheet_of
from tests.taskboard.test_heating_season import SEASON, notice

pytestmark = pytest.mark.django_db
DRAFTED = datetime(2023, 6, 5, 1, 0, tzinfo=UTC)


def on(day: int) -> datetime:
    return DRAFTED + timedelta(days=day)


@pytest.fixture
def bulletin() -> Bulletin:
    """Drafted on day 0, published on day 2, withdrawn on day 4."""
    with time_machine.travel(on(0), tick=False):
        found = compose_bulletin(
            actor=person("supervisor"), at=on(0), start=date(2023, 5, 1), end=date(2023, 5, 31)
        )
    for day, step, reason in ((2, "publish", ""), (4, "withdraw", "数字有误")):
        with time_machine.travel(on(day), tick=False):
            found = move_bulletin(
                actor=person("publisher"),
                at=on(day),
                bulletin=found,
                step=step,
                version=found.version,
                reason=reason,
            )
    return found


def page(address: str, day: int, role: str = "supervisor", **query: str) -> Any:
    with time_machine.travel(on(30), tick=False):
        answer = browser_of(role).get(address, {"as_of": str((on(day)).date()), **query})
    assert answer.status_code == 200
    return answer


def shown(day: int, role: str = "supervisor", **query: str) -> list[str]:
    found = page("/tasks/bulletins/", day, role, **query).context["page"]
    return [str(row.get_publication_display()) for row in found]


@pytest.mark.parametrize(
    ("day", "writer", "reader"),
    [
        (-1, [], []),
        (0, ["草稿"], []),
        (1, ["草稿"], []),
        (2, ["已印发"], ["已印发"]),
        (3, ["已印发"], ["已印发"]),
        (4, ["已撤回"], ["已撤回"]),
        (30, ["已撤回"], ["已撤回"]),
    ],
)
def test_a_bulletin_stands_as_it_stood(
    bulletin: Bulletin, day: int, writer: list[str], reader: list[str]
) -> None:
    assert shown(day) == writer
    assert shown(day, "viewer") == reader


def test_the_state_that_is_asked_for_is_that_of_the_day(bulletin: Bulletin) -> None:
    assert [shown(day, publication="published") for day in (1, 2, 4)] == [[], ["已印发"], []]


def test_a_past_list_is_read_only_and_says_no_number_before_there_was_one(bulletin: Bulletin) -> None:
    before, after = (page("/tasks/bulletins/", day).content.decode() for day in (1, 3))
    assert "未编号" in before and "〔2023〕1号" not in before and "〔2023〕1号" in after
    assert "当天终了时的情况，只能查看" in before and "起草通报</a>" not in before
    assert "起草通报</a>" in page("/tasks/bulletins/", 30).content.decode()


def test_the_workbook_is_of_the_day(bulletin: Bulletin) -> None:
    def states(day: int) -> list[str]:
        lines = list(sheet_of(page("/tasks/bulletins/bulletins.xlsx", day).content))
        return [str(line[5].value) for line in lines[1:]]

    assert [states(day) for day in (-1, 1, 2, 4)] == [[], ["草稿"], ["已印发"], ["已撤回"]]


def test_the_heating_season_is_seen_as_of_a_day() -> None:
    notice()
    made = create_heating_list(actor=person("supervisor"), at=on(0), season=SEASON)
    services.issue_list(
        actor=person("supervisor"),
        at=on(2),
        task_list=made,
        tasks=list(made.tasks.values_list("pk", flat=True)),
        ends_on=date(2023, 12, 1),
    )
    before, after = page("/tasks/heating/", 1), page("/tasks/heating/", 2)
    assert before.context["task_list"] is None and not before.context["may_make"]
    assert "终了时清单还没有下发" in before.content.decode()
    assert after.context["task_list"] == made
    duties = [duty for line in after.context["groups"] for duty in line.duties]
    assert {duty.task.state for duty in duties} == {"issued"}
    assert "当天终了时的情况，只能查看" in after.content.decode()

"""Due dates of a month, and the secret addresses for calendar programs."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from foundation.models import AuditEntry
from organizations.models import User
from taskboard.models import CalendarKey, Task, TaskList
from taskboard.services.calendarkeys import renew_calendar_key
from tests.factories import DepartmentFactory
from tests.taskboard.campaign import NOW, Campaign, campaign

pytestmark = pytest.mark.django_db
PAGE = "/tasks/calendar/"
DAY = date(2023, 5, 20)


@pytest.fixture
def world() -> Campaign:
    return campaign()


def client_of(world: Campaign, name: str) -> Client:
    client = Client()
    client.force_login(world.people[name])
    return client


def seen(client: Client, **query: str) -> dict[date, int]:
    page = client.get(PAGE, query)
    assert page.status_code == 200
    cells = [cell for week in page.context["weeks"] for cell in week if cell]
    return {cell.day: cell.count for cell in cells if cell.count}


# -- the month -----------------------------------------------------------------------------------


def test_a_month_shows_what_falls_due_from_the_first_day_to_the_last(world: Campaign) -> None:
    for day in (date(2023, 4, 30), date(2023, 5, 1), date(2023, 5, 31), date(2023, 6, 1)):
        world.task("issued", due_on=day)
    world.task("issued")  # inherits the end of the list, 2023-10-31
    client = client_of(world, "lead")
    assert seen(client, month="2023-05") == {date(2023, 5, 1): 1, date(2023, 5, 31): 1}
    assert seen(client, month="2023-10") == {date(2023, 10, 31): 1}


def test_what_has_no_clock_is_not_shown(world: Campaign) -> None:
    for state in ("draft", "suspended"):
        world.task(state, due_on=DAY)
    world.task("closed", due_on=DAY)
    assert seen(client_of(world, "lead"), month="2023-05") == {DAY: 1}
    TaskList.objects.update(state="archived")
    assert seen(client_of(world, "lead"), month="2023-05") == {}


def test_mine_a_department_and_a_list(world: Campaign) -> None:
    world.task("issued", due_on=DAY)
    for name, scope, expected in (
        ("lead", {}, 1),
        ("supporter", {"scope": "mine"}, 1),
        ("outsider", {}, 0),
        ("outsider", {"scope": "all"}, 1),
        ("outsider", {"department": "shuiwu"}, 1),
        ("outsider", {"department": "lincao"}, 0),
        ("supervisor", {"scope": "mine"}, 1),
        ("viewer", {"scope": "mine"}, 0),
        ("viewer", {}, 1),
        ("lead", {"list": str(world.task_list.pk)}, 1),
        ("lead", {"list": str(world.task_list.pk), "department": "lincao"}, 0),
    ):
        found = seen(client_of(world, name), month="2023-05", **scope)
        assert sum(found.values()) == expected, (name, scope)


def test_a_full_day_names_four_and_counts_the_rest(world: Campaign) -> None:
    for _ in range(6):
        world.task("issued", due_on=DAY)
    client = client_of(world, "lead")
    page = client.get(PAGE, {"month": "2023-05"})
    assert "另有 2 项" in page.content.decode()
    day = client.get(PAGE, {"day": "2023-05-20"})
    assert len(day.context["rows"]) == 6 and day.context["asked"].first == date(2023, 5, 1)


@pytest.mark.parametrize(
    "query", [{"month": "2023-13"}, {"month": "1999-12"}, {"list": "x"}, {"day": "x"}, {"department": "x"}]
)
def test_an_address_that_makes_no_sense_falls_back(world: Campaign, query: dict[str, str]) -> None:
    assert client_of(world, "lead").get(PAGE, query).status_code == 200


def test_the_month_costs_a_constant_number_of_queries(world: Campaign) -> None:
    client = client_of(world, "lead")
    world.task("issued", due_on=DAY)
    query = {"month": "2023-05", "day": "2023-05-20"}
    client.get(PAGE, query)
    with CaptureQueriesContext(connection) as one:
        client.get(PAGE, query)
    for more in range(6):
        world.task("issued", due_on=DAY + timedelta(days=more % 2))
    with CaptureQueriesContext(connection) as seven:
        client.get(PAGE, query)
    assert len(one) == len(seven) <= 15


# -- the feed ------------------------------------------------------------------------------------


def key_of(user: User) -> CalendarKey:
    return renew_calendar_key(actor=user, at=NOW)


def entries(response: Any) -> list[Any]:
    assert response.status_code == 200 and response["Content-Type"].startswith("text/calendar")
    return list(Calendar.from_ical(response.content).walk("VEVENT"))


@time_machine.travel(NOW)
def test_the_personal_feed_holds_ones_own_open_tasks(world: Campaign) -> None:
    task = world.task("signed", title="清沟", due_on=DAY)
    world.task("closed", due_on=DAY)
    (entry,) = entries(Client().get(f"{PAGE}{key_of(world.lead).secret}/mine.ics"))
    assert (entry["DTSTART"].dt, entry["DTEND"].dt) == (DAY, DAY + timedelta(days=1))
    assert "清沟" in entry["SUMMARY"] and entry["URL"].endswith(task.get_absolute_url())
    assert entries(Client().get(f"{PAGE}{key_of(world.people['outsider']).secret}/mine.ics")) == []
    assert entries(Client().get(f"{PAGE}{key_of(world.people['viewer']).secret}/mine.ics")) == []


@time_machine.travel(NOW)
def test_tasks_of_a_list_and_a_day_are_one_entry(world: Campaign) -> None:
    for title in ("甲", "乙", "丙"):
        world.task("issued", title=title, due_on=DAY)
    world.task("issued", title="丁", due_on=DAY + timedelta(days=1))
    found = entries(Client().get(f"{PAGE}{key_of(world.supervisor).secret}/mine.ics"))
    assert [str(entry["SUMMARY"])[:8] for entry in found] == ["到期：3 项任务", "到期：丁（清沟行"]
    assert all(title in found[0]["DESCRIPTION"] for title in "甲乙丙")
    assert len({str(entry["UID"]) for entry in found}) == 2


@time_machine.travel(NOW)
def test_a_departments_feed(world: Campaign) -> None:
    world.task("issued", due_on=DAY)
    secret = key_of(world.people["viewer"]).secret
    assert len(entries(Client().get(f"{PAGE}{secret}/of/shuiwu.ics"))) == 1
    assert entries(Client().get(f"{PAGE}{secret}/of/lincao.ics")) == []
    assert Client().get(f"{PAGE}{secret}/of/nowhere.ics").status_code == 404
    DepartmentFactory(slug="市容局", name="市容局")
    assert entries(Client().get(f"{PAGE}{secret}/of/市容局.ics")) == []


def test_a_renewed_address_ends_the_old_one(world: Campaign) -> None:
    client = client_of(world, "lead")
    client.post(f"{PAGE}address/")
    old = CalendarKey.objects.get().secret
    assert len(old) >= 43 and old in client.get(PAGE).content.decode()
    client.post(f"{PAGE}address/")
    new = CalendarKey.objects.get().secret
    assert new != old
    assert Client().get(f"{PAGE}{old}/mine.ics").status_code == 404
    assert Client().get(f"{PAGE}{new}/mine.ics").status_code == 200
    client.post(f"{PAGE}address/", {"end": "1"})
    assert Client().get(f"{PAGE}{new}/mine.ics").status_code == 404
    actions = list(AuditEntry.objects.filter(action__startswith="calendar_key").order_by("pk"))
    assert [row.action for row in actions] == [
        "calendar_key.create",
        "calendar_key.renew",
        "calendar_key.end",
    ]
    assert not any(secret in str(vars(row)) for row in actions for secret in (old, new))


def test_guessing_finds_nothing(world: Campaign) -> None:
    key = key_of(world.lead)
    for secret in ("x", "0", str(world.lead.pk), key.secret[:-1], key.secret.swapcase(), "mine"):
        assert Client().get(f"{PAGE}{secret}/mine.ics").status_code == 404


def test_the_address_of_somebody_who_left_or_lost_the_role_ends(world: Campaign) -> None:
    lead, supporter = key_of(world.lead), key_of(world.supporter)
    User.objects.filter(pk=world.lead.pk).update(is_active=False)
    world.supporter.assignments.all().delete()
    for key in (lead, supporter):
        assert Client().get(f"{PAGE}{key.secret}/mine.ics").status_code == 404


@time_machine.travel(NOW)
def test_a_program_that_has_the_feed_is_told_so(world: Campaign) -> None:
    world.task("issued", due_on=DAY)
    path = f"{PAGE}{key_of(world.lead).secret}/mine.ics"
    first = Client().get(path)
    again = Client().get(path, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert "private" in first["Cache-Control"] and first["X-Robots-Tag"] == "noindex"
    Task.objects.update(due_on=DAY + timedelta(days=3), updated_at=NOW + timedelta(minutes=1))
    assert Client().get(path, headers={"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}month.xlsx"])
def test_who_may_look(world: Campaign, path: str) -> None:
    statuses = {name: client_of(world, name).get(path).status_code for name in world.people}
    assert {name for name, status in statuses.items() if status != 200} == {"nobody"}
    assert statuses["nobody"] == 403
    assert Client().get(path).status_code == 302
    assert client_of(world, "nobody").post(f"{PAGE}address/").status_code == 403
    assert client_of(world, "lead").get(f"{PAGE}address/").status_code == 405

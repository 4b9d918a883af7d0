"""The chronicle for calendar programs."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from events.models import Event
from tests.accounts import browser_of
from tests.factories import EventFactory, TopicFactory

pytestmark = pytest.mark.django_db


def fetched(query: dict[str, Any] | None = None, client: Client | None = None) -> Any:
    response = (client or Client()).get("/events/calendar.ics", query or {})
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert all(len(line) <= 75 for line in response.content.split(b"\r\n"))
    return Calendar.from_ical(response.content)


def entries(query: dict[str, Any] | None = None, client: Client | None = None) -> list[Any]:
    return list(fetched(query, client).walk("VEVENT"))


@pytest.mark.parametrize(
    ("start", "end", "after"),
    [
        (date(2023, 5, 8), date(2023, 5, 8), date(2023, 5, 9)),
        (date(2023, 5, 25), date(2023, 5, 29), date(2023, 5, 30)),
        (date(2023, 9, 30), date(2023, 10, 2), date(2023, 10, 3)),
        (date(2023, 12, 31), date(2023, 12, 31), date(2024, 1, 1)),
        (date(2024, 2, 28), date(2024, 2, 28), date(2024, 2, 29)),
    ],
)
def test_days_are_whole_and_the_end_is_the_day_after(start: date, end: date, after: date) -> None:
    EventFactory(start_date=start, end_date=end)
    (entry,) = entries()
    assert (entry["dtstart"].dt, entry["dtend"].dt) == (start, after)
    assert entry["dtstart"].params["VALUE"] == entry["dtend"].params["VALUE"] == "DATE"


def test_the_last_day_that_a_calendar_knows() -> None:
    EventFactory(start_date=date.max)
    (entry,) = entries()
    assert entry["dtstart"].dt == date.max and "dtend" not in entry


def test_an_entry_of_the_calendar(settings: Any) -> None:
    settings.SITE_DOMAIN = "qinghe.example"
    event = EventFactory(
        title="察看沟渠，疏通；清淤",
        text="市领导到场。\n随后开会\\\x0b。" + "很长的一句话" * 30,
        topics=[TopicFactory(name="水利")],
    )
    Event.objects.update(updated_at=datetime(2023, 6, 1, 4, 5, 6, 789, tzinfo=UTC))
    (entry,) = entries()
    assert entry["uid"] == f"event-{event.pk}@qinghe.example"
    assert entry["summary"] == "察看沟渠，疏通；清淤"
    assert entry["description"] == "市领导到场。\n随后开会\\。" + "很长的一句话" * 30
    assert entry["url"] == f"http://testserver/events/entries/{event.pk}/"
    assert entry["transp"] == "TRANSPARENT"
    assert entry["categories"].cats == ["水利"]
    assert entry["dtstamp"].dt == entry["last-modified"].dt == datetime(2023, 6, 1, 4, 5, 6, tzinfo=UTC)


def test_the_calendar_says_what_it_is(settings: Any) -> None:
    found = fetched()
    assert found["version"] == "2.0"
    assert found["x-wr-calname"] == f"{settings.SITE_NAME} 大事记"
    assert found["prodid"]
    assert found["refresh-interval"].params["VALUE"] == "DURATION"


def test_names_stay_when_an_entry_moves() -> None:
    event = EventFactory()
    before = entries()[0]["uid"]
    Event.objects.filter(pk=event.pk).update(start_date=date(2020, 1, 1), title="改了")
    assert entries()[0]["uid"] == before


@pytest.mark.parametrize("role", ["anonymous", "editor"])
@pytest.mark.parametrize("state", ["draft", "review", "withdrawn"])
def test_only_what_is_published_is_passed_on(role: str, state: str) -> None:
    EventFactory(publication=state)
    assert entries(client=browser_of(role)) == []


def test_the_lists_filters_choose() -> None:
    EventFactory(title="植树", start_date=date(2023, 4, 1))
    EventFactory(title="防汛", start_date=date(2023, 7, 1))
    assert [entry["summary"] for entry in entries({"date_to": "2023-06-30"})] == ["植树"]
    assert [entry["summary"] for entry in entries({"q": "汛"})] == ["防汛"]
    assert len(entries()) == 2


def test_a_calendar_without_entries_is_still_one() -> None:
    assert entries() == []
    assert Client().get("/events/calendar.ics").content == Client().get("/events/calendar.ics").content

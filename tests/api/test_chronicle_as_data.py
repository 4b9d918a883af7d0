"""``/api/v1/events/``: fields and filters."""

from datetime import date
from typing import Any

import pytest

from events.models import Event
from tests.api.world import Caller, build
from tests.factories import DepartmentFactory, EventFactory, PersonFactory, TopicFactory

pytestmark = pytest.mark.django_db


def titles(query: dict[str, Any] | None = None) -> list[str]:
    return [row["title"] for row in Caller("anonymous").rows("events/", query)]


def test_an_entry_with_all_it_mentions() -> None:
    world = build()
    row = Caller("anonymous").get(f"events/{world.event.pk}/")
    assert row == {
        "id": world.event.pk,
        "start_date": "2023-05-08",
        "end_date": "2023-05-09",
        "position": 1,
        "title": "查看沟渠",
        "text": "青河市查看沟渠。",
        "topics": ["水利"],
        "officials": [{"name": "林青", "post": ""}],
        "departments": [{"slug": "shuiwu", "name": "水务局"}],
        "status": "published",
        "url": f"http://testserver/events/entries/{world.event.pk}/",
    }
    assert Caller("viewer").rows("events/") == [row]


def test_a_misprinted_name_is_the_persons_and_found_as_printed_too() -> None:
    person = PersonFactory(name="林青")
    event = EventFactory(title="调研", people=[person])
    event.officials.update(printed_name="林清", post="市长")
    row = Caller("anonymous").get(f"events/{event.pk}/")
    assert row["officials"] == [{"name": "林青", "post": "市长"}]
    assert titles({"official": "林青"}) == titles({"official": "林清"}) == ["调研"]


def test_an_editor_sees_the_state_of_a_draft() -> None:
    world = build()
    assert Caller("editor").get(f"events/{world.draft_event.pk}/")["status"] == "draft"


def test_departments_stand_in_their_own_order() -> None:
    later, first = DepartmentFactory(name="乙局", order=2), DepartmentFactory(name="甲局", order=1)
    event = EventFactory(departments=[later, first])
    names = [found["name"] for found in Caller("anonymous").get(f"events/{event.pk}/")["departments"]]
    assert names == ["甲局", "乙局"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["开会", "防汛", "植树"]),
        ({"q": "植"}, ["植树"]),
        ({"q": "某甲"}, ["开会"]),
        ({"q": "开会 某甲"}, ["开会"]),
        ({"q": "没有"}, []),
        ({"date_from": "2023-05-04"}, ["植树"]),
        ({"date_from": "2023-05-03"}, ["防汛", "植树"]),
        ({"date_from": "2023-05-02"}, ["防汛", "植树"]),
        ({"date_to": "2023-05-01"}, ["开会", "防汛"]),
        ({"date_to": "2023-04-30"}, ["开会"]),
        ({"date_to": "2023-04-29"}, []),
        ({"date_from": "2023-05-01", "date_to": "2023-05-03"}, ["防汛"]),
        ({"official": "某甲"}, ["开会"]),
        ({"official": ["某甲", "某乙"]}, ["开会", "植树"]),
        ({"department": "linye"}, ["植树"]),
        ({"department": "林业局"}, ["植树"]),
        ({"department": "市林业局"}, ["植树"]),
        ({"topic": "flood"}, ["防汛"]),
        ({"topic": "防汛抗旱"}, ["防汛"]),
        ({"topic": "flood", "official": "某甲"}, []),
        ({"ordering": "-start_date"}, ["植树", "防汛", "开会"]),
        ({"ordering": "-end_date,title"}, ["植树", "防汛", "开会"]),
    ],
)
def test_filters_and_order(query: dict[str, Any], found: list[str]) -> None:
    bureau = DepartmentFactory(slug="linye", name="林业局")
    bureau.aliases.create(name="市林业局")
    EventFactory(title="开会", start_date=date(2023, 4, 30), people=[PersonFactory(name="某甲")])
    EventFactory(
        title="防汛",
        start_date=date(2023, 5, 1),
        end_date=date(2023, 5, 3),
        topics=[TopicFactory(slug="flood", name="防汛抗旱")],
    )
    EventFactory(
        title="植树",
        start_date=date(2023, 5, 4),
        people=[PersonFactory(name="某乙")],
        departments=[bureau],
    )
    assert titles(query) == found


def test_one_day_is_asked_for_with_both_ends() -> None:
    for day in (7, 8, 9):
        EventFactory(title=f"{day}日", start_date=date(2023, 5, day))
    assert titles({"date_from": "2023-05-08", "date_to": "2023-05-08"}) == ["8日"]


def test_a_withdrawn_entry_is_gone_for_visitors() -> None:
    event = EventFactory(publication=Event.Publication.WITHDRAWN)
    Caller("anonymous").get(f"events/{event.pk}/", status=404)
    assert titles() == []

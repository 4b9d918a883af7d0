"""The public counts the entries of a month 1, 2, 3 …; no two entries of a day share a place."""

import csv
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from events.models import Event
from events.numbering import MONTHS_APART, UNNUMBERED, numbers_of, numbers_on
from events.reading import read_entries
from events.services import EventContent, create_event, move_event, part_places, update_event
from foundation.errors import PermissionRefused, StateConflict
from foundation.models import AuditEntry
from organizations.services import NameDirectory
from tests.accounts import browser_of, person
from tests.factories import EventFactory

pytestmark = pytest.mark.django_db
AT = datetime(2023, 6, 1, 1, 0, tzinfo=UTC)
DAY = date(2023, 5, 8)


def entry(day: int, position: int, publication: str = "published", **more: Any) -> Event:
    made: Event = EventFactory(
        start_date=date(2023, 5, day), position=position, publication=publication, **more
    )
    return made


def add(day: date = DAY, position: int | None = None) -> Event:
    return create_event(
        actor=person("editor"),
        at=AT,
        content=EventContent(day, day, position, title="补录"),
        publication="draft",
        directory=NameDirectory(actor=None, at=AT),
    )


def change(event: Event, **changes: Any) -> None:
    update_event(
        actor=person("editor"),
        at=AT,
        event=event,
        changes=changes,
        directory=NameDirectory(actor=None, at=AT),
        reason="订正",
    )


class TestNumbers:
    def test_drafts_and_withdrawn_entries_leave_no_gap(self) -> None:
        first, draft = entry(1, 1), entry(2, 2, "draft")
        withdrawn, second, third = entry(3, 3, "withdrawn"), entry(3, 4), entry(9, 9)
        numbers = numbers_on([DAY])
        assert [numbers.get(e.pk) for e in (first, draft, withdrawn, second, third)] == [1, None, None, 2, 3]

    def test_each_month_begins_anew(self) -> None:
        may, june = entry(31, 7), EventFactory(start_date=date(2023, 6, 1), position=8)
        assert numbers_on([may.start_date, june.start_date]) == {may.pk: 1, june.pk: 1}

    @pytest.mark.parametrize("months", [MONTHS_APART - 1, MONTHS_APART, MONTHS_APART + 1])
    def test_many_months_are_numbered_in_one_query(self, months: int, django_assert_num_queries: Any) -> None:
        days = [date(2001 + n // 12, n % 12 + 1, 5) for n in range(months)]
        made = [EventFactory(start_date=day, position=3) for day in days]
        with django_assert_num_queries(1):
            assert numbers_on(days) == {event.pk: 1 for event in made}

    def test_nothing_asked_is_no_query(self, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(0):
            assert numbers_on([]) == {}

    def test_old_entries_that_share_a_place_have_numbers_of_their_own(self) -> None:
        first, second = entry(8, 5), entry(8, 5)
        assert numbers_on([DAY]) == {first.pk: 1, second.pk: 2}

    def test_withdrawing_closes_the_ranks_on_all_pages(self) -> None:
        first, second = entry(8, 1, title="查看沟渠"), entry(8, 2, title="检查管网")
        move_event(actor=None, at=AT, event=first, step="withdraw", reason="重复")
        for page in ("/events/2023/05/", "/events/2023/05/08/", second.get_absolute_url(), "/events/?q=管网"):
            text = Client().get(page).content.decode()
            assert "第 1 条" in text and "第 2 条" not in text, page

    def test_editors_see_the_same_numbers_and_drafts_without_one(self) -> None:
        entry(8, 1, "draft", title="草稿的会")
        entry(8, 2, title="检查管网")
        text = browser_of("editor").get("/events/2023/05/").content.decode()
        assert UNNUMBERED in text and "第 1 条" in text and "第 2 条" not in text

    def test_table_and_interface_give_the_public_number(self) -> None:
        entry(8, 3, title="查看沟渠")
        shown = entry(9, 7, title="检查管网")
        lines = b"".join(Client().get("/events/2023/05/entries.csv").streaming_content)  # type: ignore[attr-defined]
        rows = list(csv.DictReader(lines.decode("utf-8-sig").splitlines()))
        assert [row["本月序号"] for row in rows] == ["1", "2"]
        assert Client().get(f"/api/v1/events/{shown.pk}/").json()["position"] == 2
        listed = Client().get("/api/v1/events/", {"q": "管网"}).json()["results"]
        assert [row["position"] for row in listed] == [2]

    def test_a_range_from_the_month_before_keeps_its_number_there(self) -> None:
        EventFactory(start_date=date(2023, 4, 2), position=1)
        EventFactory(start_date=date(2023, 4, 29), end_date=date(2023, 5, 2), position=2)
        entry(1, 1)
        entries = read_entries(Event.objects.order_by("start_date"), person("viewer"))
        assert [found.number for found in entries] == [1, 2, 1]


class TestPlaces:
    def test_an_added_entry_stands_last_on_its_day(self) -> None:
        entry(8, 4)
        entry(9, 5)
        assert add().position == 5

    def test_on_a_day_without_entries_it_follows_those_of_the_month_before_it(self) -> None:
        entry(3, 4)
        entry(20, 9)
        assert add().position == 5

    def test_the_first_of_a_month_is_the_first(self) -> None:
        EventFactory(start_date=date(2023, 4, 30), position=40)
        assert add().position == 1

    def test_a_place_that_is_taken_is_refused_with_the_next_free_one(self) -> None:
        entry(8, 4, title="查看沟渠")
        with pytest.raises(StateConflict, match=r"“查看沟渠”.*可填 5"):
            add(position=4)
        assert Event.objects.count() == 1

    def test_the_same_place_on_another_day_is_free(self) -> None:
        entry(7, 4)
        assert add(position=4).position == 4

    def test_moving_onto_another_is_refused_and_staying_is_not(self) -> None:
        first, second = entry(8, 1), entry(8, 2)
        with pytest.raises(StateConflict):
            change(second, position=1)
        with pytest.raises(StateConflict):
            change(entry(9, 1), start_date=DAY)
        change(first, position=1, title="改题")
        change(second, position=3)
        assert sorted(Event.objects.filter(start_date=DAY).values_list("position", flat=True)) == [1, 3]

    def test_an_old_shared_place_does_not_hinder_other_changes(self) -> None:
        entry(8, 1)
        other = entry(8, 1)
        change(other, title="改题")
        assert Event.objects.get(pk=other.pk).title == "改题"

    def test_the_form_leaves_the_place_open(self) -> None:
        entry(8, 1)
        sent = {"start_date": "2023-05-08", "end_date": "2023-05-08", "position": "", "title": "补录"}
        prefixes = ("officials", "mentions", "citations", "corrections")
        forms = {f"{p}-{n}_FORMS": 0 for p in prefixes for n in ("TOTAL", "INITIAL")}
        response = browser_of("editor").post("/admin/events/event/add/", {**sent, **forms})
        assert response.status_code == 302, response.content.decode()
        assert Event.objects.get(title="补录").position == 2


class TestGivingWay:
    def test_who_is_kept_stays_and_the_others_go_to_the_end_of_the_day(self) -> None:
        own, printed, last = entry(8, 1), entry(8, 1), entry(8, 2)
        part_places(actor=None, at=AT, days=[DAY], keep={printed.pk, last.pk})
        assert [Event.objects.get(pk=e.pk).position for e in (own, printed, last)] == [3, 1, 2]
        moved = AuditEntry.objects.about(own).get()
        assert (moved.before, moved.after) == ({"position": 1}, {"position": 3})
        assert not AuditEntry.objects.about(printed).exists()

    @pytest.mark.parametrize("mover", ["editor", None])
    def test_who_gave_way_is_not_another_persons_text(self, mover: str | None) -> None:
        signer, kept = person("publisher"), entry(8, 1)
        own = create_event(
            actor=signer,
            at=AT,
            content=EventContent(DAY, DAY, None, title="补录"),
            publication="draft",
            directory=NameDirectory(actor=None, at=AT),
        )
        Event.objects.filter(pk=own.pk).update(position=1)
        part_places(actor=person(mover) if mover else None, at=AT, days=[DAY], keep={kept.pk})
        assert AuditEntry.objects.about(own).order_by("-sequence")[:1].get().action == "event.place"
        own.refresh_from_db()
        with pytest.raises(PermissionRefused, match="最后修改"):
            move_event(actor=signer, at=AT, event=own, step="publish")

    def test_days_without_shared_places_cost_one_query(self, django_assert_num_queries: Any) -> None:
        for day in range(1, 9):
            entry(day, day)
        with django_assert_num_queries(1):
            part_places(actor=None, at=AT, days=[date(2023, 5, d) for d in range(1, 9)], keep=())

    def test_other_days_are_left_alone(self) -> None:
        entry(9, 1)
        entry(9, 1)
        part_places(actor=None, at=AT, days=[date(2023, 5, 8), date(2023, 5, 10)], keep=())
        assert list(Event.objects.values_list("position", flat=True)) == [1, 1]


def test_the_numbers_of_some_entries_are_those_that_whole_months_give() -> None:
    days = [date(2023, 4, 30), date(2023, 5, 1), date(2023, 5, 1), date(2023, 5, 31), date(2023, 6, 1)]
    events = [EventFactory(start_date=day) for day in days for _ in range(3)]
    Event.objects.filter(pk=events[4].pk).update(publication="withdrawn")
    Event.objects.filter(pk__in=[events[5].pk, events[6].pk]).update(
        position=7
    )  # as an import may leave them
    keys = [event.pk for event in events]
    assert numbers_of(keys) == numbers_on(set(days))
    assert numbers_of(keys[3:8]) == {pk: n for pk, n in numbers_on(set(days)).items() if pk in keys[3:8]}
    assert numbers_of([]) == {}

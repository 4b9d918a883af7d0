"""The index follows every way of writing, and finds what a plain scan finds."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations import Migration
from django.utils import timezone

from events.models import Event
from organizations.models import Person
from search import watching
from search.folding import fold
from search.models import Pending, SearchEntry
from search.services import catch_up, find_drift, rebuild
from search.words import words_of
from tests.atonce import press_at_once
from tests.factories import DirectiveFactory, EventFactory, PersonFactory, SectionFactory, TaskFactory

pytestmark = pytest.mark.django_db


def indexed(query: str) -> set[int]:
    catch_up(at=timezone.now())
    return set(SearchEntry.objects.by_index(words_of(query)).values_list("object_id", flat=True))


def test_a_row_written_in_bulk_or_changed_past_the_services_is_found() -> None:
    event = EventFactory(title="甲", text="检查供热。")
    assert indexed("供热") == {event.pk}
    Event.objects.filter(pk=event.pk).update(text="检查道路。")
    assert indexed("供热") == set() and indexed("道路") == {event.pk}
    event.delete()
    assert indexed("道路") == set()


def test_a_withdrawn_entry_changes_who_may_see_it() -> None:
    event = EventFactory(text="堵。")
    indexed("堵")
    assert SearchEntry.objects.get(kind="events").visibility == ""
    Event.objects.filter(pk=event.pk).update(publication="withdrawn")
    indexed("堵")
    assert SearchEntry.objects.get(kind="events").visibility == "events.view_unpublished"


def test_a_renamed_person_is_found_in_entries_by_the_new_name() -> None:
    person = PersonFactory(name="林某甲")
    event = EventFactory(people=[person])
    indexed("林某甲")
    Person.objects.filter(pk=person.pk).update(name="林某乙")
    assert {event.pk, person.pk} == indexed("林某乙")


QUERIES = ("热", "供热", "供热厂", "锅炉检修", "2022", "(2022)6", "供热 锅炉", "无此词", "Ⅲ级", "１２", "〔")


@pytest.mark.parametrize("query", QUERIES)
def test_hits_are_those_of_a_plain_scan(query: str) -> None:
    EventFactory(text="检查供热厂锅炉检修，发文〔2022〕61号，启动III级响应。")
    directive = DirectiveFactory(title="供热通知", number="青政发[2022]62号")
    SectionFactory(directive=directive, text="12345热线；Ⅲ级。")
    TaskFactory(title="检修锅炉")
    catch_up(at=timezone.now())
    words = words_of(query)
    scanned = {
        entry.pk
        for entry in SearchEntry.objects.all()
        if all(any(form in fold(f"{entry.title}\n{entry.text}") for form in word.forms) for word in words)
    }
    assert set(SearchEntry.objects.by_index(words).values_list("pk", flat=True)) == scanned
    assert set(SearchEntry.objects.by_index_within(words).values_list("pk", flat=True)) == scanned


@pytest.mark.parametrize(("room", "looked_at"), [("events", True), ("search", True), ("sessions", False)])
def test_after_a_migration_of_what_is_watched_everything_is_looked_at_again(
    room: str, looked_at: bool
) -> None:
    EventFactory(text="堵。")
    catch_up(at=timezone.now())
    plan = [(Migration("0001_any", room), False)]
    watching.before_migrate(using="default", plan=plan)
    assert bool(watching.missing_triggers(connection)) is looked_at
    watching.after_migrate(using="default", plan=plan)
    assert not watching.missing_triggers(connection)
    assert Pending.objects.exists() is looked_at


def test_the_check_tells_drift_and_the_rebuild_mends_it() -> None:
    EventFactory(text="堵。")
    catch_up(at=timezone.now())
    assert not any(find_drift())
    SearchEntry.objects.all().delete()
    with pytest.raises(SystemExit):
        call_command("rebuild_search_index", check=True, stdout=StringIO(), stderr=StringIO())
    call_command("rebuild_search_index", stdout=StringIO())
    assert not any(find_drift()) and indexed("堵")


@pytest.mark.django_db(transaction=True)
def test_rebuilding_twice_at_once_while_notes_are_worked_off_leaves_no_drift() -> None:
    EventFactory.create_batch(30, text="堵。")
    at = timezone.now()
    press_at_once([lambda: rebuild(at=at), lambda: rebuild(at=at), lambda: catch_up(at=at)])
    assert not any(find_drift()) and not Pending.objects.exists()
    assert SearchEntry.objects.filter(kind="events").count() == 30

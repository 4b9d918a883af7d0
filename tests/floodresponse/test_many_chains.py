"""Many chains of follow-ups that are due at once: batches of constant cost, nothing owed twice."""

import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from floodresponse.models import Incident, Obligation
from floodresponse.services import obligations
from floodresponse.services.obligations import continue_followups
from notifications.models import Message
from tests.floodresponse.reporting import City, build_city, happen, minute, report

# The first follow-up of a major incident without any report is due after four hours.
JUST_DUE, MISSED = minute(240), minute(240.1)


def chains(city: City, number: int) -> list[Incident]:
    """Major incidents of the same minute."""
    return [happen(city, severity="major", location=f"{place} 号") for place in range(number)]


def sequences() -> list[tuple[int | None, int]]:
    rows = Obligation.objects.filter(kind="followup").order_by("incident", "sequence")
    return list(rows.values_list("incident", "sequence"))


@pytest.mark.django_db
class TestBatches:
    def test_at_the_limit_nothing_is_missed_and_after_it_each_chain_goes_on_once(self, city: City) -> None:
        made = chains(city, 3)
        assert continue_followups(at=JUST_DUE) == 0
        assert continue_followups(at=MISSED) == 3
        assert continue_followups(at=MISSED) == 0
        assert sequences() == [(one.pk, number) for one in made for number in (1, 2)]

    def test_the_number_of_queries_does_not_grow_with_the_chains(self, city: City) -> None:
        def cost(number: int) -> int:
            Message.objects.all().delete()
            Obligation.objects.all().delete()
            Incident.objects.all().delete()
            chains(city, number)
            with CaptureQueriesContext(connection) as queries:
                assert continue_followups(at=MISSED) == number
            # Reminders are written in parts of some hundred rows, as many as the database takes at once.
            return len([query for query in queries if "notifications_message" not in query["sql"]])

        assert cost(2) == cost(40) <= 10

    def test_more_than_a_batch_is_all_continued(self, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(obligations, "BATCH", 2)
        made = chains(city, 5)
        assert continue_followups(at=MISSED) == 5
        assert len(sequences()) == 2 * len(made)

    def test_reminders_of_each_new_one_are_written_with_it(self, city: City) -> None:
        chains(city, 2)
        continue_followups(at=MISSED)
        for one in Obligation.objects.filter(kind="followup", sequence=2):
            due = Message.objects.filter(about=one.about, not_before=one.due_at, channel="inbox")
            assert due.count() == 1

    def test_chains_that_are_over_are_not_looked_at_again(self, city: City) -> None:
        over, on = chains(city, 2)
        report(over, city.street_officer, at=minute(239), stage="final")
        assert continue_followups(at=MISSED) == 1
        assert {pk for pk, number in sequences() if number == 2} == {on.pk}


@pytest.fixture
def city() -> City:
    return build_city()


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_owe_nothing_twice() -> None:
    made = chains(build_city(), 6)
    errors: list[BaseException] = []

    def sweep() -> None:
        try:
            continue_followups(at=minute(481))
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    both = [threading.Thread(target=sweep) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert not errors
    assert sequences() == [(one.pk, number) for one in made for number in range(1, 5)]
    twice = Message.objects.values_list("dedupe_key", flat=True)
    assert len(twice) == len(set(twice))

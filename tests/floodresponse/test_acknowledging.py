"""Acknowledging a reminder: it pauses for its time, expires without a report, and is on record."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from floodresponse.models import Acknowledgement, Obligation
from floodresponse.services import reminders
from floodresponse.services.acknowledging import acknowledge_obligation, take_in_answers
from floodresponse.services.reminders import remind_again
from foundation.errors import PermissionRefused, StateConflict
from foundation.models import AuditEntry
from notifications.models import Message
from notifications.services.answers import acknowledge_message
from tests.floodresponse.reporting import City, build_city, happen, minute, report

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> City:
    return build_city()


def phone_of(city: City) -> Obligation:
    """The phone report of an incident at T0: due at minute 20."""
    return happen(city).obligations.get(kind="phone")


def acknowledge(city: City, obligation: Obligation, at: float, actor: Any = None) -> Acknowledgement:
    return acknowledge_obligation(actor=actor or city.street_officer, obligation=obligation, at=minute(at))


def waiting(obligation: Obligation) -> list[tuple[float, str]]:
    """Pending messages: minutes after T0 and to whom."""
    rows = Message.objects.filter(about=obligation.about, state="pending", channel="inbox")
    found = [((row.not_before - minute(0)) / timedelta(minutes=1), str(row.recipient)) for row in rows]
    return sorted(found)


class TestThePause:
    def test_reminders_within_it_are_taken_back_and_later_ones_stay(self, city: City) -> None:
        phone = phone_of(city)
        acknowledge(city, phone, 18)
        assert waiting(phone) == [
            # Expired at 28: unit and office; then as planned at 30 and 50.
            (28, "office"),
            (28, "street"),
            (30, "office"),
            (30, "street"),
            (50, "commander"),
            (50, "office"),
            (50, "street"),
        ]

    def test_what_would_have_reached_the_commander_reaches_him_when_it_expires(self, city: City) -> None:
        phone = phone_of(city)
        acknowledge(city, phone, 45)
        assert waiting(phone) == [(55, "commander"), (55, "office"), (55, "street")]

    @pytest.mark.parametrize(("kind", "minutes"), [("phone", 10), ("media", 30), ("written", 30)])
    def test_how_long_it_holds(self, city: City, kind: str, minutes: int) -> None:
        owed = happen(city, unit=city.bureau).obligations.get(kind=kind)
        made = acknowledge(city, owed, 6, city.bureau_officer)
        assert made.until - made.at == timedelta(minutes=minutes)

    def test_a_report_ends_it(self, city: City) -> None:
        phone = phone_of(city)
        acknowledge(city, phone, 18)
        report(phone.incident, city.street_officer, at=minute(19), channel="phone")  # type: ignore[arg-type]
        assert waiting(phone) == []
        with pytest.raises(StateConflict, match="已经报送"):
            acknowledge(city, phone, 20)


class TestOneAtATime:
    def test_while_one_holds_nobody_else_is_asked(self, city: City) -> None:
        phone = phone_of(city)
        acknowledge(city, phone, 18)
        with pytest.raises(StateConflict, match="前有效"):
            acknowledge(city, phone, 27.9, city.office)
        assert AuditEntry.objects.filter(action="obligation.acknowledge").count() == 1

    def test_after_it_expired_it_can_be_said_again(self, city: City) -> None:
        phone = phone_of(city)
        acknowledge(city, phone, 18)
        acknowledge(city, phone, 28)
        assert phone.acknowledgements.count() == 2
        assert waiting(phone)[0] == (38, "office")

    def test_a_stranger_does_not_acknowledge(self, city: City) -> None:
        with pytest.raises(PermissionRefused):
            acknowledge(city, phone_of(city), 18, city.bureau_officer)


class TestRemindingOn:
    @pytest.mark.parametrize(("at", "count"), [(79.9, 0), (80, 1), (109.9, 1), (110, 1)])
    def test_every_half_hour_after_the_last_planned_one(self, city: City, at: float, count: int) -> None:
        phone = phone_of(city)
        remind_again(at=minute(at))
        again = Message.objects.filter(about=phone.about, dedupe_key__contains=":again-", channel="inbox")
        assert again.filter(recipient=city.commander).count() == count

    def test_however_often_the_sweep_comes_each_round_goes_once(self, city: City) -> None:
        phone = phone_of(city)
        for second in range(5):
            remind_again(at=minute(80) + timedelta(seconds=second))
        remind_again(at=minute(110))
        again = Message.objects.filter(about=phone.about, recipient=city.commander, channel="inbox")
        assert again.filter(dedupe_key__contains=":again-").count() == 2

    def test_many_are_reminded_in_batches_of_constant_cost(
        self, city: City, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(reminders, "BATCH", 4)

        def cost(number: int) -> int:
            Message.objects.all().delete()
            Obligation.objects.all().delete()
            for place in range(number):
                happen(city, location=f"{place} 号")
            Obligation.objects.exclude(kind="phone").delete()
            with CaptureQueriesContext(connection) as queries:
                assert remind_again(at=minute(80)) == number
            assert remind_again(at=minute(80.5)) == 0
            again = Message.objects.filter(recipient=city.commander, dedupe_key__contains=":again-")
            assert again.count() == number
            return len([query for query in queries if "SAVEPOINT" not in query["sql"]])

        one_batch = cost(4)
        assert cost(2) == one_batch
        assert cost(9) <= 3 * one_batch

    def test_an_acknowledgement_stills_it_for_its_time(self, city: City) -> None:
        phone = phone_of(city)
        acknowledge(city, phone, 75)
        assert remind_again(at=minute(80)) == 0
        assert remind_again(at=minute(85)) == 1

    @pytest.mark.parametrize(("at", "reminded"), [(84.99, 0), (85, 1), (85.01, 1)])
    def test_without_a_report_it_expires_to_the_second(self, city: City, at: float, reminded: int) -> None:
        phone = phone_of(city)
        acknowledge(city, phone, 75)
        assert remind_again(at=minute(at)) == reminded
        # And at that moment everybody is told that there is still no report.
        expired = Message.objects.filter(about=phone.about, dedupe_key__contains=":expired-", channel="inbox")
        told = expired.filter(not_before=minute(85)).values_list("recipient__username", flat=True)
        assert sorted(name for name in told if name) == ["commander", "office", "street"]

    def test_not_for_longer_than_half_a_day(self, city: City) -> None:
        phone_of(city)
        Obligation.objects.exclude(kind="phone").delete()
        assert remind_again(at=minute(20 + 12 * 60 - 1)) == 1
        assert remind_again(at=minute(20 + 12 * 60)) == 0


class TestAnsweringInTheInbox:
    def answered(self, city: City, at: float) -> Message:
        phone = phone_of(city)
        message = Message.objects.filter(about=phone.about, recipient=city.street_officer).earliest("pk")
        Message.objects.filter(pk=message.pk).update(state="sent", sent_at=minute(15))
        return acknowledge_message(actor=city.street_officer, message=message, at=minute(at))

    def test_it_counts_from_the_moment_of_the_answer_and_once(self, city: City) -> None:
        message = self.answered(city, 16)
        assert take_in_answers(at=minute(17)) == 1
        assert take_in_answers(at=minute(17.5)) == 0
        made = Acknowledgement.objects.get()
        assert (made.at, made.message) == (minute(16), message)

    def test_what_has_expired_meanwhile_counts_no_more(self, city: City) -> None:
        self.answered(city, 16)
        assert take_in_answers(at=minute(26)) == 0

    @pytest.mark.parametrize(("at", "counts"), [(25.99, 1), (26, 0), (26.01, 0)])
    def test_an_answer_is_taken_in_while_it_would_hold(self, city: City, at: float, counts: int) -> None:
        self.answered(city, 16)
        assert take_in_answers(at=minute(at)) == counts
        assert Acknowledgement.objects.count() == counts


class TestOnThePage:
    def test_a_button_then_until_when(self, city: City) -> None:
        phone = phone_of(city)
        client = Client()
        client.force_login(city.street_officer)
        assert "知道了" in client.get(f"/flood/obligations/{phone.pk}/").content.decode()
        answer = client.post(f"/flood/obligations/{phone.pk}/acknowledge/", follow=True)
        assert "提醒暂停到" in answer.content.decode()
        assert "前有效" in answer.content.decode()
        assert "知道了" not in answer.content.decode()
        assert "已签收至" in client.get("/flood/obligations/").content.decode()

    def test_others_do_not_find_it(self, city: City) -> None:
        phone = phone_of(city)
        client = Client()
        client.force_login(city.bureau_officer)
        assert client.post(f"/flood/obligations/{phone.pk}/acknowledge/").status_code == 404

    def test_in_the_interface(self, city: City) -> None:
        phone = phone_of(city)
        client = Client()
        client.force_login(city.street_officer)
        address = f"/api/v1/flood/obligations/{phone.pk}/acknowledge/"
        assert client.post(address).status_code == 200
        assert client.post(address).status_code == 409

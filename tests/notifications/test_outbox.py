"""Messages are written once, delivered once to the inbox, and cancelled while they wait."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from notifications.models import Attempt, Contact, Message
from notifications.services import Draft, cancel_messages, deliver_to_inbox, queue_messages
from organizations.models import User
from tests.accounts import person

NOW = datetime(2023, 6, 1, 3, 0, tzinfo=UTC)
State = Message.State


def draft(recipient: User, **values: Any) -> Draft:
    given: dict[str, Any] = {
        "about": "obligation:7",
        "tier": "due",
        "topic": "flood",
        "subject": "电话报告到时限",
        "not_before": NOW,
    }
    return Draft(recipient=recipient, **(given | values))


@pytest.mark.django_db
def test_a_message_goes_to_the_inbox_and_to_every_enabled_contact() -> None:
    user = person()
    Contact.objects.create(user=user, channel="email", address="a@example.cn")
    Contact.objects.create(user=user, channel="email", address="b@example.cn", is_enabled=False)
    assert queue_messages(drafts=[draft(user)], at=NOW) == 2
    assert sorted(Message.objects.values_list("channel", "address")) == [
        ("email", "a@example.cn"),
        ("inbox", ""),
    ]
    assert all(
        key.startswith("obligation:7:due:") for key in Message.objects.values_list("dedupe_key", flat=True)
    )


@pytest.mark.django_db
def test_the_same_reminder_is_written_once() -> None:
    user = person()
    assert queue_messages(drafts=[draft(user), draft(user)], at=NOW) == 1
    assert queue_messages(drafts=[draft(user, subject="改了标题")], at=NOW) == 0
    assert Message.objects.get().subject == "电话报告到时限"


@pytest.mark.django_db
def test_a_contact_for_urgent_messages_hears_only_those() -> None:
    user = person()
    Contact.objects.create(user=user, channel="voice", address="13900000000", urgent_only=True)
    queue_messages(drafts=[draft(user), draft(user, tier="late", urgent=True)], at=NOW)
    assert Message.objects.filter(channel="voice").get().dedupe_key.startswith("obligation:7:late:")


@pytest.mark.django_db
def test_an_exercise_never_leaves_the_portal() -> None:
    user = person()
    Contact.objects.create(user=user, channel="email", address="a@example.cn")
    queue_messages(drafts=[draft(user, exercise=True, urgent=True)], at=NOW)
    assert Message.objects.get().channel == "inbox"


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "delivered"), [(-1, 0), (0, 1), (1, 1)])
def test_the_inbox_gets_a_message_from_its_second_on(seconds: int, delivered: int) -> None:
    queue_messages(drafts=[draft(person())], at=NOW)
    at = NOW + timedelta(seconds=seconds)
    assert deliver_to_inbox(now=at) == delivered
    assert deliver_to_inbox(now=at) == 0
    message = Message.objects.get()
    assert (message.state == State.SENT) == bool(delivered)
    assert message.lateness_s == (seconds if delivered else None)
    assert Attempt.objects.filter(message=message, delivered=True).count() == delivered


@pytest.mark.django_db
def test_more_than_one_batch_is_delivered_in_one_sweep() -> None:
    user = person()
    queue_messages(drafts=[draft(user, tier=f"t{n}") for n in range(1205)], at=NOW)
    assert deliver_to_inbox(now=NOW) == 1205
    assert not Message.objects.exclude(state=State.SENT).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("minutes", "state"), [(9, State.SENT), (10, State.CANCELLED), (11, State.CANCELLED)]
)
def test_an_expired_message_is_cancelled_instead(minutes: int, state: str) -> None:
    queue_messages(drafts=[draft(person(), expires_at=NOW + timedelta(minutes=10))], at=NOW)
    deliver_to_inbox(now=NOW + timedelta(minutes=minutes))
    assert Message.objects.get().state == state


@pytest.mark.django_db
def test_settling_a_matter_cancels_what_waits_and_nothing_else() -> None:
    user, other = person(name="a"), person(name="b")
    queue_messages(drafts=[draft(user), draft(other, about="obligation:71")], at=NOW)
    deliver_to_inbox(now=NOW - timedelta(hours=1))
    assert cancel_messages(about="obligation:7", at=NOW, why="已报告") == 1
    assert cancel_messages(about="obligation:7", at=NOW, why="已报告") == 0
    assert deliver_to_inbox(now=NOW) == 1
    cancelled = Message.objects.get(about="obligation:7")
    assert (cancelled.state, cancelled.cancel_reason) == (State.CANCELLED, "已报告")


@pytest.mark.django_db
def test_what_has_arrived_cannot_be_cancelled() -> None:
    queue_messages(drafts=[draft(person())], at=NOW)
    deliver_to_inbox(now=NOW)
    assert cancel_messages(about="obligation:7", at=NOW, why="已报告") == 0
    assert Message.objects.get().state == State.SENT


@pytest.mark.django_db
def test_a_message_of_a_transaction_that_fails_never_existed() -> None:
    user = person()
    with transaction.atomic():
        queue_messages(drafts=[draft(user)], at=NOW)
        transaction.set_rollback(True)
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_dispatchers_at_once_deliver_each_message_once() -> None:
    user = person()
    queue_messages(drafts=[draft(user, tier=f"t{n}") for n in range(2500)], at=NOW)
    counts: list[int] = []

    def dispatch() -> None:
        try:
            counts.append(deliver_to_inbox(now=NOW))
        finally:
            connection.close()

    threads = [threading.Thread(target=dispatch) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    deliver_to_inbox(now=NOW)
    assert Message.objects.filter(state=State.SENT, attempts=1).count() == 2500
    assert Attempt.objects.count() == 2500
    assert len(counts) == 2

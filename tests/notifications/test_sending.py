"""Messages leave the portal by a real mail server and a real web hook, and survive their failures."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from foundation.errors import PermissionRefused, StateConflict
from notifications.channels import Undeliverable, channel_of, deliver
from notifications.models import Attempt, Message, Preference
from notifications.services import (
    cancel_messages,
    resend_message,
    send_outbound,
    sending,
)
from notifications.services.sending import CLAIMED_AT_ONCE, LEASE, PAUSES, claim_outbound
from organizations.models import Role
from tests.accounts import person
from tests.notifications.receivers import NOW, Hook, Mailbox, outside, waiting

State = Message.State


@pytest.mark.django_db
def test_a_mail_arrives_with_its_key(mailbox: Mailbox) -> None:
    waiting("email", "zhang@example.cn")
    assert send_outbound(now=NOW) == 1
    (mail,) = mailbox.mails
    assert mail.rcpt_tos == ["zhang@example.cn"]
    assert b"X-Message-Key: " in mail.content
    message = outside()
    assert (message.state, message.attempts) == (State.SENT, 1)
    assert send_outbound(now=NOW + timedelta(hours=1)) == 0
    assert len(mailbox.mails) == 1


@pytest.mark.django_db
def test_a_mail_server_that_refuses_is_tried_again_with_growing_pauses(mailbox: Mailbox) -> None:
    waiting("email", "zhang@example.cn")
    mailbox.answer = "451 later please"
    at = NOW
    for pause in PAUSES[:3]:
        assert send_outbound(now=at) == 0
        message = outside()
        assert message.state == State.PENDING
        assert "451" in message.last_error
        assert at + pause <= message.attempt_at < at + pause + timedelta(seconds=5)
        assert send_outbound(now=message.attempt_at - timedelta(microseconds=1)) == 0
        at = message.attempt_at
    mailbox.answer = "250 OK"
    assert send_outbound(now=at) == 1
    assert outside().attempts == 4
    assert list(Attempt.objects.values_list("number", "delivered")) == [
        *((n, False) for n in (1, 2, 3)),
        (4, True),
    ]


@pytest.mark.django_db
def test_a_mail_server_that_is_away_leaves_the_inbox_alone(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    waiting("email", "zhang@example.cn")
    assert send_outbound(now=NOW) == 0
    assert "邮件服务器没有收下" in outside().last_error
    assert Message.objects.get(channel="inbox").state == State.PENDING


@pytest.mark.django_db
@pytest.mark.parametrize(("hours", "state"), [(23.9, State.PENDING), (24, State.FAILED), (30, State.FAILED)])
def test_after_a_day_a_message_is_given_up(mailbox: Mailbox, hours: float, state: str) -> None:
    waiting("email", "zhang@example.cn")
    mailbox.answer = "550 nobody here"
    at = NOW + timedelta(hours=hours)
    send_outbound(now=at)
    assert outside().state == state


@pytest.mark.django_db
def test_a_hook_gets_the_message_as_json(hook: Hook, settings: Any) -> None:
    settings.VOICE_HOOK_URL = f"http://127.0.0.1:{hook.server_port}/call"
    waiting("voice", "13900000000", urgent=True)
    assert send_outbound(now=NOW) == 1
    ((content, key),) = hook.calls
    assert (content["to"], content["urgent"], content["exercise"]) == ("13900000000", True, False)
    assert content["title"] == "第 0 项将到期"
    assert len(key) == 40


@pytest.mark.django_db
def test_a_hook_that_answers_with_an_error_keeps_the_message(hook: Hook, settings: Any) -> None:
    settings.VOICE_HOOK_URL = f"http://127.0.0.1:{hook.server_port}/call"
    waiting("voice", "13900000000")
    hook.status = 503
    assert send_outbound(now=NOW) == 0
    assert outside().last_error == "回调地址应答 503。"
    hook.status = 204
    assert send_outbound(now=NOW + PAUSES[0] + timedelta(seconds=5)) == 1
    assert hook.calls[0][1] == hook.calls[1][1]


@pytest.mark.django_db
def test_without_a_gateway_a_call_fails_for_good_and_says_why() -> None:
    waiting("voice", "13900000000")
    send_outbound(now=NOW)
    message = outside()
    assert message.state == State.FAILED
    assert "VOICE_HOOK_URL" in message.last_error


@pytest.mark.django_db
def test_what_a_killed_sender_had_claimed_is_sent_after_its_lease(mailbox: Mailbox) -> None:
    waiting("email", "zhang@example.cn")
    assert len(claim_outbound(now=NOW)) == 1  # and then the process is gone
    assert send_outbound(now=NOW + LEASE - timedelta(seconds=1)) == 0
    assert send_outbound(now=NOW + LEASE) == 1
    assert len(mailbox.mails) == 1
    assert outside().attempts == 2


@pytest.mark.django_db
def test_a_clock_set_back_does_not_lengthen_a_lease(mailbox: Mailbox) -> None:
    waiting("email", "zhang@example.cn")
    Message.objects.exclude(channel="inbox").update(
        state=State.SENDING, leased_until=NOW + timedelta(hours=1), attempts=1
    )
    assert send_outbound(now=NOW) == 1


@pytest.mark.django_db
def test_two_claims_share_no_message() -> None:
    waiting("email", "zhang@example.cn", count=CLAIMED_AT_ONCE + 3)
    first = {message.pk for message in claim_outbound(now=NOW)}
    second = {message.pk for message in claim_outbound(now=NOW)}
    assert (len(first), len(second)) == (CLAIMED_AT_ONCE, 3)
    assert not first & second


@pytest.mark.django_db
def test_quiet_hours_hold_back_what_is_not_urgent(mailbox: Mailbox) -> None:
    night = datetime(2023, 6, 1, 15, 0, tzinfo=UTC)  # 23:00 in the city
    user = waiting("email", "zhang@example.cn")
    Preference.objects.create(user=user, quiet_from=time(22), quiet_until=time(7))
    assert send_outbound(now=night) == 0
    assert outside().attempt_at == datetime(2023, 6, 1, 23, 0, tzinfo=UTC)
    assert outside().not_before == NOW
    assert send_outbound(now=datetime(2023, 6, 1, 23, 0, tzinfo=UTC)) == 1


@pytest.mark.django_db
def test_urgent_messages_know_no_quiet_hours(mailbox: Mailbox) -> None:
    user = waiting("email", "zhang@example.cn", urgent=True)
    Preference.objects.create(user=user, quiet_from=time(22), quiet_until=time(7), digest_at=time(8))
    assert send_outbound(now=datetime(2023, 6, 1, 15, 0, tzinfo=UTC)) == 1


@pytest.mark.django_db
def test_a_digest_sends_several_messages_as_one_mail(mailbox: Mailbox) -> None:
    user = waiting("email", "zhang@example.cn", count=3)
    Preference.objects.create(user=user, quiet_from=None, quiet_until=None, digest_at=time(17, 30))
    assert send_outbound(now=NOW) == 0
    evening = datetime(2023, 6, 1, 9, 30, tzinfo=UTC)
    assert send_outbound(now=evening - timedelta(seconds=1)) == 0
    assert send_outbound(now=evening) == 3
    assert len(mailbox.mails) == 1


@pytest.mark.django_db
def test_only_the_ledgers_keeper_sends_again(mailbox: Mailbox) -> None:
    waiting("email", "zhang@example.cn")
    Message.objects.exclude(channel="inbox").update(state=State.FAILED)
    with pytest.raises(PermissionRefused):
        resend_message(actor=person(Role.COMMANDER), message=outside(), at=NOW)
    keeper = person(Role.SUPERVISOR)
    resend_message(actor=keeper, message=outside(), at=NOW)
    with pytest.raises(StateConflict):
        resend_message(actor=keeper, message=outside(), at=NOW)
    assert send_outbound(now=NOW) == 1


@pytest.mark.django_db
def test_a_fault_with_one_message_does_not_hold_up_the_others(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting("email", "zhang@example.cn", count=3)

    def faulty(group: Any) -> None:
        if group[0].subject == "第 1 项将到期":
            raise RuntimeError("a fault of our own")
        deliver(group)

    monkeypatch.setattr(sending, "deliver", faulty)
    assert send_outbound(now=NOW) == 2
    failed = Message.objects.exclude(channel="inbox").get(state=State.PENDING)
    assert failed.last_error == "发送程序出错：RuntimeError"


@pytest.mark.django_db
def test_what_was_settled_while_it_was_sent_is_not_tried_again(mailbox: Mailbox) -> None:
    waiting("email", "zhang@example.cn")
    mailbox.answer = "451 later please"
    (claimed,) = claim_outbound(now=NOW)
    cancel_messages(about=claimed.about, at=NOW, why="已反馈")
    assert send_outbound(now=NOW + LEASE) == 0
    assert outside().state == State.CANCELLED
    assert outside().attempts == 1


@pytest.mark.django_db
def test_a_message_that_fails_after_it_was_settled_is_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting("email", "zhang@example.cn")

    def settled_meanwhile(group: Any) -> None:
        cancel_messages(about=group[0].about, at=NOW, why="已反馈")
        raise Undeliverable("没有收下")

    monkeypatch.setattr(sending, "deliver", settled_meanwhile)
    assert send_outbound(now=NOW) == 0
    assert (outside().state, outside().cancel_reason) == (State.CANCELLED, "已反馈")


@pytest.mark.django_db
def test_a_sender_that_was_too_slow_leaves_its_message_to_the_next(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting("email", "zhang@example.cn", count=2)

    def slow(group: Any) -> None:
        deliver(group)
        # While the first was sent, its successor's lease ran out and somebody else took it.
        Message.objects.filter(subject="第 1 项将到期", state=State.SENDING).update(attempts=2)

    monkeypatch.setattr(sending, "deliver", slow)
    assert send_outbound(now=NOW) == 1
    assert len(mailbox.mails) == 1


@pytest.mark.django_db
def test_robots_of_the_operator_hear_an_urgent_matter_once(hook: Hook, settings: Any) -> None:
    settings.NOTIFY_URLS = [f"http://127.0.0.1:{hook.server_port}/all"]
    for name in ("a", "b"):
        waiting("email", f"{name}@example.cn", user=person(name=name), urgent=True)
    told = Message.objects.get(channel="webhook")
    assert (told.recipient, told.dedupe_key) == (None, "list:3:t0:all:robot-1")
    send_outbound(now=NOW)
    assert len(hook.calls) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("values", [{"urgent": False}, {"urgent": True, "exercise": True}])
def test_robots_of_the_operator_hear_nothing_else(settings: Any, values: dict[str, Any]) -> None:
    settings.NOTIFY_URLS = ["dingtalk://abcdefghijklmnop"]
    waiting("email", "zhang@example.cn", **values)
    assert not Message.objects.filter(recipient=None).exists()


def test_an_operators_address_names_its_channel() -> None:
    assert channel_of("dingtalk://abcdefghijklmnop") == "dingtalk"
    assert channel_of("wecombot://key") == "wecom"
    assert channel_of("json://127.0.0.1/all") == channel_of("https://example.cn/hook") == "webhook"

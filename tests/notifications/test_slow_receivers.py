"""Receivers that hang and come back, and two senders at once: nothing is lost, nothing goes twice."""

import threading
from collections import Counter
from datetime import timedelta
from email import message_from_bytes
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from notifications import channels
from notifications.models import Attempt, Message
from notifications.services import deliver_to_inbox, send_outbound
from notifications.services.sending import CLAIMED_AT_ONCE, LEASE, PAUSES, claim_outbound
from tests.notifications.receivers import NOW, Hook, Mailbox, outside, waiting

State = Message.State
AFTER_A_PAUSE = NOW + PAUSES[0] + timedelta(minutes=1)


def keys_of(mailbox: Mailbox) -> Counter[str]:
    return Counter(message_from_bytes(mail.content)["X-Message-Key"] for mail in mailbox.mails)


@pytest.mark.django_db
def test_a_mail_server_that_hangs_is_left_and_asked_again(mailbox: Mailbox, settings: Any) -> None:
    settings.EMAIL_TIMEOUT = 0.5
    waiting("email", "zhang@example.cn")
    mailbox.hangs = True
    assert send_outbound(now=NOW) == 0
    assert mailbox.asked.is_set()
    message = outside()
    assert message.state == State.PENDING
    assert "邮件服务器没有收下" in message.last_error
    # The inbox does not wait for the mail.
    assert deliver_to_inbox(now=NOW) == 1
    assert deliver_to_inbox(now=AFTER_A_PAUSE) == 0
    mailbox.hangs = False
    settings.EMAIL_TIMEOUT = 10
    assert send_outbound(now=AFTER_A_PAUSE) == 1
    # What hung may have been taken as well: the receiver can tell by the key.
    assert len(keys_of(mailbox)) == 1
    assert list(Attempt.objects.exclude(message__channel="inbox").values_list("number", "delivered")) == [
        (1, False),
        (2, True),
    ]


@pytest.mark.django_db
def test_a_hook_that_hangs_is_left_and_called_again(
    hook: Hook, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channels, "TIMEOUT_SECONDS", 0.5)
    settings.VOICE_HOOK_URL = f"http://127.0.0.1:{hook.server_port}/call"
    waiting("voice", "13900000000")
    hook.delay = 2
    assert send_outbound(now=NOW) == 0
    assert outside().state == State.PENDING
    assert "回调地址没有应答" in outside().last_error
    hook.delay = 0
    monkeypatch.setattr(channels, "TIMEOUT_SECONDS", 10)
    assert send_outbound(now=AFTER_A_PAUSE) == 1
    assert len({key for _, key in hook.calls}) == 1


@pytest.mark.django_db
def test_a_hook_that_is_away_and_comes_back(hook: Hook, settings: Any) -> None:
    settings.VOICE_HOOK_URL = "http://127.0.0.1:9/call"
    waiting("voice", "13900000000")
    assert send_outbound(now=NOW) == 0
    assert "回调地址没有应答" in outside().last_error
    settings.VOICE_HOOK_URL = f"http://127.0.0.1:{hook.server_port}/call"
    assert send_outbound(now=AFTER_A_PAUSE) == 1
    assert len(hook.calls) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("later", "taken"),
    [(timedelta(seconds=1), 0), (LEASE, 0), (LEASE + timedelta(seconds=1), 1), (timedelta(hours=1), 1)],
)
def test_a_lease_renewed_meanwhile_is_left_to_its_sender(later: timedelta, taken: int) -> None:
    """The other sender read its clock after this one; only a clock that was set back explains more."""
    waiting("email", "zhang@example.cn")
    Message.objects.exclude(channel="inbox").update(
        state=State.SENDING, leased_until=NOW + LEASE + later, attempts=1
    )
    assert len(claim_outbound(now=NOW)) == taken


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_each_mail_once(mailbox: Mailbox) -> None:
    number = 2 * CLAIMED_AT_ONCE + 5
    waiting("email", "zhang@example.cn", count=number)
    faults: list[Exception] = []

    def send() -> None:
        try:
            while send_outbound(now=timezone.now()):
                pass
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert Message.objects.filter(channel="email", state=State.SENT, attempts=1).count() == number
    assert set(keys_of(mailbox).values()) == {1} and len(mailbox.mails) == number

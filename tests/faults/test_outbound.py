"""A sender that is killed while the mail server listens: the mail arrives, the inbox hears of it once."""

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller
from django.utils import timezone

from notifications.models import Attempt, Contact, Message
from notifications.services import Draft, queue_messages
from notifications.services.sending import LEASE
from tests.accounts import person
from tests.faults.clockwork import Clockwork
from tests.faults.storm import PATIENCE, everything_told
from tests.notifications.receivers import Mailbox
from tests.zalantun.portal import spare_port, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def mailbox(clockwork: Clockwork) -> Iterator[Mailbox]:
    """The mail server of the processes."""
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=spare_port())
    controller.start()
    clockwork.environment["EMAIL_URL"] = f"smtp://127.0.0.1:{controller.port}"
    yield box
    box.hangs = False
    controller.stop()


def mail_waits() -> Message:
    user = person()
    Contact.objects.create(user=user, channel="email", address="zhang@example.cn")
    now = timezone.now()
    draft = Draft(
        about="list:3",
        tier="due",
        recipient=user,
        topic="task",
        subject="第 3 项到期",
        not_before=now,
        urgent=True,
    )
    queue_messages(drafts=[draft], at=now)
    return Message.objects.get(channel="email")


def test_killed_in_the_middle_of_a_mail(clockwork: Clockwork, mailbox: Mailbox) -> None:
    clockwork.start("worker", "outbound", "beat")
    mailbox.hangs = True
    mail = mail_waits()
    wait_for("mail at the server", lambda: True if mailbox.asked.is_set() else None, seconds=PATIENCE)
    clockwork.kill("outbound")
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == (Message.State.SENDING, 1)
    mailbox.hangs = False
    clockwork.start("outbound")
    # Its lease runs out; the test does not wait that minute.
    Message.objects.filter(pk=mail.pk).update(leased_until=timezone.now() - timedelta(seconds=1))
    everything_told()
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == (Message.State.SENT, 2)
    # The server may have taken it before the kill: both bear the key by which it can tell.
    keys = {message_from_bytes(content.content)["X-Message-Key"] for content in mailbox.mails}
    assert len(keys) == 1
    assert Attempt.objects.filter(message=mail, delivered=True).count() == 1
    inbox = Message.objects.get(channel="inbox")
    assert (inbox.state, inbox.attempts) == (Message.State.SENT, 1)


def test_two_outbound_workers_send_each_mail_once(clockwork: Clockwork, mailbox: Mailbox) -> None:
    clockwork.start("worker", "outbound", "outbound-2", "beat", "beat-2")
    mail_waits()
    user, now = person(), timezone.now()
    drafts = [
        Draft(
            about=f"list:{number}",
            tier="due",
            recipient=user,
            topic="task",
            subject=f"第 {number} 项到期",
            not_before=now,
            urgent=True,
        )
        for number in range(100, 150)
    ]
    queue_messages(drafts=drafts, at=now)
    everything_told()
    assert Message.objects.filter(channel="email", state=Message.State.SENT, attempts=1).count() == 51
    keys = [message_from_bytes(content.content)["X-Message-Key"] for content in mailbox.mails]
    assert len(keys) == len(set(keys)) == 51
    assert not Message.objects.filter(leased_until__gt=timezone.now() + LEASE).exists()

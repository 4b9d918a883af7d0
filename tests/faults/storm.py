"""Reports that fall due while things break, and what must be true of them afterwards."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from floodresponse.models import Incident, Obligation
from notifications.models import Attempt, Message
from notifications.querysets import MessageQuerySet
from notifications.services import Draft, queue_messages
from organizations.models import User
from tests.factories import UserFactory
from tests.floodresponse.reporting import City, build_city, happen
from tests.zalantun.portal import wait_for

State = Message.State
PHONE, FOLLOWUP = timedelta(minutes=20), timedelta(hours=4)
# What the portal promises after an outage; a busy machine is given what it needed before the fault.
LATE = timedelta(seconds=5)
SLOWNESS = 3
# The slowest machine that still is one; nothing is measured by it.
PATIENCE = 120


@dataclass
class Storm:
    """An invented city with incidents whose telephone reports fall due one after the other."""

    city: City = field(default_factory=build_city)
    quiet: timedelta = timedelta(0)
    """How late the worst message was before anything was broken."""

    def incidents(self, count: int, *, first: datetime, apart: float) -> list[Incident]:
        """Each owes its telephone report so many seconds after the one before."""
        now = timezone.now()
        return [
            happen(
                self.city,
                at=now,
                occurred_at=first - PHONE + timedelta(seconds=number * apart),
                location=f"第 {number} 处",
            )
            for number in range(count)
        ]

    def chain(self, *, due: datetime) -> Incident:
        """An incident whose first follow-up falls due at a moment, so that beat must open the second."""
        return happen(self.city, at=timezone.now(), occurred_at=due - FOLLOWUP, severity="major")

    def measure_quiet(self) -> None:
        """Let some reports fall due undisturbed: what a busy machine needs is no fault."""
        self.incidents(4, first=timezone.now() + timedelta(seconds=1), apart=0.5)
        everything_told()
        self.quiet = max(map(lateness, Message.objects.filter(state=State.SENT)))

    @property
    def allowed(self) -> timedelta:
        """How late a message may be, beyond an outage."""
        return max(LATE, SLOWNESS * self.quiet)


def many_at_once(count: int, *, due: datetime) -> User:
    """One person whom so many messages reach in the same second."""
    user: User = UserFactory(username=f"crowd-{due.timestamp():.0f}")
    now = timezone.now()
    drafts = [
        Draft(
            about=f"list:{number}",
            tier="due",
            recipient=user,
            topic="task",
            subject=f"第 {number} 项到期",
            not_before=due,
        )
        for number in range(count)
    ]
    with transaction.atomic():  # so that no sweep sees a part of them
        queue_messages(drafts=drafts, at=now)
    return user


def lateness(message: Message) -> timedelta:
    """After the moment from which it could be delivered."""
    assert message.sent_at is not None
    return message.sent_at - max(message.not_before, message.created_at)


def everything_told(*, due: datetime | None = None) -> None:
    """Wait until all that is due by a moment (now) has been delivered."""
    moment = due or timezone.now() + timedelta(seconds=4)

    def done() -> bool | None:
        if timezone.now() < moment:
            return None
        return None if waiting(moment).exists() else True

    wait_for("delivery of all that is due", done, seconds=PATIENCE)


def waiting(moment: datetime) -> MessageQuerySet:
    """What is due by a moment and has not been delivered."""
    return Message.objects.open().filter(not_before__lte=moment)


def each_told_once(allowed: timedelta, outages: Sequence[tuple[datetime, datetime]] = ()) -> None:
    """Every message that is due was delivered once, in time or soon after the outage it fell into."""
    told = Message.objects.filter(state=State.SENT, channel="inbox")
    # Each question by itself: the worker goes on and delivers between two of them.
    columns = ("message", "number", "delivered", "message__state")
    attempts = list(Attempt.objects.filter(message__channel="inbox").values_list(*columns))
    wrong = [row for row in attempts if row[1:] != (1, True, State.SENT)]
    assert not wrong, f"tried again or in vain: {wrong[:5]}"
    doubled = [pk for pk, times in Counter(row[0] for row in attempts).items() if times > 1]
    assert not doubled, f"delivered twice: {doubled[:5]}"
    silent = list(told.filter(attempt_rows=None).values_list("pk", flat=True))
    assert not silent, f"said to be delivered without a try: {silent[:5]}"
    sent = list(told)
    late = [message for message in sent if lateness(message) > allowed]
    for message in late:
        assert message.sent_at is not None
        due, sent_at = max(message.not_before, message.created_at), message.sent_at
        excused = [ended for began, ended in outages if began - allowed <= due <= ended]
        assert excused and sent_at <= max(excused) + allowed, f"{message.dedupe_key}: {due} {sent_at}"


def each_obligation_reminded(incidents: Sequence[Incident]) -> None:
    """Each telephone report was owed once, and its officer was told of it once."""
    for incident in incidents:
        phone = incident.obligations.get(kind="phone")
        told = Message.objects.filter(about=phone.about, not_before=phone.due_at, channel="inbox")
        assert [message.state for message in told] == [State.SENT]
        kinds = Obligation.objects.filter(incident=incident).values_list("kind", "sequence")
        assert len(kinds) == len(set(kinds)) == 3


def chain_went_on(incident: Incident) -> None:
    """Wait until the second follow-up is owed; there is one, with its own reminders."""
    followups = incident.obligations.filter(kind="followup")
    wait_for(
        "second follow-up", lambda: True if followups.filter(sequence=2).exists() else None, seconds=PATIENCE
    )
    assert list(followups.values_list("sequence", flat=True)) == [1, 2]
    second = followups.get(sequence=2)
    due = Message.objects.filter(about=second.about, not_before=second.due_at, channel="inbox")
    assert due.count() == 1

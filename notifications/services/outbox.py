"""Putting messages into the outbox, and taking back those that have not gone yet."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet

from notifications.channels import channel_of
from notifications.models import Channel, Contact, Message, Topic
from organizations.models import User

State = Message.State
BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One message to one person, before it is spread over the person's channels.

    ``about`` names the matter (``obligation:12``), ``tier`` which of its
    reminders this is (``due``, ``before-7``): together with the person they
    make the message unique. ``urgent`` passes over quiet hours and digests.
    An ``exercise`` stays in the inbox: no telephone rings for a drill.
    """

    about: str
    tier: str
    recipient: User
    topic: str
    subject: str
    not_before: datetime
    body: str = ""
    url: str = ""
    urgent: bool = False
    exercise: bool = False
    expires_at: datetime | None = None


def queue_messages(*, drafts: Iterable[Draft], at: datetime) -> int:
    """Write drafts as messages, inside the caller's transaction; returns how many are new.

    A message whose key is there already is left as it is, whatever became of it.
    """
    drafts = list(drafts)
    contacts = _contacts_of({draft.recipient.pk for draft in drafts})
    rows = [row for draft in drafts for row in _rows(draft, contacts.get(draft.recipient.pk, ()), at)]
    rows += [row for draft in drafts if draft.urgent and not draft.exercise for row in _broadcast(draft, at)]
    keys = list({row.dedupe_key: None for row in rows})
    known: set[str] = set()
    for start in range(0, len(keys), BATCH):
        part = Message.objects.filter(dedupe_key__in=keys[start : start + BATCH])
        known.update(part.values_list("dedupe_key", flat=True))
    # Two writers may queue the same reminder at once: the key decides, the second is silently dropped.
    Message.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)
    return len(set(keys) - known)


def _contacts_of(users: set[int]) -> Mapping[int, Sequence[Contact]]:
    found: dict[int, list[Contact]] = defaultdict(list)
    for contact in Contact.objects.filter(user__in=users, is_enabled=True):
        found[contact.user_id].append(contact)
    return found


def _rows(draft: Draft, contacts: Sequence[Contact], at: datetime) -> Iterator[Message]:
    yield _row(draft, Channel.INBOX, "", "inbox", at)
    if draft.exercise:
        return
    for contact in contacts:
        if draft.urgent or not contact.urgent_only:
            yield _row(draft, contact.channel, contact.address, f"{contact.channel}-{contact.pk}", at)


def _broadcast(draft: Draft, at: datetime) -> Iterator[Message]:
    """To the robots that hear every urgent message: once for the matter, whoever its recipients are."""
    for place, address in enumerate(settings.NOTIFY_URLS, start=1):
        yield _row(draft, channel_of(address), address, f"robot-{place}", at, broadcast=True)


def _row(
    draft: Draft, channel: str, address: str, way: str, at: datetime, *, broadcast: bool = False
) -> Message:
    to = "all" if broadcast else draft.recipient.pk
    return Message(
        dedupe_key=f"{draft.about}:{draft.tier}:{to}:{way}",
        about=draft.about,
        recipient=None if broadcast else draft.recipient,
        channel=channel,
        address=address,
        topic=draft.topic,
        subject=draft.subject[:120],
        body=draft.body,
        url=draft.url,
        urgent=draft.urgent,
        exercise=draft.exercise,
        not_before=draft.not_before,
        attempt_at=draft.not_before,
        expires_at=draft.expires_at,
        created_at=at,
    )


def cancel_messages(*, about: str, at: datetime, why: str, recipient: User | None = None) -> int:
    """Cancel what still waits of a matter, of one person or of all; returns how many.

    What is being sent at this moment may go out, but is not tried again when it
    does not arrive; what was sent stays in the ledger.
    """
    concerned = Message.objects.filter(about=about)
    if recipient is not None:
        concerned = concerned.filter(recipient=recipient)
    return _cancel(concerned, at, why)


def _cancel(concerned: QuerySet[Message], at: datetime, why: str) -> int:
    """Cancel what waits; what is being sent is not tried again."""
    marks = {"cancelled_at": at, "cancel_reason": why[:200]}
    concerned.filter(state=State.SENDING, cancelled_at=None).update(**marks)
    return concerned.filter(state=State.PENDING).update(state=State.CANCELLED, **marks)


def hand_over_messages(*, leaver: User, successor: User | None, at: datetime) -> int:
    """What still waits for a person who leaves goes to the successor; returns how many that makes anew.

    Messages about the account itself stay where they are.
    """
    waiting = Message.objects.filter(recipient=leaver, state__in=(State.PENDING, State.SENDING))
    waiting = waiting.exclude(topic=Topic.ACCOUNT).order_by("pk")
    drafts = [_again(row, successor) for row in waiting.filter(channel=Channel.INBOX)] if successor else []
    made = queue_messages(drafts=drafts, at=at)
    _cancel(waiting, at, "收件人离岗")
    return made


def _again(row: Message, recipient: User) -> Draft:
    """The draft that the inbox message of somebody else came from."""
    tier = row.dedupe_key.removeprefix(f"{row.about}:").removesuffix(f":{row.recipient_id}:{row.channel}")
    return Draft(
        about=row.about,
        tier=tier,
        recipient=recipient,
        topic=row.topic,
        subject=row.subject,
        not_before=row.not_before,
        body=row.body,
        url=row.url,
        urgent=row.urgent,
        exercise=row.exercise,
        expires_at=row.expires_at,
    )

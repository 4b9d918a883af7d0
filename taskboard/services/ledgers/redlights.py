"""A red light is told to the approver (红灯告知): once for each limit that was passed."""

from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction

from notifications.models import Topic
from notifications.services import Draft, queue_messages
from organizations.models import User
from taskboard.ledgers.approvals import Approval, red_approvals
from taskboard.ledgers.clocks import Clock
from taskboard.services.recipients import Recipients, recipients_of


@transaction.atomic
def tell_red_lights(*, on_day: date, at: datetime) -> int:
    """Write the messages of limits that are over; returns how many are new.

    Runs daily and any number of times: a message that exists is left alone.
    """
    approvals = red_approvals(on_day)
    people = recipients_of({approval.row.department_id for approval in approvals})
    drafts = [draft for each in approvals for draft in _drafts(each, people, on_day, at)]
    return queue_messages(drafts=drafts, at=at)


def about_red_light(row: int) -> str:
    """The name of an entry's red lights in the outbox."""
    return f"ledger-row:{row}:red"


def _drafts(approval: Approval, people: Recipients, on_day: date, at: datetime) -> Iterator[Draft]:
    for clock in approval.clocks:
        if clock.done_on is None and clock.overdue(on_day):
            for person in _told(approval, people):
                yield _draft(approval, clock, person, on_day, at)


def _told(approval: Approval, people: Recipients) -> list[User]:
    """The approver; the officers of the department where none is named or he has left."""
    approver = approval.case.approver if approval.case else None
    if approver is not None and approver.is_active:
        return [approver]
    return people.of(approval.row.department_id, head=False, supervisor=False)


def _draft(approval: Approval, clock: Clock, person: User, on_day: date, at: datetime) -> Draft:
    return Draft(
        about=about_red_light(approval.row.pk),
        tier=f"{clock.key}-{clock.due}",
        recipient=person,
        topic=Topic.TASK,
        subject=f"红灯：{approval.title} {clock.name}{clock.word(on_day)}",
        body=f"{clock.sentence}请尽快办理，并在台账登记去向。",
        url=approval.row.get_absolute_url(),
        not_before=at,
    )

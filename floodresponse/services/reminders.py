"""Reminders of what is owed: outbox rows, written in the transaction that makes it owed.

Before the limit and at it to the unit's officers, or to the office where the
unit has none; ten minutes after also to the office, thirty after also to the
commander, and every half hour from then on. An acknowledgement takes back what
would go while it holds. Flood messages know no quiet hours.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from floodresponse.deadlines import minutes_late, reminder_before
from floodresponse.models import Acknowledgement, Obligation
from floodresponse.standing import OFFICE, UNIT_ROLES, is_office
from notifications.models import Message, Topic
from notifications.services import Draft, cancel_messages, queue_messages
from organizations.models import Role, RoleAssignment, User

TO_OFFICE_AFTER = timedelta(minutes=10)
TO_COMMANDER_AFTER = timedelta(minutes=30)
AGAIN_EVERY = timedelta(minutes=30)
# Who has not been stirred by then is no longer called by messages; the row stays overdue on every page.
AGAIN_UNTIL = timedelta(hours=12)
AGAIN = "again"
# Of so many obligations a round is written in one transaction.
BATCH = 500


@dataclass(frozen=True, slots=True)
class Recipients:
    """Who is reminded: officers by unit, the office, the commanders."""

    officers: dict[int, list[User]]
    office: list[User]
    commanders: list[User]

    def of_unit(self, unit_id: int) -> Sequence[User]:
        """The unit's officers, or the office where the unit has none."""
        return self.officers.get(unit_id) or self.office


def recipients_for(units: Iterable[int]) -> Recipients:
    """Look up everybody in one query; people whose account is suspended are left out."""
    own = Q(department__in=set(units), role__in=UNIT_ROLES)
    rows = RoleAssignment.objects.filter(own | OFFICE | Q(role=Role.COMMANDER), user__is_active=True)
    officers: dict[int, list[User]] = defaultdict(list)
    office, commanders = [], []
    for row in rows.select_related("user", "department").order_by("user_id", "pk"):
        if row.department_id is not None and row.role in UNIT_ROLES:
            officers[row.department_id].append(row.user)
        if is_office(row):
            office.append(row.user)
        if row.role == Role.COMMANDER:
            commanders.append(row.user)
    return Recipients(dict(officers), office, commanders)


def queue_reminders(*, obligations: Sequence[Obligation], at: datetime) -> None:
    """Write all reminders of these obligations."""
    people = recipients_for(obligation.unit_id for obligation in obligations)
    queue_messages(
        drafts=[draft for obligation in obligations for draft in _drafts(obligation, people, at)], at=at
    )


def remind_who_is_left(*, units: Iterable[int], at: datetime) -> None:
    """Write what is still to come to whoever it goes to now that somebody left: the office where nobody is.

    What is written already stays as it is, and so does what an acknowledgement holds back.
    """
    owed = Obligation.objects.open().unacknowledged(at).filter(unit__in=set(units))
    obligations = list(owed.select_related("unit", "incident"))
    people = recipients_for(obligation.unit_id for obligation in obligations)
    drafts = (draft for obligation in obligations for draft in _drafts(obligation, people, at))
    queue_messages(drafts=[draft for draft in drafts if draft.not_before > at], at=at)


def cancel_reminders(*, obligation: Obligation, at: datetime, why: str) -> None:
    """Take back what has not gone yet."""
    cancel_messages(about=obligation.about, at=at, why=why)


def pause_reminders(*, acknowledgement: Acknowledgement, at: datetime) -> None:
    """Take back what would go while an acknowledgement holds; write what follows it anew.

    When it expires without a report, the unit, the office and, late enough, the commander are told.
    """
    obligation, until = acknowledgement.obligation, acknowledgement.until
    cancel_reminders(obligation=obligation, at=at, why="已签收")
    people, mark = recipients_for([obligation.unit_id]), f"-ack{acknowledgement.pk}"
    told = [*people.of_unit(obligation.unit_id), *people.office]
    if until >= obligation.due_at + TO_COMMANDER_AFTER:
        told += people.commanders
    tiers = [tier for tier in _tiers(obligation, people) if tier[1] > until]
    tiers.append(("expired", until, told))
    drafts = [draft for tier in tiers for draft in _messages(obligation, *tier, mark=mark)]
    queue_messages(drafts=drafts, at=at)


def remind_again(*, at: datetime) -> int:
    """Each half hour after the last planned reminder, until a report, an acknowledgement or half a day.

    After a pause of the sweep only the newest round goes. In batches, each a
    transaction of its own; returns for how many obligations a round went.
    """
    since, until = at - AGAIN_UNTIL, at - TO_COMMANDER_AFTER - AGAIN_EVERY
    late = Obligation.objects.open().filter(due_at__gt=since, due_at__lte=until)
    late = late.exclude(kind=Obligation.Kind.ZERO).unacknowledged(at)
    keys = list(late.order_by("pk").values_list("pk", flat=True))
    return sum(_remind_batch(keys[begin : begin + BATCH], at) for begin in range(0, len(keys), BATCH))


@transaction.atomic
def _remind_batch(keys: Sequence[int], at: datetime) -> int:
    """The rows are locked: whoever reports at this moment takes back what is written here, or comes first."""
    rows = Obligation.objects.open().unacknowledged(at).filter(pk__in=keys).order_by("pk")
    locked = rows.select_for_update(of=("self",)).select_related("unit", "incident")
    late = {obligation.about: obligation for obligation in locked}
    recent = Message.objects.filter(about__in=late, not_before__gt=at - AGAIN_EVERY)
    told = set(recent.filter(dedupe_key__contains=f":{AGAIN}-").values_list("about", flat=True))
    waiting = [obligation for about, obligation in late.items() if about not in told]
    if not waiting:
        return 0
    people = recipients_for(obligation.unit_id for obligation in waiting)
    drafts: list[Draft] = []
    for obligation in waiting:
        number = (at - obligation.due_at) // AGAIN_EVERY
        to = [*people.of_unit(obligation.unit_id), *people.office, *people.commanders]
        moment = obligation.due_at + number * AGAIN_EVERY
        drafts += _messages(obligation, AGAIN, moment, to, mark=f"-{number}")
    queue_messages(drafts=drafts, at=at)
    return len(waiting)


def _drafts(obligation: Obligation, people: Recipients, at: datetime) -> Iterator[Draft]:
    for name, moment, told in _tiers(obligation, people):
        if name != "before" or moment > at:
            yield from _messages(obligation, name, moment, told)


def _messages(
    obligation: Obligation, name: str, moment: datetime, told: Sequence[User], *, mark: str = ""
) -> Iterator[Draft]:
    subject, body = _words(obligation, name, moment)
    for user in {user.pk: user for user in told}.values():
        yield Draft(
            about=obligation.about,
            # The limit of a follow-up may move: what was cancelled then does not block the new row.
            tier=f"{name}-{obligation.due_at.timestamp():.0f}{mark}",
            recipient=user,
            topic=Topic.FLOOD,
            subject=subject,
            body=body,
            url=obligation.incident.get_absolute_url() if obligation.incident else "/flood/obligations/",
            urgent=True,
            exercise=obligation.exercise,
            not_before=moment,
        )


def _tiers(obligation: Obligation, people: Recipients) -> Iterator[tuple[str, datetime, Sequence[User]]]:
    due, unit = obligation.due_at, people.of_unit(obligation.unit_id)
    if obligation.kind == Obligation.Kind.ZERO:
        # The missing ones reach the office as one list, so a unit without officers is not told one by one.
        unit = people.officers.get(obligation.unit_id, [])
    yield "before", due - reminder_before(obligation.kind), unit
    yield "due", due, unit
    if obligation.kind == Obligation.Kind.ZERO:
        yield "late30", due + TO_COMMANDER_AFTER, unit
        return
    yield "late10", due + TO_OFFICE_AFTER, [*unit, *people.office]
    yield "late30", due + TO_COMMANDER_AFTER, [*unit, *people.office, *people.commanders]


def _words(obligation: Obligation, tier: str, moment: datetime) -> tuple[str, str]:
    due = timezone.localtime(obligation.due_at)
    what = f"{obligation.unit.name}{obligation.get_kind_display()}"
    where = f"（{obligation.incident.location}）" if obligation.incident else ""
    ending = {
        "before": f"将于 {due:%H:%M} 到时限",
        "due": f"到时限（{due:%H:%M}）",
        "late10": "逾期 10 分钟未报",
        "late30": "逾期 30 分钟未报",
        AGAIN: f"逾期 {minutes_late(obligation.due_at, moment)} 分钟未报",
        "expired": "已签收，仍未报告",
    }[tier]
    phone = (
        f"\n{obligation.unit.name}电话 {obligation.unit.office_phone}" if obligation.unit.office_phone else ""
    )
    return f"{what}{where}{ending}", f"{obligation.basis}{phone}"

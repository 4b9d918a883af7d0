"""Complaints of the 12345 line about pending approvals: noted, told to the approver, answered."""

from datetime import datetime

from django.db import transaction

from foundation.errors import StateConflict
from notifications.models import Topic
from notifications.services import Draft, cancel_messages, queue_messages
from organizations.models import User
from taskboard.models.ledgers import ApprovalCase, Ledger, LedgerRow, LedgerRowEvent
from taskboard.services.ledgers.steps import (
    CHECK,
    ON_BOOK,
    Action,
    claim,
    record_step,
    require_keeper,
    require_kind,
    required_words,
)
from taskboard.services.recipients import recipients_of

KIND = (Ledger.Kind.PENDING_APPROVAL, "待批项目台账")


@transaction.atomic
def record_complaint(*, actor: User | None, at: datetime, row: LedgerRow, reason: str) -> LedgerRow:
    """Note a complaint about a pending approval: by its department, or by who checks on all of them."""
    if actor is None or not actor.has_perm(CHECK):
        require_keeper(actor, row.department, "登记投诉")
    require_kind(row, *KIND)
    words = required_words(reason, "reason", "投诉内容")
    before = claim(row, *ON_BOOK, what="登记投诉", updated_at=at)
    event = record_step(row, Action.COMPLAINT, actor=actor, at=at, before=before, reason=words)
    queue_messages(drafts=[_draft(row, event, person, at) for person in _told(row)], at=at)
    return row


@transaction.atomic
def answer_complaint(*, actor: User | None, at: datetime, row: LedgerRow, reason: str) -> LedgerRow:
    """Say what became of the complaints that were not answered yet."""
    require_keeper(actor, row.department, "答复投诉")
    require_kind(row, *KIND)
    words = required_words(reason, "reason", "答复内容")
    before = claim(row, *ON_BOOK, what="答复投诉", updated_at=at)
    if not unanswered(row):
        raise StateConflict(f"条目“{row.title}”没有未答复的12345投诉，这次答复没有写入。请刷新页面查看。")
    record_step(row, Action.REPLY, actor=actor, at=at, before=before, reason=words)
    cancel_messages(about=about_complaints(row), at=at, why="已答复")
    return row


def unanswered(row: LedgerRow) -> int:
    """How many complaints came after the last answer."""
    last = row.events.filter(action=Action.REPLY).order_by("-pk").values_list("pk", flat=True).first()
    return row.events.filter(action=Action.COMPLAINT, pk__gt=last or 0).count()


def about_complaints(row: LedgerRow) -> str:
    """The name of an entry's complaints in the outbox."""
    return f"ledger-row:{row.pk}:complaint"


def _told(row: LedgerRow) -> list[User]:
    """The approver; the officers of the department where none is named or he has left."""
    case = ApprovalCase.objects.filter(row=row).select_related("approver").first()
    if case is not None and case.approver is not None and case.approver.is_active:
        return [case.approver]
    return recipients_of({row.department_id}).of(row.department_id, head=False, supervisor=False)


def _draft(row: LedgerRow, event: LedgerRowEvent, person: User, at: datetime) -> Draft:
    return Draft(
        about=about_complaints(row),
        tier=str(event.pk),
        recipient=person,
        topic=Topic.TASK,
        subject=f"12345投诉：{row.title}",
        body=f"{event.reason}\n请及时办理并在台账答复。",
        url=row.get_absolute_url(),
        not_before=at,
    )

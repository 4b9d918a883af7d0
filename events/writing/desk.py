"""What the desk sees beside an entry: its open correction, notices that wait, the way to its versions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from events.models import Event
from events.reading import Entry
from foundation.models import AuditEntry, Revision
from foundation.publication import DRAFT, PUBLISHED, WITHDRAWN, Step
from foundation.publishing import revision_steps


@dataclass(frozen=True, slots=True)
class Desk:
    """``withdrawn`` is when and why the entry was taken from the public."""

    entry: Entry
    revision: Revision | None
    steps: list[tuple[str, Step]]
    withdrawn: AuditEntry | None

    @property
    def seen(self) -> str:
        """The mark of the entry as ``events.services.publishing.seen_mark`` gives it."""
        return self.entry.updated_at.isoformat() if self.entry.updated_at else ""

    @property
    def may_write(self) -> bool:
        """Whether the text, or the correction under way, can be changed now."""
        waits = self.revision is not None and self.revision.state == Revision.State.REVIEW
        return self.entry.publication in (DRAFT, PUBLISHED) and not waits


def desk_of(entry: Entry, user: Any) -> Desk | None:
    """For who may change entries, in one query (two where it was withdrawn); None for everybody else."""
    if not user.has_perm("events.change_event"):
        return None
    event = Event(pk=entry.pk)
    revision = Revision.objects.of(event).open().select_related("head__made_by", "base").first()
    steps = revision_steps(revision, user, signs=user.has_perm("events.publish_event"))
    withdrawn = withdrawals_of(event).first() if entry.publication == WITHDRAWN else None
    return Desk(entry, revision, steps, withdrawn)


def withdrawals_of(event: Event) -> QuerySet[AuditEntry]:
    """What the record says of its withdrawals, the latest first."""
    return AuditEntry.objects.about(event).filter(action="event.withdraw").order_by("-sequence")


def withdrawn_at(pk: int) -> datetime | None:
    """When an entry that is withdrawn now was taken from the public; None for any other."""
    event = Event.objects.filter(pk=pk, publication=WITHDRAWN).first()
    if event is None:
        return None
    entry = withdrawals_of(event).first()
    return entry.at if entry else event.updated_at

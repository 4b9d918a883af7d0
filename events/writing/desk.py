"""What the desk sees beside an entry: its open correction, notices that wait, the way to its versions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from events.models import Correction, Event
from events.services.publishing import seen_mark
from foundation.models import AuditEntry, Revision
from foundation.publication import DRAFT, PUBLISHED, WITHDRAWN, Step
from foundation.versions import REVISION_STEPS


@dataclass(frozen=True, slots=True)
class Desk:
    """``seen`` is the mark of the text on the page; ``withdrawn`` when and why it was withdrawn."""

    event: Event
    seen: str
    revision: Revision | None
    steps: list[tuple[str, Step]]
    notices: list[Correction]
    withdrawn: AuditEntry | None

    @property
    def may_write(self) -> bool:
        """Whether the text, or the correction under way, can be changed now."""
        waits = self.revision is not None and self.revision.state == Revision.State.REVIEW
        return self.event.publication in (DRAFT, PUBLISHED) and not waits


def desk_of(pk: int, user: Any) -> Desk | None:
    """For who may change entries; None for everybody else."""
    if not user.has_perm("events.change_event"):
        return None
    event = Event.objects.get(pk=pk)
    revision = Revision.objects.of(event).open().select_related("head__made_by", "base").first()
    signs = user.has_perm("events.publish_event")
    steps = [
        (name, step)
        for name, step in REVISION_STEPS.items()
        if revision and revision.state in step.sources and (signs or not step.signs)
    ]
    notices = list(Correction.objects.filter(event=event).proposed().select_related("proposed_by"))
    withdrawn = _withdrawal(event) if event.publication == WITHDRAWN else None
    return Desk(event, seen_mark(event), revision, steps, notices, withdrawn)


def _withdrawal(event: Event) -> AuditEntry | None:
    return AuditEntry.objects.about(event).filter(action="event.withdraw").order_by("-sequence").first()


def withdrawn_at(pk: int) -> datetime | None:
    """When an entry that is withdrawn now was taken from the public; None for any other."""
    event = Event.objects.filter(pk=pk, publication=WITHDRAWN).first()
    if event is None:
        return None
    entry = _withdrawal(event)
    return entry.at if entry else event.updated_at

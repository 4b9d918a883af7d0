"""Texts of entries as people write them: drafts are changed, published entries corrected by proposal."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from events.contents import read_event
from events.models import Event
from events.services.events import OfficialContent, update_event
from foundation.models import Revision
from foundation.services.revisions import Writing, propose_revision, save_text, step_revision
from foundation.versions import REVISION_STEPS, Edited
from notifications.services import Matter, tell_of_step
from organizations.models import User
from organizations.permissions import require
from organizations.services import NameDirectory


def event_values(content: Mapping[str, Any]) -> dict[str, Any]:
    """A content, or part of it, as arguments of ``EventContent``."""
    convert: dict[str, Callable[[Any], Any]] = {
        "start_date": date.fromisoformat,
        "end_date": date.fromisoformat,
        "officials": lambda rows: tuple(OfficialContent(*row) for row in rows),
        "departments": tuple,
        "citations": tuple,
        "topics": tuple,
    }
    return {name: convert[name](value) if name in convert else value for name, value in content.items()}


def _write(*, actor: User | None, at: datetime, record: Event, changes: dict[str, Any], reason: str) -> Event:
    return update_event(
        actor=actor,
        at=at,
        event=record,
        changes=event_values(changes),
        directory=NameDirectory(actor=actor, at=at),
        reason=reason,
    )


EVENTS = Edited(read=read_event, write=_write)


def save_event(
    *, actor: User | None, event: Event, content: Mapping[str, Any], writing: Writing
) -> Event | Revision:
    """Store what was typed: a draft is changed, beside a published entry a correction is proposed.

    Errors as ``foundation.services.revisions.save_text``.
    """
    require(actor, "events.change_event", "修改大事记")
    saved: Event | Revision = save_text(record=event, edited=EVENTS, content=content, writing=writing)
    return saved


def propose_event(
    *, actor: User | None, event: Event, content: Mapping[str, Any], writing: Writing
) -> Revision:
    """Propose some fields of a published entry; the public reads the old ones until somebody signs."""
    require(actor, "events.change_event", "提出更正稿")
    return propose_revision(record=event, edited=EVENTS, content=content, writing=writing)


@transaction.atomic
def step_event_revision(
    *,
    actor: User | None,
    at: datetime,
    revision: Revision,
    step: str,
    reason: str = "",
    seen: int | None = None,
) -> Revision:
    """Submit, publish, return or discard a proposed text of an entry."""
    taken = REVISION_STEPS[step]
    right = "publish" if taken.signs else "change"
    require(actor, f"events.{right}_event", f"{taken.word}大事记")
    settled = step_revision(
        actor=actor, at=at, revision=revision, step=step, edited=EVENTS, reason=reason, seen=seen
    )
    event = Event.objects.get(pk=settled.owner_id)
    matter = Matter(f"event:{event.pk}:revision", f"更正稿“{event.title}”", event.get_absolute_url())
    writer = settled.head.made_by_id
    tell_of_step(actor=actor, at=at, matter=matter, writer=writer, step=step, reason=reason)
    return settled

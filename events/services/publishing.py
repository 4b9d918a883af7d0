"""Publishing and withdrawing."""

from datetime import datetime

from django.db import transaction

from events.models import Event
from foundation.errors import StateConflict
from foundation.publication import STEPS
from foundation.services.publication import take_step
from notifications.services import Matter, handed_in_by, tell_of_step
from organizations.models import User
from organizations.permissions import require


@transaction.atomic
def move_event(
    *, actor: User | None, at: datetime, event: Event, step: str, reason: str = "", seen: str = ""
) -> None:
    """Submit, publish, return, withdraw or reopen; see ``foundation.publication``.

    ``seen`` is the mark of the entry on the page: nobody signs a text that he has not seen.
    """
    right = "publish" if STEPS[step].signs else "change"
    require(actor, f"events.{right}_event", f"{STEPS[step].word}大事记")
    if seen and seen_mark(Event.objects.select_for_update().get(pk=event.pk)) != seen:
        raise StateConflict(f"您打开页面之后此条又有改动，没有{STEPS[step].word}。请看过现在的内容再办理。")
    take_step(actor=actor, at=at, record=event, step=step, reason=reason)
    writer = None if step == "submit" else handed_in_by(event, "event.submit")
    tell_of_step(actor=actor, at=at, matter=matter_of(event), writer=writer, step=step, reason=reason)


def matter_of(event: Event) -> Matter:
    """The entry as its signing names it."""
    return Matter(f"event:{event.pk}", f"大事记“{event.title}”", event.get_absolute_url())


def seen_mark(event: Event) -> str:
    """Changes with every change of the entry."""
    return event.updated_at.isoformat()

"""Publishing and withdrawing."""

from datetime import datetime

from events.models import Event
from foundation.publication import STEPS
from foundation.services.publication import take_step
from organizations.models import User
from organizations.permissions import require


def move_event(*, actor: User | None, at: datetime, event: Event, step: str, reason: str = "") -> None:
    """Submit, publish, return, withdraw or reopen; see ``foundation.publication``."""
    right = "publish" if STEPS[step].signs else "change"
    require(actor, f"events.{right}_event", f"{STEPS[step].word}大事记")
    take_step(actor=actor, at=at, record=event, step=step, reason=reason)

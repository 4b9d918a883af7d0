"""Publishing and withdrawing."""

from datetime import datetime

from directives.models import Directive
from foundation.publication import STEPS
from foundation.services.publication import take_step
from organizations.models import User
from organizations.permissions import require


def move_directive(
    *, actor: User | None, at: datetime, directive: Directive, step: str, reason: str = ""
) -> None:
    """Submit, publish, return, withdraw or reopen; see ``foundation.publication``."""
    right = "publish" if STEPS[step].signs else "change"
    require(actor, f"directives.{right}_directive", f"{STEPS[step].word}政策文件")
    take_step(actor=actor, at=at, record=directive, step=step, reason=reason)

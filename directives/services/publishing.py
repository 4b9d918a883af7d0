"""Publishing and withdrawing."""

from datetime import datetime

from django.db import transaction

from directives.models import Directive
from foundation.errors import StateConflict
from foundation.publication import STEPS
from foundation.services.publication import take_step
from notifications.services import Matter, handed_in_by, tell_of_step
from organizations.models import User
from organizations.permissions import require


@transaction.atomic
def move_directive(
    *, actor: User | None, at: datetime, directive: Directive, step: str, reason: str = "", seen: str = ""
) -> None:
    """Submit, publish, return, withdraw or reopen; see ``foundation.publication``.

    ``seen`` is the ``seen_mark`` of the document on the page: nobody signs a text that he has not seen.
    """
    right = "publish" if STEPS[step].signs else "change"
    require(actor, f"directives.{right}_directive", f"{STEPS[step].word}政策文件")
    if seen and seen_mark(Directive.objects.select_for_update().get(pk=directive.pk)) != seen:
        raise StateConflict(f"您打开页面之后文件又有改动，没有{STEPS[step].word}。请看过现在的内容再办理。")
    take_step(actor=actor, at=at, record=directive, step=step, reason=reason)
    writer = None if step == "submit" else handed_in_by(directive, "directive.submit")
    tell_of_step(actor=actor, at=at, matter=matter_of(directive), writer=writer, step=step, reason=reason)


def matter_of(directive: Directive) -> Matter:
    """The document as its signing names it."""
    return Matter(f"directive:{directive.pk}", f"《{directive.title}》", directive.get_absolute_url())


def seen_mark(directive: Directive) -> str:
    """Changes with every change of the document."""
    return directive.updated_at.isoformat()

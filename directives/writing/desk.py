"""What the desk sees beside a document: its open correction and what waits for a signature."""

from dataclasses import dataclass
from typing import Any

from directives.models import Directive
from directives.services.publishing import seen_mark
from foundation.models import AuditEntry, Revision
from foundation.publication import DRAFT, PUBLISHED, WITHDRAWN, Step
from foundation.publishing import revision_steps


@dataclass(frozen=True, slots=True)
class Desk:
    """``seen`` is the mark of the text on the page.

    ``editable``: whether its text can be opened; ``withdrawn`` says why and by whom it was withdrawn.
    """

    seen: str
    revision: Revision | None
    steps: list[tuple[str, Step]]
    editable: bool
    withdrawn: AuditEntry | None


def desk_of(directive: Directive, user: Any) -> Desk | None:
    """For who may change documents; None for everybody else. One query."""
    if not user.has_perm("directives.change_directive"):
        return None
    withdrawn = revision = None
    if directive.publication == WITHDRAWN:
        entries = AuditEntry.objects.about(directive).filter(action="directive.withdraw")
        withdrawn = entries.order_by("-sequence").first()
    else:
        revision = Revision.objects.of(directive).open().select_related("head__made_by", "base").first()
    steps = revision_steps(revision, user, signs=user.has_perm("directives.publish_directive"))
    editable = directive.publication in (DRAFT, PUBLISHED)
    return Desk(seen_mark(directive), revision, steps, editable, withdrawn)

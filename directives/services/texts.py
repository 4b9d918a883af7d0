"""Texts of documents as people write them: drafts are changed, published ones corrected by proposal."""

from collections.abc import Callable, Mapping
from copy import copy
from datetime import date, datetime
from typing import Any

from django.db import transaction

from directives.contents import read_directive
from directives.models import Directive
from directives.services.content import (
    AnnexContent,
    CitationContent,
    MemberContent,
    RosterContent,
    SectionContent,
    StageContent,
)
from directives.services.directives import refuse_unfit, update_directive
from foundation.models import Revision
from foundation.services.revisions import Writing, propose_revision, save_text, step_revision
from foundation.versions import REVISION_STEPS, Edited
from notifications.services import Matter, tell_of_step
from organizations.models import User
from organizations.permissions import require
from organizations.services import NameDirectory

# What must fit other documents or each other.
CHECKED = ("issuer", "number", "issued_on", "printed_on")


def directive_values(content: Mapping[str, Any]) -> dict[str, Any]:
    """A content, or part of it, as arguments of ``DirectiveContent``."""
    convert: dict[str, Callable[[Any], Any]] = {
        "issued_on": _day,
        "printed_on": _day,
        "addressees": tuple,
        "copies_to": tuple,
        "topics": tuple,
        "annexes": lambda rows: tuple(AnnexContent(*row) for row in rows),
        "sections": lambda rows: tuple(SectionContent(*row) for row in rows),
        "rosters": lambda rows: tuple(_roster(*row) for row in rows),
        "stages": lambda rows: tuple(StageContent(n, _day(s), _day(e), place) for n, s, e, place in rows),
        "citations": lambda rows: tuple(CitationContent(*row) for row in rows),
    }
    return {name: convert[name](value) if name in convert else value for name, value in content.items()}


def _roster(name: str, annex: int, section: int, members: list[list[Any]]) -> RosterContent:
    return RosterContent(name, tuple(MemberContent(*member) for member in members), annex, section)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _write(
    *, actor: User | None, at: datetime, record: Directive, changes: dict[str, Any], reason: str
) -> Directive:
    return update_directive(
        actor=actor,
        at=at,
        directive=record,
        changes=directive_values(changes),
        directory=NameDirectory(actor=actor, at=at),
        reason=reason,
    )


DOCUMENTS = Edited(read=read_directive, write=_write)


@transaction.atomic
def save_directive(
    *, actor: User | None, directive: Directive, content: Mapping[str, Any], writing: Writing
) -> Directive | Revision:
    """Store what was typed: a draft is changed, beside a published document a correction is proposed.

    Errors as ``foundation.services.revisions.save_text``; InvalidInput also for what could not be signed.
    """
    require(actor, "directives.change_directive", "修改政策文件")
    saved: Directive | Revision = save_text(
        record=directive, edited=DOCUMENTS, content=content, writing=writing
    )
    if isinstance(saved, Revision):
        _refuse_unfit(directive, saved.head.content)
    return saved


def _refuse_unfit(directive: Directive, content: Mapping[str, Any]) -> None:
    """Tell who types a correction, not only who signs it, that a number is taken or a date too early."""
    proposed = copy(directive)
    wanted = directive_values({name: content[name] for name in CHECKED if name in content})
    for name, value in wanted.items():
        setattr(proposed, name, value)
    refuse_unfit(proposed)


def propose_directive(
    *, actor: User | None, directive: Directive, content: Mapping[str, Any], writing: Writing
) -> Revision:
    """Propose some fields of a published document; the public reads the old ones until somebody signs."""
    require(actor, "directives.change_directive", "提出更正稿")
    return propose_revision(record=directive, edited=DOCUMENTS, content=content, writing=writing)


@transaction.atomic
def step_directive_revision(
    *,
    actor: User | None,
    at: datetime,
    revision: Revision,
    step: str,
    reason: str = "",
    seen: int | None = None,
) -> Revision:
    """Submit, publish, return or discard a proposed text of a document."""
    taken = REVISION_STEPS[step]
    right = "publish" if taken.signs else "change"
    require(actor, f"directives.{right}_directive", f"{taken.word}政策文件")
    settled = step_revision(
        actor=actor, at=at, revision=revision, step=step, edited=DOCUMENTS, reason=reason, seen=seen
    )
    directive = Directive.objects.get(pk=settled.owner_id)
    about, words = f"directive:{directive.pk}:revision", f"更正稿《{directive.title}》"
    matter = Matter(about, words, directive.get_absolute_url())
    writer = settled.head.made_by_id
    tell_of_step(actor=actor, at=at, matter=matter, writer=writer, step=step, reason=reason)
    return settled

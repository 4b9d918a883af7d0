"""Creating and correcting documents."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from directives.models import Citation, Directive, Topic
from directives.numbers import normalised_copy_number, normalised_number
from directives.services.content import CitationContent, DirectiveContent
from directives.services.linking import DocumentIndex
from directives.services.parts import PARTS, write_parts
from foundation.errors import InvalidInput
from foundation.services.audit import record_change
from organizations.models import User
from organizations.permissions import require
from organizations.services import NameDirectory

PLAIN_FIELDS = (
    "title",
    "issuer",
    "number",
    "issued_on",
    "kind",
    "is_public",
    "release_note",
    "preamble",
    "plan_title",
    "plan_preamble",
    "summary",
    "source",
    "copy_number",
    "urgency",
    "signatory",
    "printed_by",
    "printed_on",
)
NUMBERS = {"number": normalised_number, "copy_number": normalised_copy_number}
LISTS = ("addressees", "copies_to")


@transaction.atomic
def create_directive(
    *,
    actor: User | None,
    at: datetime,
    content: DirectiveContent,
    publication: str,
    directory: NameDirectory,
    reason: str = "",
    origin: str = Directive.Origin.GAZETTE,
) -> Directive:
    """Create a document with all its parts; ``origin`` decides which layout it is printed in."""
    require(actor, "directives.change_directive", "登记政策文件")
    if publication != Directive.Publication.DRAFT:
        require(actor, "directives.publish_directive", "直接发布政策文件")
    values = {name: getattr(content, name) for name in PLAIN_FIELDS}
    values |= _in_one_form(values)
    values |= {name: list(getattr(content, name)) for name in LISTS}
    directive = Directive(**values, publication=publication, origin=origin)
    directive.topics_by_hand = actor is not None and bool(content.topics)
    directive.issuing_department = directory.find_department(content.issuer)
    directive._change_reason = reason  # type: ignore[attr-defined]  # read by django-simple-history
    _save(directive)
    directive.topics.set(Topic.objects.filter(slug__in=content.topics))
    write_parts(directive, {name: getattr(content, name) for name in PARTS}, directory)
    write_citations(directive, content.citations)
    after = {"title": directive.title, "number": directive.number}
    record_change(actor=actor, action="directive.create", target=directive, at=at, after=after, reason=reason)
    return directive


@transaction.atomic
def update_directive(
    *,
    actor: User | None,
    at: datetime,
    directive: Directive,
    changes: Mapping[str, Any],
    directory: NameDirectory,
    reason: str,
) -> Directive:
    """Change some fields of a document; keys are those of ``DirectiveContent``.

    Sections, annexes, rosters and stages point at each other, so they are
    given and written together. Anchors follow from the numbering and survive.
    """
    require(actor, "directives.change_directive", "修改政策文件")
    locked = Directive.objects.select_for_update().get(pk=directive.pk)
    plain = {name: value for name, value in changes.items() if name in (*PLAIN_FIELDS, *LISTS)}
    plain |= _in_one_form(plain)
    before = {name: getattr(locked, name) for name in plain}
    for name, value in plain.items():
        setattr(locked, name, list(value) if name in LISTS else value)
    if "topics" in changes and set(changes["topics"]) != {topic.slug for topic in locked.topics.all()}:
        locked.topics_by_hand = True
    if "issuer" in plain:
        locked.issuing_department = directory.find_department(locked.issuer)
    locked._change_reason = reason[:100]  # type: ignore[attr-defined]
    _save(locked)
    parts = {name: changes[name] for name in PARTS if name in changes}
    if parts:
        write_parts(locked, parts, directory)
    if "citations" in changes:
        write_citations(locked, changes["citations"])
    if "topics" in changes:
        locked.topics.set(Topic.objects.filter(slug__in=changes["topics"]))
    record_change(
        actor=actor,
        action="directive.update",
        target=locked,
        at=at,
        before=before,
        after={**plain, "parts": sorted({*parts, *({"citations", "topics"} & set(changes))})},
        reason=reason,
    )
    return locked


def _in_one_form(values: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the values that are written in many ways and stored in one."""
    return {name: normalise(values[name]) for name, normalise in NUMBERS.items() if name in values}


def _save(directive: Directive) -> None:
    """Store the row; an issuer gives a number once, also when two people give it at the same moment."""
    refuse_unfit(directive)
    try:
        with transaction.atomic():
            directive.save()
    except IntegrityError:
        refuse_taken_number(directive)
        raise


def refuse_unfit(directive: Directive) -> None:
    """Raise InvalidInput for a number that is taken and for a document printed before it was made."""
    refuse_taken_number(directive)
    _refuse_early_print(directive)


def _refuse_early_print(directive: Directive) -> None:
    """Raise InvalidInput for a document that would be printed before it is made."""
    made, printed = directive.issued_on, directive.printed_on
    if made and printed and printed < made:
        sentence = "印发日期早于成文日期，请核对后改正其中一个。"
        raise InvalidInput(sentence, fields={"printed_on": [sentence]})


def refuse_taken_number(directive: Directive) -> None:
    """Raise InvalidInput when the issuer has given the number to another document."""
    if not directive.number:
        return
    others = Directive.objects.exclude(pk=directive.pk)
    other = others.filter(issuer=directive.issuer, number=directive.number).first()
    if other is not None:
        sentence = f"{directive.number}已是{other.issuer}《{other.title}》的文号，请核对后改用另一个文号。"
        raise InvalidInput(sentence, fields={"number": [sentence]})


def write_citations(directive: Directive, citations: tuple[CitationContent, ...]) -> None:
    """Replace the citations; those the portal holds are linked."""
    directive.citations.all().delete()
    if not citations:
        return
    documents = DocumentIndex()
    Citation.objects.bulk_create(
        Citation(
            directive=directive,
            order=order,
            title=citation.title,
            number=citation.number,
            target_id=documents.find(citation.title, citation.number, citing=directive.pk),
        )
        for order, citation in enumerate(citations, start=1)
    )

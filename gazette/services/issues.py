"""Writes of issues: begun, composed, signed by another person, withdrawn."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from directives.models import Directive, DirectiveCorrection
from events.models import Correction
from foundation.errors import InvalidInput, StateConflict
from foundation.publication import DRAFT, STEPS
from foundation.services.audit import record_change
from foundation.services.publication import take_step
from gazette.issues.contents import (
    documents_at_hand,
    documents_of_the_months,
    due_corrections,
    due_document_corrections,
    months_of,
)
from gazette.issues.paper import compose
from gazette.models import Issue, IssueDocument
from gazette.querysets import COMPOSE, SIGN
from notifications.services import Matter, handed_in_by, tell_of_step
from organizations.models import User
from organizations.permissions import require

COMPOSING = "编排公报"
FIELDS = ("title", "year", "number", "first_month", "last_month")
LONGEST_MONTHS = 12
UP, DOWN, REMOVE = "up", "down", "remove"


@transaction.atomic
def create_issue(
    *, actor: User, at: datetime, title: str, year: int, number: int, first_month: date, last_month: date
) -> Issue:
    """Begin an issue with the documents of its months and the corrections due."""
    require(actor, COMPOSE, COMPOSING)
    issue = Issue(title=title, year=year, number=number, first_month=first_month, last_month=last_month)
    _check(issue)
    issue.created_by, issue.created_at, issue.updated_at = actor, at, at
    _save(issue)
    _add(issue, documents_of_the_months(issue))
    issue.corrections.set(due_corrections(issue))
    issue.document_corrections.set(due_document_corrections(issue))
    after = {name: getattr(issue, name) for name in FIELDS} | _composition(issue)
    record_change(actor=actor, action="issue.create", target=issue, at=at, after=after)
    return issue


@transaction.atomic
def edit_issue(*, actor: User, at: datetime, issue: Issue, version: int, **changes: Any) -> Issue:
    """Change name, number or months of an issue in the making."""
    found = _draft(actor, issue, version)
    before = {name: getattr(found, name) for name in FIELDS}
    for name in FIELDS:
        setattr(found, name, changes[name])
    _check(found)
    after = {name: changes[name] for name in FIELDS if changes[name] != before[name]}
    if not after:
        return found
    # An entry that the issue prints itself needs no line among its corrections.
    due = due_corrections(found)
    found.corrections.remove(*found.corrections.exclude(pk__in=due.values("pk")))
    return _changed(found, actor, at, "edit", {name: before[name] for name in after}, after)


@transaction.atomic
def add_documents(
    *, actor: User, at: datetime, issue: Issue, version: int, documents: Sequence[int]
) -> Issue:
    """Put public documents at the end of the issue."""
    found = _draft(actor, issue, version)
    chosen = list(documents_at_hand(found).filter(pk__in=documents))
    if not chosen:
        raise InvalidInput("没有选中可以刊载的文件。请勾选已公开发布、本期尚未收入的文件。")
    before = _composition(found)
    _add(found, sorted(chosen, key=lambda directive: list(documents).index(directive.pk)))
    return _changed(found, actor, at, "documents", before, _composition(found))


@transaction.atomic
def move_document(
    *, actor: User, at: datetime, issue: Issue, version: int, document: int, where: str
) -> Issue:
    """Move a document one place ``up`` or ``down``, or ``remove`` it from the issue."""
    found = _draft(actor, issue, version)
    before = _composition(found)
    order = list(before["documents"])
    if document not in order:
        raise StateConflict("本期没有这份文件，可能已被别人移出。请刷新页面查看。")
    place = order.index(document)
    order.remove(document)
    if where != REMOVE:
        order.insert(max(place - 1, 0) if where == UP else place + 1, document)
    if order == before["documents"]:
        return found
    found.documents.exclude(directive__in=order).delete()
    for number, pk in enumerate(order, start=1):
        found.documents.filter(directive=pk).update(order=number)
    return _changed(found, actor, at, "documents", before, _composition(found))


@transaction.atomic
def choose_corrections(
    *,
    actor: User,
    at: datetime,
    issue: Issue,
    version: int,
    corrections: Sequence[int],
    document_corrections: Sequence[int] = (),
) -> Issue:
    """Which of the corrections due the issue prints: those of entries, and those of documents."""
    found = _draft(actor, issue, version)
    before = _composition(found)
    found.corrections.set(Correction.objects.filter(pk__in=due_corrections(found).filter(pk__in=corrections)))
    of_documents = due_document_corrections(found).filter(pk__in=document_corrections)
    found.document_corrections.set(DirectiveCorrection.objects.filter(pk__in=of_documents.values("pk")))
    after = _composition(found)
    return found if after == before else _changed(found, actor, at, "corrections", before, after)


@transaction.atomic
def step_issue(
    *, actor: User, at: datetime, issue: Issue, step: str, reason: str = "", version: int | None = None
) -> Issue:
    """Take a step of publication; publishing freezes what the signer has seen."""
    taken = STEPS[step]
    require(actor, SIGN if taken.signs else COMPOSE, f"{taken.word}公报")
    found = Issue.objects.select_for_update().get(pk=issue.pk)
    if found.publication in taken.sources:
        if step == "publish":
            _freeze(found, actor, at, version)
        if step == "withdraw":
            Issue.objects.filter(pk=found.pk).update(withdrawal_reason=reason.strip())
        if step == "reopen":
            Issue.objects.filter(pk=found.pk).update(
                frozen_html="", frozen_records={}, published_at=None, published_by=None, withdrawal_reason=""
            )
    take_step(actor=actor, at=at, record=found, step=step, reason=reason)
    matter = Matter(f"issue:{found.pk}", f"公报“{found}”", found.get_absolute_url())
    writer = None if step == "submit" else handed_in_by(found, "issue.submit")
    tell_of_step(actor=actor, at=at, matter=matter, writer=writer, step=step, reason=reason)
    found.refresh_from_db()
    return found


def _freeze(issue: Issue, actor: User, at: datetime, version: int | None) -> None:
    if issue.version != version:
        raise StateConflict("这一期在您打开之后被别人改过，没有签发。请刷新页面，看过现在的内容再签发。")
    made = compose(issue, published_on=timezone.localdate(at))
    hidden = issue.documents.exclude(directive__in=Directive.objects.published().filter(is_public=True))
    if hidden.exists():
        titles = "、".join(f"《{row.directive.title}》" for row in hidden.select_related("directive"))
        raise StateConflict(f"{titles}已撤回或不公开，不能刊载。请先移出本期再签发。")
    if not made.events and not made.directives:
        raise StateConflict("这一期没有大事记，也没有文件，不能出版。请先选定内容。")
    Issue.objects.filter(pk=issue.pk).update(
        frozen_html=made.html,
        frozen_records={"events": made.events, "directives": made.directives},
        published_by=actor,
        published_at=at,
    )


def _draft(actor: User, issue: Issue, version: int) -> Issue:
    require(actor, COMPOSE, COMPOSING)
    found = Issue.objects.select_for_update().get(pk=issue.pk)
    if found.publication != DRAFT:
        now = found.get_publication_display()
        raise StateConflict(f"这一期现在是“{now}”，不能改动。待签发的先由签发人退回，已出版的须先撤回。")
    if found.version != version:
        raise StateConflict("这一期在您打开之后被别人改过，没有保存。请刷新页面，看过现在的编排再改。")
    return found


def _changed(
    issue: Issue, actor: User, at: datetime, what: str, before: dict[str, Any], after: dict[str, Any]
) -> Issue:
    issue.version = F("version") + 1
    issue.updated_at = at
    _save(issue)
    issue.refresh_from_db()
    record_change(actor=actor, action=f"issue.{what}", target=issue, at=at, before=before, after=after)
    return issue


def _save(issue: Issue) -> None:
    try:
        with transaction.atomic():
            issue.save()
    except IntegrityError as error:
        sentence = f"{issue.year}年第{issue.number}期已经有了，请换一个期号，或打开那一期编排。"
        raise InvalidInput(sentence, fields={"number": [sentence]}) from error


def _check(issue: Issue) -> None:
    if issue.first_month > issue.last_month:
        sentence = "起始月份应不晚于结束月份。"
        raise InvalidInput(sentence, fields={"last_month": [sentence]})
    if len(months_of(issue)) > LONGEST_MONTHS:
        sentence = f"一期最多收 {LONGEST_MONTHS} 个月的大事记，请分期编排。"
        raise InvalidInput(sentence, fields={"last_month": [sentence]})


def _add(issue: Issue, documents: Any) -> None:
    last = issue.documents.count()
    IssueDocument.objects.bulk_create(
        IssueDocument(issue=issue, directive=directive, order=order)
        for order, directive in enumerate(documents, start=last + 1)
    )


def _composition(issue: Issue) -> dict[str, list[int]]:
    return {
        "documents": list(issue.documents.order_by("order", "pk").values_list("directive_id", flat=True)),
        "corrections": list(issue.corrections.order_by("pk").values_list("pk", flat=True)),
        "document_corrections": list(issue.document_corrections.order_by("pk").values_list("pk", flat=True)),
    }

"""The legal status of a document over time: registered by an editor, signed by another person."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from directives.models import Directive, StatusChange
from foundation.errors import InvalidInput, StateConflict
from foundation.services.audit import record_change
from foundation.services.proposals import confirm_proposal, proposed_values, void_proposal
from notifications.models import Topic
from notifications.services import (
    Draft,
    Matter,
    ask_signers,
    cancel_messages,
    queue_messages,
    tell_writer,
)
from organizations.models import Role, User
from organizations.permissions import require

CHANGE, SIGN = "directives.change_directive", "directives.publish_directive"
Status = StatusChange.Status
# What another document does to this one.
BY_ANOTHER = (Status.AMENDED, Status.REPEALED)
# So many days before a document expires its editors are told, at nine in the morning.
TOLD_BEFORE = (30, 7, 1)
TOLD_AT = time(9)


@transaction.atomic
def record_status(
    *,
    actor: User | None,
    at: datetime,
    directive: Directive,
    status: str,
    effective_on: date,
    by_directive: Directive | None = None,
    note: str = "",
) -> StatusChange:
    """From a date on the document is in another legal state, once another person has signed it.

    Raises InvalidInput for a day before the document's own, a document that acts on itself, and an
    amendment or repeal without document and note; StateConflict when the same is registered already.
    """
    require(actor, CHANGE, "登记有效性变更")
    Directive.objects.select_for_update().get(pk=directive.pk)
    _check(directive, status, effective_on, by_directive, note)
    change = StatusChange.objects.create(
        directive=directive,
        status=status,
        effective_on=effective_on,
        by_directive=by_directive,
        note=note,
        **proposed_values(actor, at),
    )
    after = {"status": status, "effective_on": effective_on, "by": str(by_directive or ""), "note": note}
    record_change(actor=actor, action="directive.status", target=directive, at=at, after=after, reason=note)
    if change.standing == StatusChange.Standing.CONFIRMED:
        _announce_expiry(change, at)
    else:
        ask_signers(actor=actor, at=at, matter=_matter(change))
    return change


def _matter(change: StatusChange) -> Matter:
    words = f"有效性变更“{change.get_status_display()}”《{change.directive.title}》"
    return Matter(f"status:{change.pk}", words, reverse("directives:statuses", args=[change.directive_id]))


def _check(
    directive: Directive, status: str, effective_on: date, by_directive: Directive | None, note: str
) -> None:
    if directive.issued_on and effective_on < directive.issued_on:
        sentence = "变更日期早于该文件的成文日期，请核对。"
        raise InvalidInput(sentence, fields={"effective_on": [sentence]})
    if by_directive is not None and by_directive.pk == directive.pk:
        sentence = "依据文件不能是该文件自身。"
        raise InvalidInput(sentence, fields={"by_directive": [sentence]})
    if status in BY_ANOTHER and by_directive is None and not note.strip():
        sentence = "修改和废止须有依据：请选择依据文件；本平台未收录的，在说明中写明其名称和文号。"
        raise InvalidInput(sentence, fields={"by_directive": [sentence]})
    standing = directive.status_changes.exclude(standing=StatusChange.Standing.VOID)
    if standing.filter(status=status, effective_on=effective_on).exists():
        raise StateConflict("同一日期的同一变更已经登记，请在下面的记载中查看。")


@transaction.atomic
def confirm_status(*, actor: User | None, at: datetime, change: StatusChange) -> None:
    """Sign a change: from now on it counts. Errors as ``confirm_proposal``."""
    require(actor, SIGN, "签发有效性变更")
    confirm_proposal(actor=actor, at=at, proposal=change, about=change.directive, action="directive.status")
    _announce_expiry(change, at)
    tell_writer(actor=actor, at=at, matter=_matter(change), writer=change.proposed_by_id, step="confirm")


@transaction.atomic
def void_status(*, actor: User | None, at: datetime, change: StatusChange, reason: str) -> None:
    """Take a change back; one that is signed takes a signer. Errors as ``void_proposal``."""
    require(actor, CHANGE, "作废有效性变更")
    locked = StatusChange.objects.select_for_update().get(pk=change.pk)
    if locked.standing == StatusChange.Standing.CONFIRMED:
        require(actor, SIGN, "作废已签发的有效性变更")
    void_proposal(
        actor=actor,
        at=at,
        proposal=change,
        about=change.directive,
        action="directive.status",
        reason=reason,
    )
    cancel_messages(about=about_expiry(change), at=at, why="有效性变更已作废")
    writer = change.proposed_by_id
    tell_writer(actor=actor, at=at, matter=_matter(change), writer=writer, step="void", reason=reason)


def about_expiry(change: StatusChange) -> str:
    """The name of a document's expiry in the outbox."""
    return f"directive:{change.directive_id}:expiry:{change.pk}"


def _announce_expiry(change: StatusChange, at: datetime) -> None:
    """Messages to the editors before the document expires; those whose morning has passed are left out."""
    if change.status != Status.EXPIRED:
        return
    editors = User.objects.filter(is_active=True, assignments__role=Role.EDITOR).distinct()
    queue_messages(
        drafts=[
            _draft(change, editor, days, morning)
            for days in TOLD_BEFORE
            if (morning := _morning(change.effective_on - timedelta(days=days))) >= at
            for editor in editors
        ],
        at=at,
    )


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, TOLD_AT))


def _draft(change: StatusChange, editor: User, days: int, morning: datetime) -> Draft:
    day = f"{change.effective_on.year}年{change.effective_on.month}月{change.effective_on.day}日"
    return Draft(
        about=about_expiry(change),
        tier=f"before-{days}",
        recipient=editor,
        topic=Topic.RECORD,
        subject=f"《{change.directive.title}》{days} 天后失效"[:200],
        body=f"该文件自{day}起失效。需要延期、修改或重新发文的，请在失效前办理并登记。",
        url=reverse("directives:statuses", args=[change.directive_id]),
        not_before=morning,
    )

"""Listed supervision (挂牌督办): taken off the list only with evidence and a reason."""

from datetime import date, datetime
from typing import Any

from django.core.files.base import File
from django.db import IntegrityError, transaction

from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.models import Attachment
from foundation.services.attachments import attach_file
from foundation.services.audit import record_change
from notifications.services import cancel_messages
from organizations.models import Department, User
from organizations.permissions import require
from taskboard.acting import SUPERVISE, WORK
from taskboard.models import Listing, ListingEvent, Task, TaskTransition
from taskboard.models.ledgers import LedgerRow
from taskboard.services.moving import record_move, required_text
from taskboard.services.supervision.steps import (
    conflict,
    hang_evidence,
    in_words,
    require_day_ahead,
    tell_supervisors,
    tell_units,
    unit_among,
)

State, Action = Listing.State, ListingEvent.Action
NOT_TO_BE_LISTED = (Task.State.DRAFT, Task.State.CLOSED)
LEADER_LENGTH = 80


def about_listing(listing: Listing) -> str:
    """The name of a listed supervision in the outbox."""
    return f"listing:{listing.pk}"


@transaction.atomic
def list_matter(
    *,
    actor: User | None,
    at: datetime,
    matter: Task | LedgerRow,
    notice: str,
    leader: str,
    deadline: date | None,
) -> Listing:
    """Put a task, or an entry that stands in a signed ledger, under listed supervision."""
    require(actor, SUPERVISE, "挂牌督办")
    words = required_text(notice, "notice", "督办要求")
    named = _leader(leader)
    day = require_day_ahead(deadline, at, "deadline", "办结期限")
    _require_running(matter)
    which = {"task": matter} if isinstance(matter, Task) else {"ledger_row": matter}
    try:
        with transaction.atomic():
            listing = Listing.objects.create(
                **which, notice=words, leader=named, deadline=day, listed_at=at, listed_by=actor
            )
    except IntegrityError as error:
        raise _listed_already(matter) from error
    _record(listing, Action.LIST, actor=actor, at=at, text=f"责任领导 {named}。{words}")
    _mark_task(listing, TaskTransition.Action.LIST, actor, at, words)
    _tell_units(listing, "listed", "挂牌督办", words, at)
    return listing


def _leader(leader: str) -> str:
    leader = leader.strip()
    sentence = ""
    if not leader:
        sentence = "请填写责任领导。"
    elif len(leader) > LEADER_LENGTH or "\0" in leader:
        sentence = f"责任领导最多 {LEADER_LENGTH} 字，只写姓名和职务。"
    if sentence:
        raise InvalidInput(sentence, fields={"leader": [sentence]})
    return leader


def _require_running(matter: Task | LedgerRow) -> None:
    """What nobody works on cannot be supervised; the row is locked so that it stays as it is."""
    if isinstance(matter, Task):
        now = Task.objects.select_for_update().get(pk=matter.pk)
        if now.state in NOT_TO_BE_LISTED:
            raise StateConflict(
                f"任务现在是“{now.get_state_display()}”，只有已下发、未办结的任务可以挂牌督办。"
            )
        return
    row = LedgerRow.objects.select_for_update().get(pk=matter.pk)
    if row.state != LedgerRow.State.SIGNED:
        raise StateConflict(f"条目现在是“{row.get_state_display()}”，只有签字在册的条目可以挂牌督办。")


def _listed_already(matter: Task | LedgerRow) -> StateConflict:
    standing = matter.listings.standing().select_related("listed_by").get()
    last = standing.events.select_related("actor", "department").order_by("at", "pk").first()
    return conflict(last, standing.get_state_display(), "再次挂牌")


@transaction.atomic
def report_on_listing(
    *,
    actor: User | None,
    at: datetime,
    listing: Listing,
    text: str,
    upload: "File[Any] | None" = None,
) -> Listing:
    """The responsible unit says how far it has come; evidence may come with it."""
    unit = require_reporter(actor, listing)
    words = required_text(text, "text", "办理情况")
    _lock(listing, "报送办理情况")
    file = None
    if upload is not None:
        file = attach_file(actor=actor, at=at, owner=listing, upload=upload, permission="taskboard.view_task")
    _record(listing, Action.REPORT, actor=actor, at=at, unit=unit, text=words, file=file)
    tell_supervisors(
        about=f"{about_listing(listing)}:review",
        tier=f"reported-{listing.events.count()}",
        subject=f"挂牌督办有新情况：{listing.matter}",
        body=words,
        url=listing.get_absolute_url(),
        at=at,
    )
    return listing


def require_reporter(actor: User | None, listing: Listing) -> Department | None:
    """Those who work for a department that has to act."""
    require(actor, WORK, "报送办理情况")
    unit = unit_among(actor, listing.departments)
    if actor is not None and unit is None:
        names = "、".join(department.name for department in listing.departments)
        raise PermissionRefused(f"办理情况由{names}报送，您不在这个单位任职。")
    return unit


@transaction.atomic
def prolong_listing(
    *, actor: User | None, at: datetime, listing: Listing, deadline: date | None, reason: str
) -> Listing:
    """Set another deadline, with a reason; the one before stays in the history."""
    require(actor, SUPERVISE, "调整督办期限")
    words = required_text(reason, "reason", "调整期限的理由")
    day = require_day_ahead(deadline, at, "deadline", "办结期限")
    _lock(listing, "调整期限")
    # Read behind the lock: somebody may have set another one while this waited.
    listing.refresh_from_db()
    before = listing.deadline
    Listing.objects.filter(pk=listing.pk).update(deadline=day)
    listing.refresh_from_db()
    cancel_messages(about=about_listing(listing), at=at, why="期限已调整")
    said = f"由{in_words(before)}调整为{in_words(day)}。{words}"
    _record(listing, Action.PROLONG, actor=actor, at=at, text=said)
    _tell_units(listing, f"prolonged-{listing.events.count()}", "督办期限调整", said, at)
    return listing


@transaction.atomic
def unlist_matter(
    *, actor: User | None, at: datetime, listing: Listing, reason: str, upload: "File[Any] | None"
) -> Listing:
    """Take it off the list (摘牌): with a reason and the evidence, never otherwise."""
    require(actor, SUPERVISE, "摘牌")
    words = required_text(reason, "reason", "摘牌的理由")
    file = None
    # What the unit reported may be evidence enough.
    if upload is not None or not Attachment.objects.of(listing).exists():
        file = hang_evidence(actor, at, listing, upload, "摘牌佐证")
    standing = Listing.objects.standing().filter(pk=listing.pk)
    if standing.update(state=State.UNLISTED, unlisted_at=at) != 1:
        raise _gone(listing, "摘牌")
    listing.refresh_from_db()
    for about in (about_listing(listing), f"{about_listing(listing)}:review"):
        cancel_messages(about=about, at=at, why="已摘牌")
    _record(listing, Action.UNLIST, actor=actor, at=at, text=words, file=file)
    _mark_task(listing, TaskTransition.Action.UNLIST, actor, at, words)
    _tell_units(listing, "unlisted", "已摘牌", words, at)
    return listing


def _lock(listing: Listing, what: str) -> None:
    """Nothing is written on a listing that somebody else takes off at this moment."""
    state = Listing.objects.select_for_update().values_list("state", flat=True).get(pk=listing.pk)
    if state != State.LISTED:
        raise _gone(listing, what)


def _gone(listing: Listing, what: str) -> StateConflict:
    listing.refresh_from_db()
    last = listing.events.select_related("actor", "department").order_by("-at", "-pk").first()
    return conflict(last, listing.get_state_display(), what)


def _mark_task(listing: Listing, action: str, actor: User | None, at: datetime, words: str) -> None:
    """A line in the history of the task; its state stays what it is."""
    if listing.task is not None:
        state = Task.objects.values_list("state", flat=True).get(pk=listing.task.pk)
        record_move(
            task=listing.task,
            action=TaskTransition.Action(action),
            at=at,
            actor=actor,
            states=(state, state),
            reason=words,
        )


def _record(
    listing: Listing,
    action: str,
    *,
    actor: User | None,
    at: datetime,
    unit: Department | None = None,
    text: str = "",
    file: Attachment | None = None,
) -> None:
    ListingEvent.objects.create(
        listing=listing,
        at=at,
        actor=actor,
        department=unit,
        action=action,
        text=text,
        deadline=listing.deadline,
        file=file,
    )
    after = {
        "state": listing.state,
        "matter": str(listing.matter),
        "deadline": listing.deadline,
        "leader": listing.leader,
        "file": file.name if file else "",
    }
    record_change(actor=actor, action=f"listing.{action}", target=listing, at=at, after=after, reason=text)


def _tell_units(listing: Listing, tier: str, word: str, text: str, at: datetime) -> None:
    tell_units(
        listing.departments,
        about=about_listing(listing),
        tier=tier,
        subject=f"{word}：{listing.matter}",
        body=f"办结期限 {in_words(listing.deadline)}，责任领导 {listing.leader}。{text}",
        url=listing.get_absolute_url(),
        at=at,
    )

"""Swapping shifts: one asks, the other agrees or does not; every step stays on record."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from floodresponse.models import DutyShift, DutySwap
from floodresponse.roster import days
from floodresponse.services.roster import require_keeping
from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.services.audit import record_change
from notifications.models import Topic
from notifications.services import Draft, queue_messages
from organizations.models import User

State = DutySwap.State
LONGEST = 200
ANSWERED = "这次换班已经答复或撤回，请刷新页面查看。"


@transaction.atomic
def ask_swap(*, actor: User, shift: DutyShift, other: DutyShift, reason: str, at: datetime) -> DutySwap:
    """Ask the person of another shift of the same unit and role to swap."""
    if shift.user_id != actor.pk:
        require_keeping(actor, shift.unit, "申请换班，改动值班表")
    mine, theirs = _locked(shift, other)
    _check_pair(mine, theirs, at)
    if not reason.strip():
        raise InvalidInput("请写明换班理由。", fields={"reason": ["请写明理由。"]})
    if DutySwap.objects.asked().filter(Q(shift__in=[mine, theirs]) | Q(other__in=[mine, theirs])).exists():
        raise StateConflict("其中一班已有换班在等待答复，请先等对方答复或撤回。")
    try:
        with transaction.atomic():
            swap = DutySwap.objects.create(
                shift=mine,
                other=theirs,
                name=mine.name,
                other_name=theirs.name,
                reason=reason.strip()[:LONGEST],
                asked_at=at,
                asked_by=actor,
            )
    except IntegrityError:
        raise StateConflict("这一班已有换班在等待答复，请刷新页面查看。") from None
    record_change(
        actor=actor, action="swap.ask", target=swap, at=at, after=_what(mine, theirs), reason=swap.reason
    )
    _tell(swap, theirs.user, "asked", f"{mine.name} 请您换班", _sentence(mine, theirs), at)
    return swap


@transaction.atomic
def answer_swap(*, actor: User, swap: DutySwap, agree: bool, at: datetime, note: str = "") -> DutySwap:
    """The other person agrees: the two change places; or does not."""
    mine, theirs = _locked(swap.shift, swap.other)
    if not DutySwap.objects.asked().filter(pk=swap.pk).exists():
        raise StateConflict(ANSWERED)
    if theirs.user_id != actor.pk:
        raise PermissionRefused("换班须由对方本人答复，您不是对方。")
    if agree:
        _check_pair(mine, theirs, at)
        if (mine.name, theirs.name) != (swap.name, swap.other_name):
            raise StateConflict("值班表在申请之后已有改动，请重新申请换班。")
    state = State.AGREED if agree else State.REFUSED
    values = {"state": state, "answered_at": at, "answered_by": actor, "answer_note": note.strip()[:LONGEST]}
    if DutySwap.objects.asked().filter(pk=swap.pk).update(**values) != 1:
        raise StateConflict(ANSWERED)
    if agree:
        _exchange(mine, theirs)
    swap.refresh_from_db()
    record_change(
        actor=actor,
        action=f"swap.{'agree' if agree else 'refuse'}",
        target=swap,
        at=at,
        before={"state": State.ASKED.value},
        after=_what(mine, theirs),
        reason=swap.answer_note,
    )
    word = "同意" if agree else "未同意"
    _tell(swap, swap.asked_by, state, f"{swap.other_name} {word}换班", _sentence(mine, theirs), at)
    return swap


@transaction.atomic
def withdraw_swap(*, actor: User, swap: DutySwap, at: datetime) -> DutySwap:
    """Take back what nobody answered yet."""
    if actor.pk not in {swap.asked_by_id, swap.shift.user_id}:
        require_keeping(actor, swap.shift.unit, "撤回换班，改动值班表")
    values = {"state": State.WITHDRAWN, "answered_at": at, "answered_by": actor}
    if DutySwap.objects.asked().filter(pk=swap.pk).update(**values) != 1:
        raise StateConflict(ANSWERED)
    swap.refresh_from_db()
    record_change(actor=actor, action="swap.withdraw", target=swap, at=at)
    return swap


def _locked(shift: DutyShift, other: DutyShift) -> tuple[DutyShift, DutyShift]:
    """Both rows as they are now, always locked in the same order."""
    rows = DutyShift.objects.select_for_update(of=("self",)).select_related("unit", "user")
    found = {row.pk: row for row in rows.filter(pk__in=[shift.pk, other.pk]).order_by("pk")}
    if len(found) != 2:
        raise InvalidInput("请选择对方的班次。", fields={"other": ["请选择对方的班次。"]})
    return found[shift.pk], found[other.pk]


def _check_pair(mine: DutyShift, theirs: DutyShift, at: datetime) -> None:
    if (mine.unit_id, mine.role) != (theirs.unit_id, theirs.role):
        raise InvalidInput("只能在本单位相同岗位之间换班。", fields={"other": ["单位或岗位不同。"]})
    if mine.name == theirs.name:
        raise InvalidInput("两班是同一人，无需换班。", fields={"other": ["两班是同一人。"]})
    if theirs.user is None or not theirs.user.is_active:
        raise InvalidInput(
            f"{theirs.name} 没有账号，无法在平台上答复；请由本单位直接改值班表并写明理由。",
            fields={"other": ["对方没有账号。"]},
        )
    local, zone = timezone.localtime(at), timezone.get_current_timezone()
    if any(days.begins(shift.day, zone) <= local for shift in (mine, theirs)):
        raise StateConflict("其中一班已经开始或结束，不能换班；临时替班请由本单位改值班表并写明理由。")


def _exchange(mine: DutyShift, theirs: DutyShift) -> None:
    person = {"name": mine.name, "phone": mine.phone, "user": mine.user}
    fresh = {"signed_in_at": None, "signed_in_by": None}
    DutyShift.objects.filter(pk=mine.pk).update(
        name=theirs.name, phone=theirs.phone, user=theirs.user, **fresh
    )
    DutyShift.objects.filter(pk=theirs.pk).update(**person, **fresh)


def _what(mine: DutyShift, theirs: DutyShift) -> dict[str, object]:
    return {"shift": f"{mine.day} {mine.name}", "other": f"{theirs.day} {theirs.name}"}


def _sentence(mine: DutyShift, theirs: DutyShift) -> str:
    return (
        f"{mine.unit.name}{mine.get_role_display()}：{mine.name}（{mine.day:%m月%d日}）"
        f"与 {theirs.name}（{theirs.day:%m月%d日}）换班。"
    )


def _tell(swap: DutySwap, to: User | None, tier: str, subject: str, body: str, at: datetime) -> None:
    if to is None:
        return
    draft = Draft(
        about=f"swap:{swap.pk}",
        tier=tier,
        recipient=to,
        topic=Topic.FLOOD,
        subject=subject,
        body=f"{body}\n{swap.reason}",
        url=swap.shift.get_absolute_url(),
        not_before=at,
    )
    queue_messages(drafts=[draft], at=at)

"""Somebody leaves, or has lost a telephone: what the rooms do about it, and who is told."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from floodresponse.services.handing import hand_over_flood
from floodresponse.services.reminders import remind_who_is_left
from foundation.errors import InvalidInput, StateConflict
from foundation.services.audit import record_change
from notifications.models import Topic
from notifications.services import Draft, hand_over_messages, queue_messages
from organizations.models import Role, User
from organizations.permissions import require
from organizations.rules import ADMINISTRATORS, roles_of
from organizations.services import (
    disable_account,
    grant_role,
    issue_token,
    reset_second_factor,
    verify_person,
)
from organizations.succession import standing_in
from taskboard.services.ledgers.handing import hand_over_approvals
from zalantun.accounts.duties import Duties, duties_of
from zalantun.accounts.plan import mark_of


@transaction.atomic
def leave(
    *, actor: User, at: datetime, user: User, successor: User | None, reason: str, seen: str | None = None
) -> int:
    """Disable the account and hand what it holds to ``successor``; how many records changed hands.

    One transaction: when one room refuses, nothing has happened. Without a successor the rest stays
    and is told to the heads until somebody takes it. Also for an account that is disabled already.
    ``seen`` is the mark of the plan that was looked at. Raises InvalidInput for a successor who cannot
    take over, StateConflict where nothing is left to do or where something came up since.
    """
    require(actor, "organizations.guard_sign_ins", "办理离岗")
    locked, successor = _lock(user, successor)
    duties = duties_of(locked, at=at)
    if seen is not None and seen != mark_of(duties, successor):
        raise StateConflict("移交的事项刚才有变化，没有办理。请核对下面的安排后再提交。")
    if not locked.is_active and not (successor and _has_to_move(locked, duties)):
        raise StateConflict(f"“{user}”的账号已停用，没有可移交的事项。")
    if successor is not None:
        check_successor(actor=actor, leaver=locked, successor=successor)
    moved = _hand_over(actor, at, locked, successor, duties, reason) if successor else 0
    if successor is not None or locked.is_active:
        locked.successor = successor
        User.objects.filter(pk=locked.pk).update(successor=successor)
    if locked.is_active:
        disable_account(actor=actor, at=at, user=locked, reason=reason)
    else:
        settle_messages(user=locked, at=at)
    after = {
        "successor": str(successor or ""),
        "moved": moved,
        "unfinished": {line.label: line.count for line in duties.unfinished if line.count},
        "roles": len(duties.last_of) if successor else 0,
    }
    record_change(actor=actor, action="user.leave", target=locked, at=at, after=after, reason=reason)
    _tell_leaving(locked, successor, duties, moved, reason, at)
    return moved


def _lock(leaver: User, successor: User | None) -> tuple[User, User | None]:
    """Both as they are now, always in one order: whoever takes over does not leave meanwhile."""
    keys = [user.pk for user in (leaver, successor) if user is not None]
    people = User.objects.select_for_update().order_by("pk").in_bulk(keys)
    return people[leaver.pk], people[successor.pk] if successor else None


def settle_messages(*, user: User, at: datetime) -> None:
    """Inside another step, for a disabled account: what waits goes to the successor and to who is left."""
    hand_over_messages(leaver=user, successor=standing_in(user), at=at)
    units = user.assignments.exclude(department=None).values_list("department", flat=True)
    remind_who_is_left(units=units, at=at)


def _has_to_move(leaver: User, duties: Duties) -> bool:
    """Unfinished work of somebody with a successor is in good hands already."""
    unfinished = any(line.count for line in duties.unfinished)
    return duties.has_to_move or (unfinished and standing_in(leaver) is None)


def _hand_over(actor: User, at: datetime, leaver: User, successor: User, duties: Duties, reason: str) -> int:
    for last in duties.last_of:
        held = last.assignment
        grant_role(actor=actor, at=at, user=successor, role=Role(held.role), department=held.department)
    taking = User.objects.get(pk=successor.pk)  # afresh: its roles are kept on the object
    moved = hand_over_flood(actor=actor, at=at, leaver=leaver, successor=taking, reason=reason)
    return moved + hand_over_approvals(actor=actor, at=at, leaver=leaver, successor=taking, reason=reason)


def check_successor(*, actor: User, leaver: User, successor: User) -> None:
    """Raises InvalidInput for somebody who can never take over, whatever is handed over."""
    wrong = ""
    if successor.pk in (leaver.pk, actor.pk):
        wrong = "接替人不能是离岗人员或您自己。"
    elif not successor.is_active:
        wrong = f"“{successor}”的账号已停用，不能接替。"
    elif not roles_of(successor).isdisjoint(ADMINISTRATORS):
        wrong = f"“{successor}”是管理员，不能兼办业务，请另选接替人。"
    if wrong:
        raise InvalidInput(wrong, fields={"successor": [wrong]})


def _tell_leaving(
    leaver: User, successor: User | None, duties: Duties, moved: int, reason: str, at: datetime
) -> None:
    whom = f"由{successor}接替，移交 {moved} 项" if successor else "尚未指定接替人"
    drafts = [
        _draft(leaver, "leave", "您的账号已停用", f"原因：{reason}。{whom}。如有疑问请联系安全管理员。", at)
    ]
    if successor is not None:
        what = "、".join(f"{line.label} {line.count} 项" for line in duties.lines if line.count)
        roles = "、".join(str(last.assignment.get_role_display()) for last in duties.last_of)
        body = f"{leaver}离岗（{reason}），其工作由您接替：{what or '目前没有未办事项'}。"
        body += f"您同时担任{roles}。" if roles else ""
        body += "请在“我的任务”、编辑工作台和防内涝中查看。"
        drafts.append(_draft(successor, f"leave-{leaver.pk}", f"接替{leaver}的工作", body, at))
    queue_messages(drafts=drafts, at=at)


@transaction.atomic
def free_of_factor(*, actor: User, at: datetime, user: User, reason: str) -> None:
    """Take the second factor away and tell its person: whoever did not ask for it has to hear of it."""
    reset_second_factor(actor=actor, at=at, user=user, reason=reason)
    body = (
        f"安全管理员{actor}解除了您的两步验证（{reason}）。如非您本人要求，请立即联系安全管理员并修改密码。"
    )
    queue_messages(drafts=[_draft(user, "factor", "您的两步验证已解除", body, at)], at=at)


@transaction.atomic
def let_in_again(*, actor: User, at: datetime, user: User, reason: str) -> None:
    """The account may be used again, which its person hears: it may have been somebody else who said so."""
    verify_person(actor=actor, at=at, user=user, reason=reason)
    body = f"安全管理员{actor}已核实您本人（{reason}），账号恢复使用。如未与您核实过，请立即联系安全管理员。"
    queue_messages(drafts=[_draft(user, "verify", "您的账号已恢复使用", body, at)], at=at)


def tell_of_password(*, actor: User, at: datetime, user: User, reason: str) -> None:
    """Inside another step: its person and the security administrators hear who gave it a password."""
    own = f"管理员{actor}重置了您的密码（{reason}）。如非您本人要求，请立即联系安全管理员。"
    others = f"管理员{actor}重置了“{user}”的密码（{reason}）。请向本人核实；如非本人要求，请停用该账号。"
    if user.to_verify_since:
        own += "请登录改密，再请安全管理员向您核实，账号才能继续使用。"
        others += "本人改密后，请在“账号安全”中核实，账号才能继续使用。"
    tier = f"password-{user.pk}"
    drafts = [_draft(user, tier, "您的密码已被重置", own, at)]
    drafts += [
        _draft(guard, tier, f"“{user}”的密码已被重置", others, at, of=user) for guard in _guards_beside(user)
    ]
    queue_messages(drafts=[replace(draft, urgent=True) for draft in drafts], at=at)


def tell_who_waits(*, at: datetime, user: User) -> None:
    """Inside another step: the person has chosen an own password and cannot go on before being asked."""
    subject = f"“{user}”等待核实"
    body = f"{user}已登录并改密，账号等待核实。请打电话或当面向本人核实后，在“账号安全”中恢复使用。"
    tier = f"waits-{user.pk}"
    drafts = [_draft(guard, tier, subject, body, at, of=user) for guard in _guards_beside(user)]
    queue_messages(drafts=[replace(draft, urgent=True) for draft in drafts], at=at)


def _guards_beside(user: User) -> QuerySet[User]:
    guards = User.objects.filter(is_active=True, assignments__role=Role.SECURITY_ADMIN)
    return guards.exclude(pk=user.pk).distinct()


@transaction.atomic
def issue_network_token(*, actor: User, at: datetime, user: User, name: str, scope: str, days: int) -> str:
    """A token for the account of a gauge network, at most to report; its text is shown once."""
    require(actor, "organizations.guard_sign_ins", "为站网生成接口令牌")
    if not hasattr(user, "gauge_network"):
        raise InvalidInput(f"“{user}”不是站网账号，令牌由本人在“登录与安全”中生成。")
    if scope == "all":
        raise InvalidInput("站网令牌的范围只能是只读或报送。", fields={"scope": ["请选择只读或报送。"]})
    return issue_token(actor=actor, at=at, username=user.username, name=name, scope=scope, days=days)


def _draft(user: User, tier: str, subject: str, body: str, at: datetime, *, of: User | None = None) -> Draft:
    """To ``user``, about the own account or that ``of`` somebody else."""
    return Draft(
        about=f"account:{user.pk}",
        tier=f"{tier}-{at:%Y%m%d%H%M%S}",
        recipient=user,
        topic=Topic.ACCOUNT,
        subject=subject,
        body=body,
        url=reverse("accounts:person", args=[of.pk]) if of else reverse("security:own"),
        not_before=at,
    )

"""Open sign-ins: noted at the door, listed, ended one by one or all at once."""

from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import transaction

from foundation.errors import InvalidInput, StateConflict
from foundation.services.audit import record_change
from organizations.models import BrowserSession, User
from organizations.permissions import require

AGENT_LENGTH = 200


def note_session(*, user: User, at: datetime, session_key: str, address: str, agent: str) -> None:
    """Somebody has signed in; which sessions of his ended by themselves is forgotten on the way."""
    alive = Session.objects.filter(expire_date__gt=at).values("session_key")
    user.browser_sessions.exclude(session_key__in=alive).delete()
    BrowserSession.objects.update_or_create(
        session_key=session_key,
        defaults={"user": user, "signed_in_at": at, "address": address, "agent": agent[:AGENT_LENGTH]},
    )


@transaction.atomic
def end_session(*, actor: User | None, at: datetime, session: BrowserSession, reason: str = "") -> None:
    """End one: one's own, or anybody's as the security administrator. Its browser is out at its next click.

    Raises InvalidInput without a reason for somebody else's, StateConflict when it has ended already.
    """
    _check_right(actor, session.user_id, reason)
    if not BrowserSession.objects.filter(pk=session.pk).delete()[0]:
        raise StateConflict("这个会话已经结束，请刷新页面。")
    Session.objects.filter(session_key=session.session_key).delete()
    before = {"signed_in_at": session.signed_in_at, "address": session.address, "agent": session.agent}
    record_change(
        actor=actor, action="user.end_session", target=session.user, at=at, before=before, reason=reason
    )


@transaction.atomic
def end_sessions(
    *, actor: User | None, at: datetime, user: User, reason: str = "", keep: str | None = None
) -> int:
    """End all of a person, but the one to ``keep``; how many. Whose as ``end_session``."""
    _check_right(actor, user.pk, reason)
    return drop_sessions(actor=actor, at=at, user=user, reason=reason, keep=keep)


def _check_right(actor: User | None, owner: int, reason: str) -> None:
    if actor is not None and actor.pk == owner:
        return
    require(actor, "organizations.guard_sign_ins", "结束他人的登录会话")
    if actor is not None and not reason.strip():
        raise InvalidInput("请写明结束他人会话的理由。", fields={"reason": ["请写明理由。"]})


def drop_sessions(
    *, actor: User | None, at: datetime, user: User, reason: str, keep: str | None = None
) -> int:
    """Inside another step, which asked for its own permission: end all of them, but the one to ``keep``."""
    ended = user.browser_sessions.exclude(session_key=keep or "")
    keys = list(ended.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    ended.delete()
    if keys:
        before = {"sessions": len(keys)}
        record_change(
            actor=actor, action="user.end_session", target=user, at=at, before=before, reason=reason
        )
    return len(keys)


def follow_session(*, old_key: str, new_key: str) -> None:
    """A session goes on under another key, as after a new password: it stays in the list and can be ended."""
    BrowserSession.objects.filter(session_key=old_key).update(session_key=new_key)


def forget_session(session_key: str | None) -> None:
    """Its person has signed out."""
    BrowserSession.objects.filter(session_key=session_key or "").delete()

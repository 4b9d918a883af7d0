"""Tokens for the API: who has one acts as the account, within the token's scope, without a password."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, transaction

from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.fulldisk import disk_refusal
from foundation.services.audit import record_change
from organizations.models import ApiToken, User
from organizations.permissions import require

# A use is noted once a minute at most: gauges post often, and each note is a write.
NOTED_EVERY = timedelta(minutes=1)
START_LENGTH = 8
NAME_LENGTH = 80
# Enough for any honest use; a heap of forgotten ones is what is to be avoided.
MOST_IN_FORCE = 20


@transaction.atomic
def issue_token(
    *,
    actor: User | None,
    at: datetime,
    username: str,
    name: str = "命令行生成",
    scope: str = ApiToken.Scope.ALL,
    days: int | None = None,
) -> str:
    """A new token for the user; its text is given out here and nowhere again.

    People make tokens for themselves; the security administrator for accounts that
    no person stands behind, those of gauge networks: whoever makes one for somebody
    with a role could act as that person. ``days``: how long it is good,
    ``TOKEN_DAYS`` at most and by default.
    """
    user = _user(username)
    # Whoever gives the account a role at this moment waits here, or this waits for the role.
    User.objects.select_for_update().get(pk=user.pk)
    if actor is not None and actor.pk != user.pk:
        require(actor, "organizations.guard_sign_ins", "为他人生成接口令牌")
        if user.assignments.exists():
            raise PermissionRefused(f"“{user}”担任角色，令牌只能由本人在“登录与安全”中生成。")
    if not user.is_active:
        raise InvalidInput(f"账号“{username}”已停用，不能生成令牌。")
    days = settings.TOKEN_DAYS if days is None else days
    _check(name, scope, days)
    if actor is not None and user.api_tokens.in_force(at).count() >= MOST_IN_FORCE:
        raise StateConflict(f"有效的令牌已有 {MOST_IN_FORCE} 个，请先收回不用的再生成。")
    text = secrets.token_hex(20)
    token = ApiToken.objects.create(
        user=user,
        name=name.strip(),
        scope=scope,
        start=text[:START_LENGTH],
        digest=digest_of(text),
        issued_at=at,
        issued_by=actor,
        expires_at=at + timedelta(days=days),
    )
    after = {"name": token.name, "scope": token.scope, "start": token.start, "expires_at": token.expires_at}
    record_change(actor=actor, action="user.issue_token", target=user, at=at, after=after)
    return text


def _check(name: str, scope: str, days: int) -> None:
    if not 1 <= len(name.strip()) <= NAME_LENGTH:
        raise InvalidInput(f"请写明令牌的用途，不超过 {NAME_LENGTH} 个字。")
    if scope not in ApiToken.Scope.values:
        raise InvalidInput("请选择令牌的范围：只读、报送或全部。")
    if not 1 <= days <= settings.TOKEN_DAYS:
        raise InvalidInput(f"有效期须在 1 至 {settings.TOKEN_DAYS} 天之间。")


@transaction.atomic
def revoke_one_token(*, actor: User | None, at: datetime, token: ApiToken, reason: str = "") -> None:
    """Take one token back: one's own, or anybody's as the security administrator, who says why."""
    if actor is not None and actor.pk != token.user_id:
        require(actor, "organizations.guard_sign_ins", "收回他人的接口令牌")
        if not reason.strip():
            raise InvalidInput("请写明收回令牌的理由。", fields={"reason": ["请写明理由。"]})
    if not ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at):
        raise StateConflict("这个令牌已经收回，请刷新页面。")
    before = {"name": token.name, "start": token.start}
    record_change(
        actor=actor, action="user.revoke_token", target=token.user, at=at, before=before, reason=reason
    )


@transaction.atomic
def revoke_token(*, actor: User | None, at: datetime, username: str, reason: str) -> None:
    """Whoever knows any of the user's tokens can do nothing with it any more."""
    require(actor, "organizations.guard_sign_ins", "收回接口令牌")
    if not drop_tokens(actor=actor, at=at, user=_user(username), reason=reason):
        raise StateConflict(f"账号“{username}”没有接口令牌。")


def drop_tokens(*, actor: User | None, at: datetime, user: User, reason: str) -> bool:
    """Inside another step, which asked for its own permission: take all tokens back, if there are any."""
    held = ApiToken.objects.filter(user=user).in_force(at)
    starts = list(held.order_by("pk").values_list("start", flat=True))
    if not starts:
        return False
    held.update(revoked_at=at)
    before = {"starts": starts}
    record_change(actor=actor, action="user.revoke_token", target=user, at=at, before=before, reason=reason)
    return True


def token_behind(text: str, *, at: datetime) -> ApiToken | None:
    """The token in force that has this text, of somebody whose account may be used; notes the use."""
    token = (
        ApiToken.objects.in_force(at)
        .select_related("user")
        .filter(digest=digest_of(text), user__is_active=True)
        .first()
    )
    if token is not None and (token.last_used_at is None or at - token.last_used_at >= NOTED_EVERY):
        _note_use(token, at)
    return token


def _note_use(token: ApiToken, at: datetime) -> None:
    """A full disk does not keep anybody from reading."""
    try:
        with transaction.atomic():
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=at)
    except DatabaseError as error:
        if disk_refusal(error) is None:
            raise


def digest_of(text: str) -> str:
    """What is kept of a token: it is long and random, so a plain hash cannot be turned round."""
    return hashlib.sha256(text.encode()).hexdigest()


def _user(username: str) -> User:
    user = User.objects.filter(username=username).first()
    if user is None:
        raise InvalidInput(f"没有账号“{username}”，请检查用户名。")
    return user

"""Tokens for the API: who has one acts as the account, without a password."""

from datetime import datetime

from django.db import transaction
from rest_framework.authtoken.models import Token

from foundation.errors import InvalidInput, StateConflict
from foundation.services.audit import record_change
from organizations.models import User
from organizations.permissions import require


@transaction.atomic
def issue_token(*, actor: User | None, at: datetime, username: str) -> str:
    """The user's token for the API, made at the first call; each time that it is shown is on record."""
    require(actor, "organizations.manage_accounts", "生成接口令牌")
    user = _user(username)
    if not user.is_active:
        raise InvalidInput(f"账号“{username}”已停用，不能生成令牌。")
    token, created = Token.objects.get_or_create(user=user)
    action = "user.issue_token" if created else "user.show_token"
    record_change(actor=actor, action=action, target=user, at=at)
    return str(token.key)


@transaction.atomic
def revoke_token(*, actor: User | None, at: datetime, username: str, reason: str) -> None:
    """Whoever knows the user's token can do nothing with it any more."""
    require(actor, "organizations.manage_accounts", "收回接口令牌")
    if not drop_token(actor=actor, at=at, user=_user(username), reason=reason):
        raise StateConflict(f"账号“{username}”没有接口令牌。")


def drop_token(*, actor: User | None, at: datetime, user: User, reason: str) -> bool:
    """Inside another step, which asked for its own permission: delete the token, if there is one."""
    if not Token.objects.filter(user=user).delete()[0]:
        return False
    record_change(actor=actor, action="user.revoke_token", target=user, at=at, reason=reason)
    return True


def _user(username: str) -> User:
    user = User.objects.filter(username=username).first()
    if user is None:
        raise InvalidInput(f"没有账号“{username}”，请检查用户名。")
    return user

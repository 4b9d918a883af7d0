"""What the security administrator does about the sign-ins of others: a lost telephone, a given password."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.services.audit import record_change
from organizations.models import User
from organizations.permissions import require
from organizations.services.sessions import drop_sessions
from organizations.services.tokens import drop_tokens


@transaction.atomic
def reset_second_factor(*, actor: User, at: datetime, user: User, reason: str) -> None:
    """Take all second factors of somebody away, with the recovery codes; who is in with the account is out.

    At the next sign-in the password suffices, and whose role asks for a factor sets one up at once.
    Raises InvalidInput without a reason, StateConflict where nothing is set up.
    """
    _check(actor, user, reason, "解除他人的两步验证")
    kinds = list(Authenticator.objects.filter(user=user).order_by("pk").values_list("type", flat=True))
    if not kinds:
        raise StateConflict(f"“{user}”没有启用两步验证，无需解除。")
    Authenticator.objects.filter(user=user).delete()
    before = {"factors": kinds}
    record_change(
        actor=actor, action="user.reset_second_factor", target=user, at=at, before=before, reason=reason
    )
    drop_sessions(actor=actor, at=at, user=user, reason=reason)
    drop_tokens(actor=actor, at=at, user=user, reason=reason)


@transaction.atomic
def unbind_identity(*, actor: User, at: datetime, user: User, reason: str) -> None:
    """The city's number opens the account no more; the next that bears its name is tied anew."""
    _check(actor, user, reason, "解除统一身份绑定")
    numbers = list(SocialAccount.objects.filter(user=user).order_by("pk").values_list("uid", flat=True))
    if not numbers:
        raise StateConflict(f"“{user}”没有绑定统一身份，无需解除。")
    SocialAccount.objects.filter(user=user).delete()
    before = {"numbers": numbers}
    record_change(
        actor=actor, action="user.unbind_identity", target=user, at=at, before=before, reason=reason
    )
    drop_sessions(actor=actor, at=at, user=user, reason=reason)


@transaction.atomic
def verify_person(*, actor: User, at: datetime, user: User, reason: str) -> None:
    """The person has said, face to face or by telephone, to be the one who uses the account: it may be used.

    Before that the person has signed in and chosen a password that nobody else knows; else whoever gave
    it could still be first. Raises InvalidInput without a reason, StateConflict where nothing waits.
    """
    _check(actor, user, reason, "核实重置过密码的账号")
    locked = User.objects.select_for_update().get(pk=user.pk)
    if locked.to_verify_since is None:
        raise StateConflict(f"“{user}”没有待核实的事项。")
    if locked.password_must_change:
        raise StateConflict(f"“{user}”尚未改掉管理员给的密码。请本人先登录改密，再向本人核实。")
    User.objects.filter(pk=locked.pk).update(to_verify_since=None)
    user.to_verify_since = None
    record_change(actor=actor, action="user.verify_person", target=user, at=at, reason=reason)


def _check(actor: User, user: User, reason: str, what: str) -> None:
    require(actor, "organizations.guard_sign_ins", what)
    if actor.pk == user.pk:
        raise PermissionRefused("自己的由另一位安全管理员办理。")
    if not reason.strip():
        raise InvalidInput("请写明理由。", fields={"reason": ["请写明理由。"]})

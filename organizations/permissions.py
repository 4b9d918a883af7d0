"""Asking the table of rules."""

from foundation.errors import PermissionRefused
from organizations.models import User


def require(actor: User | None, permission: str, what: str) -> None:
    """Refuse unless the actor holds the permission.

    ``actor`` None is the portal itself (a command, the fixtures); ``what``
    completes the sentence “您没有权限…”.
    """
    if actor is not None and not actor.has_perm(permission):
        raise PermissionRefused(f"您没有权限{what}。如确需办理，请联系安全管理员授予相应角色。")

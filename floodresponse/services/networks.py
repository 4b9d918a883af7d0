"""Accounts of gauge networks: tied to a network, they report its stations and nothing else."""

from datetime import datetime

from django.db import transaction

from floodresponse.models import NetworkAccount, Station
from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.services.audit import record_change
from organizations.models import User
from organizations.permissions import require

# Who may report is a right: it is given and taken by those who give and take roles.
PERMISSION = "organizations.grant_roles"


def network_of(user: User | None) -> str | None:
    """The network that the account is tied to; None for everybody else and for the portal itself."""
    if user is None or not user.is_active:
        return None
    return NetworkAccount.objects.filter(user=user).values_list("network", flat=True).first()


@transaction.atomic
def tie_to_network(*, actor: User | None, at: datetime, username: str, network: str) -> NetworkAccount:
    """Tie an account to a gauge network, or to another one than before.

    Raises InvalidInput for an account or a network that is not there, PermissionRefused for one's own:
    who reports readings is given it by another.
    """
    require(actor, PERMISSION, "登记站网账号")
    user, name = _user(username), network.strip()
    if actor is not None and actor.pk == user.pk:
        raise PermissionRefused("不能把自己的账号登记为站网账号，请由另一位安全管理员办理。")
    known = sorted(set(Station.objects.exclude(network="").order_by().values_list("network", flat=True)))
    if name not in known:
        there = f"已登记的站网有：{'、'.join(known)}。" if known else "请先登记站点并写明站网。"
        raise InvalidInput(f"没有站网“{name}”。{there}", fields={"network": [f"没有站网“{name}”。"]})
    before = network_of(user)
    if before == name:
        raise StateConflict(f"账号“{username}”已经登记在站网“{name}”。")
    account, _ = NetworkAccount.objects.update_or_create(user=user, defaults={"network": name, "tied_at": at})
    record_change(
        actor=actor,
        action="gauge_network.tie",
        target=user,
        at=at,
        before={"network": before} if before else None,
        after={"network": name},
    )
    return account


@transaction.atomic
def untie_from_network(*, actor: User | None, at: datetime, username: str, reason: str) -> None:
    """The account reports for no network any more, and why.

    Raises InvalidInput without a reason, StateConflict when it was tied to none.
    """
    require(actor, PERMISSION, "注销站网账号")
    if not reason.strip():
        raise InvalidInput("请写明注销站网账号的理由。", fields={"reason": ["请写明理由。"]})
    user = _user(username)
    before = network_of(user)
    if not NetworkAccount.objects.filter(user=user).delete()[0]:
        raise StateConflict(f"账号“{username}”没有登记在任何站网。")
    record_change(
        actor=actor,
        action="gauge_network.untie",
        target=user,
        at=at,
        before={"network": before},
        reason=reason.strip(),
    )


def _user(username: str) -> User:
    user = User.objects.filter(username=username).first()
    if user is None:
        raise InvalidInput(f"没有账号“{username}”，请检查用户名。")
    return user

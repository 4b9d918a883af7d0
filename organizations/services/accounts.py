"""Accounts and the roles they hold."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.services.audit import record_change
from organizations.models import Department, Role, RoleAssignment, User
from organizations.permissions import require
from organizations.rules import ADMINISTRATORS, PERMISSIONS, roles_of
from organizations.secondfactor import has_second_factor
from organizations.services.passwords import check_new_password, note_new_password
from organizations.services.sessions import drop_sessions
from organizations.services.tokens import drop_tokens
from organizations.signals import account_disabled, password_given

ADMIN_SITE_ROLES = PERMISSIONS["organizations.enter_admin_site"]


@transaction.atomic
def create_account(
    *, actor: User | None, at: datetime, username: str, password: str, display_name: str = ""
) -> User:
    """Create an account without any role.

    A password that another person gave is changed at the first sign-in, and the account then waits
    for ``verify_person``; the portal's own (a command, the demo) are random and may stay.
    """
    require(actor, "organizations.manage_accounts", "新建账号")
    user = User(username=username, display_name=display_name, to_verify_since=at if actor else None)
    check_new_password(password, user)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        raise StateConflict(f"账号“{username}”已经存在，请换一个用户名。") from error
    note_new_password(user=user, at=at, given_by_another=actor is not None)
    record_change(actor=actor, action="user.create", target=user, at=at, after={"username": username})
    return user


@transaction.atomic
def grant_role(
    *, actor: User | None, at: datetime, user: User, role: Role, department: Department | None = None
) -> RoleAssignment:
    """Give the user a role, in one department or in the whole portal; giving it twice changes nothing."""
    require(actor, "organizations.grant_roles", "授予角色")
    _refuse_oneself(actor, user)
    # Two grants at once to one person wait for each other, so that the second sees the first.
    User.objects.select_for_update().get(pk=user.pk)
    _check_separation(user, role)
    if actor is not None:
        _refuse_borrowed(user, at)
    assignment, created = RoleAssignment.objects.get_or_create(user=user, role=role, department=department)
    if created:
        _mark_staff(user)
        after = {"role": role.value, "department": department.name if department else ""}
        record_change(actor=actor, action="user.grant_role", target=user, at=at, after=after)
    return assignment


@transaction.atomic
def revoke_role(*, actor: User | None, at: datetime, assignment: RoleAssignment, reason: str) -> None:
    """Take a role back; the last holder of an administrator's role keeps it."""
    require(actor, "organizations.grant_roles", "收回角色")
    user, before = assignment.user, {"role": assignment.role, "department": str(assignment.department or "")}
    _refuse_oneself(actor, user)
    _keep_one_administrator({assignment.role}, without=Q(pk=assignment.pk), user=user)
    if RoleAssignment.objects.filter(pk=assignment.pk).delete()[0] != 1:
        raise StateConflict("这个角色已经收回，请刷新页面。")
    _mark_staff(user)
    record_change(actor=actor, action="user.revoke_role", target=user, at=at, before=before, reason=reason)


def _mark_staff(user: User) -> None:
    """Whether the user may enter Django's admin follows from the roles alone."""
    user.is_staff = user.assignments.filter(role__in=ADMIN_SITE_ROLES).exists()
    User.objects.filter(pk=user.pk).update(is_staff=user.is_staff)


@transaction.atomic
def update_account(
    *,
    actor: User | None,
    at: datetime,
    user: User,
    display_name: str,
    email: str,
    is_active: bool,
    reason: str,
) -> User:
    """Change how a person is called and reached, and whether the account may be used.

    A disabled account loses its tokens and its sessions at once: enabled again, it needs new ones.
    """
    require(actor, "organizations.manage_accounts", "修改账号")
    if actor is not None and actor.pk == user.pk and not is_active:
        raise InvalidInput("不能停用自己正在使用的账号，请由另一位系统管理员办理。")
    if not is_active:
        held = set(user.assignments.values_list("role", flat=True))
        _keep_one_administrator(held, without=Q(user=user), user=user)
    locked = User.objects.select_for_update().get(pk=user.pk)
    values = {"display_name": display_name, "email": email, "is_active": is_active}
    before = {name: getattr(locked, name) for name in values}
    if before == values:
        return locked
    User.objects.filter(pk=locked.pk).update(**values)
    locked.refresh_from_db()
    record_change(
        actor=actor, action="user.update", target=locked, at=at, before=before, after=values, reason=reason
    )
    if not locked.is_active:
        _end_use(actor, at, locked, reason)
    return locked


@transaction.atomic
def disable_account(*, actor: User, at: datetime, user: User, reason: str) -> User:
    """Somebody leaves: the account may not be used any more, and whoever is in with it is out.

    Raises InvalidInput without a reason or for oneself; a disabled account stays as it is.
    """
    require(actor, "organizations.guard_sign_ins", "停用离岗人员的账号")
    if not reason.strip():
        raise InvalidInput("请写明离岗的原因。", fields={"reason": ["请写明原因。"]})
    if actor.pk == user.pk:
        raise InvalidInput("不能停用自己的账号，请由另一位安全管理员办理。")
    _keep_one_administrator(
        set(user.assignments.values_list("role", flat=True)), without=Q(user=user), user=user
    )
    if User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
        record_change(
            actor=actor,
            action="user.update",
            target=user,
            at=at,
            before={"is_active": True},
            after={"is_active": False},
            reason=reason,
        )
        user.refresh_from_db()
        _end_use(actor, at, user, reason)
    user.refresh_from_db()
    return user


def _end_use(actor: User | None, at: datetime, user: User, reason: str) -> None:
    shut_out(actor=actor, at=at, user=user, reason=reason)
    account_disabled.send(sender=User, actor=actor, at=at, user=user, reason=reason)


def shut_out(*, actor: User | None, at: datetime, user: User, reason: str) -> None:
    """Inside another step: whoever is in with the account, by a browser or a token, is out."""
    drop_tokens(actor=actor, at=at, user=user, reason=reason)
    drop_sessions(actor=actor, at=at, user=user, reason=reason)


@transaction.atomic
def reset_password(*, actor: User | None, at: datetime, user: User, password: str, reason: str) -> None:
    """Give the account another password; who is signed in with the old one is out, its tokens too.

    Where the password alone would let the system administrator act as the person, the account waits
    until the security administrator has asked the person (``verify_person``). Raises PermissionRefused
    for another administrator without a second factor.
    """
    require(actor, "organizations.manage_accounts", "重置密码")
    locked = User.objects.select_for_update().get(pk=user.pk)
    # Whoever gives the password gets in with it, unless a second factor stands behind.
    waits = actor is not None and actor.pk != locked.pk and not has_second_factor(locked)
    if waits:
        _refuse_administrator(locked)
    check_new_password(password, locked)
    locked.set_password(password)
    User.objects.filter(pk=locked.pk).update(password=locked.password)
    note_new_password(user=locked, at=at, given_by_another=actor is not None)
    if waits:
        user.to_verify_since = locked.to_verify_since = at
        locked.save(update_fields=["to_verify_since"])
    after = {"to_verify": True} if waits else None
    record_change(actor=actor, action="user.reset_password", target=locked, at=at, after=after, reason=reason)
    shut_out(actor=actor, at=at, user=locked, reason=reason)
    if actor is not None and actor.pk != locked.pk:
        password_given.send(sender=User, actor=actor, at=at, user=locked, reason=reason)


def _check_separation(user: User, role: Role) -> None:
    if role not in ADMINISTRATORS:
        return
    held = set(user.assignments.values_list("role", flat=True)) & ADMINISTRATORS - {role}
    if held:
        raise InvalidInput("系统、安全、审计三类管理员须由不同的人担任，该账号已是其中之一。")


def _refuse_borrowed(user: User, at: datetime) -> None:
    """A token that somebody else made, for a gauge network, would act with the role in other hands."""
    borrowed = user.api_tokens.in_force(at).exclude(issued_by=user).exclude(issued_by=None)
    if borrowed.exists():
        raise StateConflict(
            f"“{user}”有他人生成的接口令牌（站网账号），担任角色后持有令牌的人可以冒用。请先收回令牌再授予。"
        )


def _refuse_administrator(user: User) -> None:
    """One administrator does not act as another, not even while the account waits."""
    if not roles_of(user).isdisjoint(ADMINISTRATORS):
        raise PermissionRefused(
            f"“{user}”是管理员，而两步验证尚未启用：重置密码的人可以冒用该账号。"
            "请先由安全管理员收回其角色，重置后再授予。"
        )


def _refuse_oneself(actor: User | None, user: User) -> None:
    if actor is not None and actor.pk == user.pk:
        raise PermissionRefused("不能给自己授予或收回角色，请由另一位安全管理员办理。")


def _keep_one_administrator(roles: set[str], *, without: Q, user: User) -> None:
    """Without one of them nobody could give the role, or the account, back.

    The database says whether the account may be used: a form has put what was typed into ``user`` already.
    """
    if not User.objects.filter(pk=user.pk, is_active=True).exists():
        return
    for role in sorted(roles & ADMINISTRATORS):
        held = RoleAssignment.objects.filter(role=role)
        # Two who take the last two away at once wait for each other here.
        list(held.select_for_update().order_by("pk").values_list("pk"))
        if not held.exclude(without).filter(user__is_active=True).exists():
            raise StateConflict(f"这是最后一位{Role(role).label}，请先将该角色授予另一个账号。")

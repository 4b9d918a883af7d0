"""Accounts and the roles they hold."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from rest_framework.authtoken.models import Token

from foundation.errors import InvalidInput, StateConflict
from foundation.services.audit import record_change
from organizations.models import Department, Role, RoleAssignment, User
from organizations.permissions import require

# Held by different people (等保 2.0): one of them never checks or grants to himself.
ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
# Django's admin is for those who keep records or accounts.
ADMIN_SITE_ROLES = ADMINISTRATORS | {Role.EDITOR, Role.PUBLISHER}


@transaction.atomic
def create_account(
    *, actor: User | None, at: datetime, username: str, password: str, display_name: str = ""
) -> User:
    """Create an account without any role."""
    require(actor, "organizations.manage_accounts", "新建账号")
    user = User(username=username, display_name=display_name)
    _check_password(password, user)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        raise StateConflict(f"账号“{username}”已经存在，请换一个用户名。") from error
    record_change(actor=actor, action="user.create", target=user, at=at, after={"username": username})
    return user


@transaction.atomic
def grant_role(
    *, actor: User | None, at: datetime, user: User, role: Role, department: Department | None = None
) -> RoleAssignment:
    """Give the user a role, in one department or in the whole portal; giving it twice changes nothing."""
    require(actor, "organizations.grant_roles", "授予角色")
    _check_separation(user, role)
    assignment, created = RoleAssignment.objects.get_or_create(user=user, role=role, department=department)
    if created:
        if role in ADMIN_SITE_ROLES:
            User.objects.filter(pk=user.pk).update(is_staff=True)
            user.is_staff = True
        after = {"role": role.value, "department": department.name if department else ""}
        record_change(actor=actor, action="user.grant_role", target=user, at=at, after=after)
    return assignment


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise InvalidInput("密码不符合要求：" + "".join(error.messages)) from error


def _check_separation(user: User, role: Role) -> None:
    if role not in ADMINISTRATORS:
        return
    held = set(user.assignments.values_list("role", flat=True)) & ADMINISTRATORS - {role}
    if held:
        raise InvalidInput("系统、安全、审计三类管理员须由不同的人担任，该账号已是其中之一。")


@transaction.atomic
def issue_token(*, actor: User | None, at: datetime, username: str) -> str:
    """The user's token for the API, made at the first call."""
    require(actor, "organizations.manage_accounts", "生成接口令牌")
    user = User.objects.filter(username=username).first()
    if user is None:
        raise InvalidInput(f"没有账号“{username}”，请检查用户名。")
    if not user.is_active:
        raise InvalidInput(f"账号“{username}”已停用，不能生成令牌。")
    token, created = Token.objects.get_or_create(user=user)
    if created:
        record_change(actor=actor, action="user.issue_token", target=user, at=at)
    return str(token.key)

"""``manage.py create_administrators``: the first people of a portal without demo accounts."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from foundation.errors import DomainError
from organizations.models import Role, RoleAssignment, User
from organizations.rules import ADMINISTRATORS
from organizations.services.accounts import create_account, grant_role
from zalantun.demo_accounts import random_password

R = Role


class Command(BaseCommand):
    """Prints a password for each, which the person changes at the first sign-in."""

    help = "为没有演示账号的门户建立首批三员：系统管理员、安全管理员、审计管理员，须由三人分别担任。"

    def add_arguments(self, parser: CommandParser) -> None:
        """Three user names."""
        parser.add_argument("system", help="系统管理员的用户名")
        parser.add_argument("security", help="安全管理员的用户名")
        parser.add_argument("audit", help="审计管理员的用户名")

    def handle(self, *args: Any, **options: Any) -> None:
        """All three or none."""
        names = [options["system"], options["security"], options["audit"]]
        if len({name.casefold() for name in names}) < len(names):
            raise CommandError("三员须由三人分别担任，三个用户名不能相同。")
        if RoleAssignment.objects.filter(role__in=ADMINISTRATORS).exists():
            raise CommandError("已经有管理员了，请由系统管理员在后台新建账号、安全管理员授予角色。")
        roles = (R.SYSTEM_ADMIN, R.SECURITY_ADMIN, R.AUDIT_ADMIN)
        try:
            with transaction.atomic():
                lines = [self._create(name, role) for name, role in zip(names, roles, strict=True)]
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write("\n".join(lines))
        self.stdout.write("请分别交给本人；首次登录时须改密码。这里的密码不会再显示。")

    def _create(self, name: str, role: Role) -> str:
        """The line for the person: name, password, role."""
        password = random_password()
        now = timezone.now()
        user = create_account(actor=None, at=now, username=name, password=password)
        User.objects.filter(pk=user.pk).update(password_must_change=True)
        grant_role(actor=None, at=now, user=user, role=role)
        return f"{name}\t{password}\t{role.label}"

"""``manage.py revoke_token USERNAME --reason WHY``: a token that is known to others ends."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from foundation.errors import DomainError
from organizations.services import revoke_token


class Command(BaseCommand):
    """Says nothing when it is done."""

    help = "收回该账号的接口令牌；下次 create_token 会生成新的令牌。"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """The user's name, and why."""
        parser.add_argument("username")
        parser.add_argument("--reason", default="由命令收回", help="写入审计记录的理由")

    def handle(self, *args: Any, **options: Any) -> None:
        """Revoke it, or one sentence on stderr."""
        try:
            revoke_token(
                actor=None, at=timezone.now(), username=options["username"], reason=options["reason"]
            )
        except DomainError as error:
            self.stderr.write(error.message)
            raise SystemExit(1) from None

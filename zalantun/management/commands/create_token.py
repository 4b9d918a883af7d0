"""``manage.py create_token USERNAME``: a token for the API."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from foundation.errors import DomainError
from organizations.models import ApiToken
from organizations.services import issue_token


class Command(BaseCommand):
    """Prints the token and nothing else."""

    help = "为该账号生成一个接口令牌并输出；令牌只显示这一次。"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """The user's name; what the token is for, what it may do, how long."""
        parser.add_argument("username")
        parser.add_argument("--name", default="命令行生成", help="用途，列在“接口令牌”页面上")
        parser.add_argument("--scope", default=ApiToken.Scope.ALL, choices=ApiToken.Scope.values)
        parser.add_argument("--days", type=int, default=None, help="有效天数，不超过 TOKEN_DAYS")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it, or one sentence on stderr."""
        try:
            token = issue_token(
                actor=None,
                at=timezone.now(),
                **{name: options[name] for name in ("username", "name", "scope", "days")},
            )
        except DomainError as error:
            self.stderr.write(error.message)
            raise SystemExit(1) from None
        self.stdout.write(token)

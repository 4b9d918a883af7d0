"""``manage.py create_token USERNAME``: a token for the API."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from foundation.errors import DomainError
from organizations.services import issue_token


class Command(BaseCommand):
    """Prints the token and nothing else."""

    help = "输出该账号的接口令牌；没有时先生成。"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """The user's name."""
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it, or one sentence on stderr."""
        try:
            token = issue_token(actor=None, at=timezone.now(), username=options["username"])
        except DomainError as error:
            self.stderr.write(error.message)
            raise SystemExit(1) from None
        self.stdout.write(token)

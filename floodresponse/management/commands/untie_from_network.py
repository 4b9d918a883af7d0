"""``manage.py untie_from_network USERNAME --reason WHY``: the account reports for no network any more."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from floodresponse.services.networks import untie_from_network
from foundation.errors import DomainError


class Command(BaseCommand):
    """Says nothing when it is done."""

    help = "注销站网账号；没有值班员等角色的账号此后不能报送数据。"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """The user's name, and why."""
        parser.add_argument("username")
        parser.add_argument("--reason", required=True, help="写入审计记录的理由")

    def handle(self, *args: Any, **options: Any) -> None:
        """Untie it, or one sentence on stderr."""
        try:
            untie_from_network(
                actor=None, at=timezone.now(), username=options["username"], reason=options["reason"]
            )
        except DomainError as error:
            self.stderr.write(error.message)
            raise SystemExit(1) from None

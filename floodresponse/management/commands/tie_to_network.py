"""``manage.py tie_to_network USERNAME NETWORK``: the account reports the stations of that network only."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from floodresponse.services.networks import tie_to_network
from foundation.errors import DomainError


class Command(BaseCommand):
    """Prints one sentence."""

    help = "把账号登记到站网：其接口令牌只能报送该站网的站点。"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """The user's name and the network's, as it stands at its stations."""
        parser.add_argument("username")
        parser.add_argument("network")

    def handle(self, *args: Any, **options: Any) -> None:
        """Tie it, or one sentence on stderr."""
        try:
            account = tie_to_network(
                actor=None, at=timezone.now(), username=options["username"], network=options["network"]
            )
        except DomainError as error:
            self.stderr.write(error.message)
            raise SystemExit(1) from None
        self.stdout.write(f"账号“{options['username']}”只能报送站网“{account.network}”的站点。")

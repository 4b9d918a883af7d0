"""The API's rate limits, by the same address as everything else."""

from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle, UserRateThrottle

from foundation.addresses import client_address


class VisitorThrottle(AnonRateThrottle):
    """Who has not signed in, by address."""

    def get_ident(self, request: Request) -> str:
        """The address behind our proxies."""
        return client_address(request)


class AccountThrottle(UserRateThrottle):
    """Who has signed in, by account."""

    def get_ident(self, request: Request) -> str:
        """The address behind our proxies."""
        return client_address(request)

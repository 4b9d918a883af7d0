"""How sign-in behaves here."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are given by the system administrator, never by signing up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Closed."""
        return False

"""How sign-in behaves here, and what of it goes on record.

The library calls these methods at the moment itself, with the request at hand;
its signals, or Django's, would say the same in another place and unordered.
"""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from foundation.addresses import client_address
from organizations.models import User
from organizations.services.signins import (
    record_failed_sign_in,
    record_password_change,
    record_sign_in,
    record_sign_out,
)


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are given by the system administrator, never by signing up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Closed."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that limits of tries are counted by."""
        return client_address(request)

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """On record."""
        super().login(request, user)
        if isinstance(user, User):
            record_sign_in(user=user, at=timezone.now())

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """On record, with the name alone."""
        super().authentication_failed(request, **credentials)
        record_failed_sign_in(username=str(credentials.get("username", "")), at=timezone.now())

    def logout(self, request: HttpRequest) -> None:
        """On record."""
        user = request.user
        super().logout(request)
        if isinstance(user, User):
            record_sign_out(user=user, at=timezone.now())

    @transaction.atomic
    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """One's own new password, on record."""
        super().set_password(user, password)
        if isinstance(user, User):
            record_password_change(user=user, at=timezone.now())

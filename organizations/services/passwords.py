"""Giving an account a password, checked and remembered."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from foundation.errors import InvalidInput
from organizations.models import FormerPassword, User

# More than any setting asks for; older ones are forgotten.
KEPT = 24


def check_new_password(password: str, user: User) -> None:
    """Raises InvalidInput with what is wrong with it."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise InvalidInput("密码不符合要求：" + "".join(error.messages)) from error


def note_new_password(*, user: User, at: datetime, given_by_another: bool) -> None:
    """Inside another step, after the account holds the new password: since when, and whether for good.

    What somebody else gave is known to two: its owner chooses another at the next sign-in.
    """
    FormerPassword.objects.create(user=user, password=user.password, set_at=at)
    kept = FormerPassword.objects.filter(user=user).values_list("pk", flat=True)[:KEPT]
    FormerPassword.objects.filter(user=user).exclude(pk__in=list(kept)).delete()
    user.password_set_at, user.password_must_change = at, given_by_another
    User.objects.filter(pk=user.pk).update(password_set_at=at, password_must_change=given_by_another)

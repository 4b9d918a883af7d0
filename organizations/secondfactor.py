"""The second factor: who has to have one."""

from allauth.mfa.models import Authenticator
from django.conf import settings

from organizations.models import User
from organizations.rules import SECOND_FACTOR_ROLES, roles_of

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_factor(user: User) -> bool:
    """Whether the person has set one up."""
    return bool(Authenticator.objects.filter(user=user, type__in=FACTORS).exists())


def needs_second_factor(user: User) -> bool:
    """Whether the person's roles ask for one that is not set up yet (等保 2.0, 8.1.4.1 d)."""
    return is_required_of(user) and not has_second_factor(user)


def is_required_of(user: User) -> bool:
    """Whether the person's roles ask for one."""
    return bool(settings.MFA_REQUIRED) and not roles_of(user).isdisjoint(SECOND_FACTOR_ROLES)

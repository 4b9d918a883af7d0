"""The second factor: who has to have one, and asking for it again before weighty decisions."""

import time
from collections.abc import Callable
from functools import wraps

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import suspend_request
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from rest_framework.request import Request

from foundation.errors import PermissionRefused
from organizations.access import StaffPage, StaffRequest
from organizations.models import ApiToken, User
from organizations.rules import SECOND_FACTOR_ROLES, roles_of

CODE_HEADER = "X-OTP"
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_factor(user: User) -> bool:
    """Whether the person has set one up."""
    return bool(Authenticator.objects.filter(user=user, type__in=FACTORS).exists())


def needs_second_factor(user: User) -> bool:
    """Whether the person's roles ask for one that is not set up yet (等保 2.0, 8.1.4.1 d)."""
    if not settings.MFA_REQUIRED or roles_of(user).isdisjoint(SECOND_FACTOR_ROLES):
        return False
    return not has_second_factor(user)


def is_confirmed(request: HttpRequest, user: User, *, now: float) -> bool:
    """Whether the second factor was shown within the last ``CONFIRMATION_SECONDS``, at sign-in or since."""
    shown = [
        record["at"] for record in get_authentication_records(request, user) if record["method"] == "mfa"
    ]
    return bool(shown) and 0 <= now - max(shown) < settings.CONFIRMATION_SECONDS


def confirmed_page(view: StaffPage[...]) -> Callable[..., HttpResponse]:
    """Ask who has a second factor for it before a weighty decision; what was typed goes on afterwards."""

    @wraps(view)
    def asked(request: StaffRequest, *args: object, **kwargs: object) -> HttpResponse:
        user = request.user
        if is_confirmed(request, user, now=time.time()):
            return view(request, *args, **kwargs)
        kinds = set(Authenticator.objects.filter(user=user, type__in=FACTORS).values_list("type", flat=True))
        if not kinds:
            return view(request, *args, **kwargs)
        page = "mfa_reauthenticate" if Authenticator.Type.TOTP in kinds else "mfa_reauthenticate_webauthn"
        answer: HttpResponse = suspend_request(request, reverse(page))
        return answer

    return asked


def require_confirmation(request: Request, user: User) -> None:
    """The same for the interface: the session's own, or a code in the header ``X-OTP``.

    Raises PermissionRefused without one. Who has no second factor is not asked.
    """
    if not has_second_factor(user):
        return
    by_token = isinstance(request.auth, ApiToken)
    if not by_token and is_confirmed(request._request, user, now=time.time()):
        return
    code = request.headers.get(CODE_HEADER, "")
    totp = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if not code or totp is None or not TOTP(totp).validate_code(code):
        raise PermissionRefused(
            f"重要决定须再次核验身份：请在请求头 {CODE_HEADER} 中附上当前动态码，或在网页上办理。"
        )

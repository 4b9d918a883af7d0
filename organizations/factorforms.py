"""The second step of a sign-in: each code counts once, and a wrong one goes on record."""

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from organizations.models import User
from organizations.services.signins import record_failed_factor

WRONG = "incorrect_code"


class _CodeOnce(BaseAuthenticateForm):  # type: ignore[misc]  # the library has no types here
    """A code of the telephone or a recovery code."""

    def clean_code(self) -> str:
        """Whose it is; one try after the other for each person, so that two at once use no code twice."""
        with transaction.atomic():
            User.objects.select_for_update().get(pk=self.user.pk)
            try:
                return self._for_the_first_time(super().clean_code())
            except ValidationError as refusal:
                wrong = refusal
                # Not the tries that are only told to wait: they would fill the log.
                if refusal.code == WRONG:
                    record_failed_factor(user=self.user, at=timezone.now())
        # Out here, so that what is on record stays.
        raise wrong

    def _for_the_first_time(self, code: str) -> str:
        """The library forgets a code after one step of the clock; it is good for all that are tolerated."""
        if self.authenticator.type != Authenticator.Type.TOTP:
            return code
        good_for = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
        if not cache.add(f"code-used:{self.user.pk}:{normalize_user_code(code)}", True, timeout=good_for):
            raise get_adapter().validation_error(WRONG)
        return code


class CodeForm(_CodeOnce, AuthenticateForm):  # type: ignore[misc]  # the library has no types here
    """At the door."""


class CodeAgainForm(_CodeOnce, ReauthenticateForm):  # type: ignore[misc]  # the library has no types here
    """Before a decision of weight."""

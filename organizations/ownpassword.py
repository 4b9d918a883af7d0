"""Changing one's own password: the old one is asked for as it is at the door."""

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm


class OwnPasswordForm(ChangePasswordForm):  # type: ignore[misc]  # the library has no types here
    """Whoever sits at somebody else's open page guesses the old password no more often than at the door."""

    def clean_oldpassword(self) -> str:
        """Right, or a try that counts and goes on record."""
        typed = str(self.cleaned_data.get("oldpassword", ""))
        if not get_adapter().reauthenticate(self.user, typed):
            raise get_adapter().validation_error("enter_current_password")
        return typed

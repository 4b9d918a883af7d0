"""What the rooms do as soon as an account is disabled or given a password, whoever did it and where."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from organizations.models import User
from organizations.signals import account_disabled, password_given, person_waits
from taskboard.services.calendarkeys import drop_calendar_key
from zalantun.accounts.services import settle_messages, tell_of_password, tell_who_waits


@receiver(account_disabled)
def see_to_disabled(*, actor: User | None, at: datetime, user: User, reason: str, **kwargs: Any) -> None:
    """The secret address ends for good; what waits goes to whoever is left."""
    drop_calendar_key(actor=actor, at=at, user=user, reason=reason)
    settle_messages(user=user, at=at)


@receiver(password_given)
def see_to_given(*, actor: User, at: datetime, user: User, reason: str, **kwargs: Any) -> None:
    """Whoever did not ask for it has to hear of it."""
    tell_of_password(actor=actor, at=at, user=user, reason=reason)


@receiver(person_waits)
def see_to_waiting(*, at: datetime, user: User, **kwargs: Any) -> None:
    """Whoever can let the person go on hears that it is time to ask."""
    tell_who_waits(at=at, user=user)

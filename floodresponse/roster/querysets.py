"""Reads of the duty roster."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models

from organizations.visitors import Visitor

if TYPE_CHECKING:
    from floodresponse.models import DutyShift, DutySwap  # noqa: F401

PERMISSION = "floodresponse.view_command_post"


class DutyShiftQuerySet(models.QuerySet["DutyShift"]):
    """Shifts."""

    def visible_to(self, user: Visitor) -> Self:
        """All to those who see the command post: at night anybody may have to call anybody."""
        return self if user.has_perm(PERMISSION) else self.none()

    def of_days(self, first: date, last: date) -> Self:
        """From one day to another, both included."""
        return self.filter(day__gte=first, day__lte=last)


class DutySwapQuerySet(models.QuerySet["DutySwap"]):
    """Swaps."""

    def visible_to(self, user: Visitor) -> Self:
        """All to those who see the command post."""
        return self if user.has_perm(PERMISSION) else self.none()

    def asked(self) -> Self:
        """Not answered yet."""
        return self.filter(state="asked")

    def waiting_for(self, user: Visitor) -> Self:
        """Those that the person has to answer."""
        return self.asked().filter(other__user=user.pk) if user.pk else self.none()

"""Reads of the periodic reports that are owed."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models

if TYPE_CHECKING:
    from taskboard.models import ReportObligation  # noqa: F401


class ReportObligationQuerySet(models.QuerySet["ReportObligation"]):
    """Periodic reports."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Whoever sees tasks sees who reports on them."""
        allowed = user.is_authenticated and user.has_perm("taskboard.view_task")  # type: ignore[attr-defined]
        return self if allowed else self.none()

    def open(self) -> Self:
        """Not handed in yet."""
        return self.filter(state="open")

    def overdue(self, on_day: date, moment: datetime | None = None) -> Self:
        """Not handed in, of a past day not before the moment at its end, although due before the day."""
        waiting = (
            self.open()
            if moment is None
            else self.filter(models.Q(state="open") | models.Q(met_at__gte=moment))
        )
        return waiting.filter(due_on__lt=on_day)

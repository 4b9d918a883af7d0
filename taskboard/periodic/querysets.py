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

    def seen(self, on_day: date, moment: datetime | None) -> Self:
        """As they are, or those whose period had begun by the past day.

        Adds ``state_then`` and ``met_at_then``.
        """
        if moment is None:
            return self.annotate(state_then=models.F("state"), met_at_then=models.F("met_at"))
        met = models.Q(met_at__lt=moment)
        return self.filter(period_start__lte=on_day).annotate(
            state_then=models.Case(
                models.When(met, then=models.F("state")),
                default=models.Value("open"),
                output_field=models.CharField(),
            ),
            met_at_then=models.Case(models.When(met, then=models.F("met_at")), default=None),
        )

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

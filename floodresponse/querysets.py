"""Reads of plans and responses."""

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from floodresponse.models import Plan, Response  # noqa: F401


class PlanQuerySet(models.QuerySet["Plan"]):
    """Plans."""

    def holding_in(self, year: int) -> "Plan | None":
        """The plan of the year, else the latest one before it, else the earliest there is."""
        later = models.Case(models.When(year__gt=year, then=1), default=0)
        nearest = models.Case(models.When(year__gt=year, then=models.F("year")), default=-models.F("year"))
        return self.order_by(later, nearest).first()


class ResponseQuerySet(models.QuerySet["Response"]):
    """Responses."""

    def real(self) -> Self:
        """Exercises left out."""
        return self.filter(exercise=False)

    def active(self) -> Self:
        """Declared and not terminated."""
        return self.filter(terminated_at__isnull=True)

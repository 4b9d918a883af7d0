"""Reads of plans and responses."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models

if TYPE_CHECKING:
    from floodresponse.models import (  # noqa: F401
        CapMessage,
        DrillReading,
        FloodWarning,
        Plan,
        RainOrder,
        Reading,
        Response,
        Station,
        StormReplay,
    )


class PlanQuerySet(models.QuerySet["Plan"]):
    """Plans."""

    def published(self) -> Self:
        """What has been put in force."""
        return self.filter(publication="published")

    def drafts(self) -> Self:
        """What waits to be put in force."""
        return self.filter(publication="draft")

    def with_basis(self, year: int) -> Self:
        """Adds ``basis``: on whose word the plan holds in a year that is not its own (沿用)."""
        confirmations = self.model._meta.get_field("confirmations").related_model._default_manager
        said = confirmations.filter(plan=models.OuterRef("pk"), year=year)
        return self.annotate(basis=models.Subquery(said.values("basis")[:1]))

    def holding_in(self, year: int) -> "Plan | None":
        """The plan of the year, else the latest one before it, else the earliest there is; with its basis."""
        later = models.Case(models.When(year__gt=year, then=1), default=0)
        nearest = models.Case(models.When(year__gt=year, then=models.F("year")), default=-models.F("year"))
        return self.published().with_basis(year).order_by(later, nearest).first()


class ResponseQuerySet(models.QuerySet["Response"]):
    """Responses."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """All to those who see the command post."""
        return self if user.has_perm("floodresponse.view_command_post") else self.none()  # type: ignore[union-attr]

    def real(self) -> Self:
        """Exercises left out."""
        return self.filter(exercise=False)

    def active(self) -> Self:
        """Declared and not terminated."""
        return self.filter(terminated_at__isnull=True)

    def active_at(self, at: datetime) -> Self:
        """Declared by a moment and not terminated then."""
        still = models.Q(terminated_at__isnull=True) | models.Q(terminated_at__gt=at)
        return self.filter(still, declared_at__lte=at)


class StationQuerySet(models.QuerySet["Station"]):
    """Stations."""

    def counted(self) -> Self:
        """Those that the level rests on: urban gauges, points on the list of low spots."""
        urban, low = models.Q(kind="rain", is_urban=True), models.Q(kind="ponding", is_low_spot=True)
        return self.filter(urban | low, is_active=True)

    def with_last_heard(self, at: datetime) -> Self:
        """Adds ``last_at`` and ``last_value``: the last reading up to a moment."""
        readings = self.model._meta.get_field("readings").related_model._default_manager
        latest = readings.filter(station=models.OuterRef("pk"), observed_at__lte=at).order_by("-observed_at")
        return self.annotate(
            last_at=models.Subquery(latest.values("observed_at")[:1]),
            last_value=models.Subquery(latest.values("value")[:1]),
        )


class ReadingQuerySet(models.QuerySet["Reading"]):
    """Readings."""

    def between(self, begins: datetime, ends: datetime) -> Self:
        """After a moment, up to another."""
        return self.filter(observed_at__gt=begins, observed_at__lte=ends)


class CapMessageQuerySet(models.QuerySet["CapMessage"]):
    """Public alerts."""

    def public(self) -> Self:
        """What everybody may read: no exercises."""
        return self.filter(exercise=False)


class DrillReadingQuerySet(models.QuerySet["DrillReading"]):
    """Readings of drills."""

    def between(self, begins: datetime, ends: datetime) -> Self:
        """After a moment, up to another."""
        return self.filter(observed_at__gt=begins, observed_at__lte=ends)


class StormReplayQuerySet(models.QuerySet["StormReplay"]):
    """Storms of drills."""

    def running(self) -> "StormReplay | None":
        """The one that is on; none outside a drill."""
        return self.filter(is_on=True).first()


class RainOrderQuerySet(models.QuerySet["RainOrder"]):
    """Orders below level IV."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """All to those who see the command post."""
        return self if user.has_perm("floodresponse.view_command_post") else self.none()  # type: ignore[union-attr]

    def standing(self) -> Self:
        """Ordered and not ended."""
        return self.filter(ended_at__isnull=True)


class FloodWarningQuerySet(models.QuerySet["FloodWarning"]):
    """Warnings."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """All to those who see the command post."""
        return self if user.has_perm("floodresponse.view_command_post") else self.none()  # type: ignore[union-attr]

    def real(self) -> Self:
        """Exercises left out."""
        return self.filter(exercise=False)

    def in_force(self, at: datetime) -> Self:
        """Issued, begun, neither lifted nor expired."""
        return self.filter(state="issued", valid_from__lte=at, valid_to__gt=at)

"""Reads of supplies, shelters and households."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from floodresponse.standing import keeps_office, units_of
from organizations.visitors import Visitor

if TYPE_CHECKING:
    from floodresponse.models import (  # noqa: F401
        Household,
        HouseholdMove,
        Shelter,
        Supply,
        SupplyMinimum,
    )


class SupplyQuerySet(models.QuerySet["Supply"]):
    """Stocks."""

    def with_minimum(self, level: int) -> Self:
        """Adds ``minimum``: the most that is asked for at the level or a less severe one; None for none.

        And ``held``: what the unit has of the article at all its places, which is compared with it.
        """
        unit: Any = self.model._meta.get_field("unit").related_model
        minimums = unit._meta.get_field("flood_minimums").related_model._default_manager
        asked = minimums.filter(unit=models.OuterRef("unit"), name=models.OuterRef("name"), level__gte=level)
        return self.annotate(
            minimum=models.Subquery(asked.order_by("-quantity").values("quantity")[:1]),
            held=_held_of(self.model._default_manager.all()),
        )


class SupplyMinimumQuerySet(models.QuerySet["SupplyMinimum"]):
    """What should be there."""

    def with_held(self, stocks: models.QuerySet["Supply"]) -> Self:
        """Adds ``held``: what the unit has of the article at all its places."""
        return self.annotate(held=_held_of(stocks))


def _held_of(stocks: models.QuerySet["Supply"]) -> Coalesce:
    same = stocks.filter(unit=models.OuterRef("unit"), name=models.OuterRef("name"))
    total = same.order_by().values("unit", "name").annotate(total=models.Sum("quantity")).values("total")
    number = models.DecimalField(max_digits=14, decimal_places=2)
    return Coalesce(models.Subquery(total, output_field=number), models.Value(0, output_field=number))


class ShelterQuerySet(models.QuerySet["Shelter"]):
    """Shelters."""

    def with_people(self) -> Self:
        """Adds ``housed``: how many people are there now, drills left out."""
        there = Q(moves__returned_at__isnull=True, moves__response__exercise=False)
        return self.annotate(housed=Coalesce(models.Sum("moves__people", filter=there), 0))


class HouseholdQuerySet(models.QuerySet["Household"]):
    """Households; they are personal data and not for all staff."""

    def visible_to(self, user: Visitor) -> Self:
        """The command post sees all, a street its own."""
        if not user.has_perm("floodresponse.view_households"):
            return self.none()
        return self if keeps_office(user) else self.filter(street__in=units_of(user))

    def on_book(self) -> Self:
        """Still to be moved when it rains."""
        return self.filter(is_active=True)


class HouseholdMoveQuerySet(models.QuerySet["HouseholdMove"]):
    """Moves of households."""

    def last_of_each(self) -> Self:
        """Of each household and response the last one: whoever left twice is counted once."""
        later = self.model._default_manager.filter(
            household=models.OuterRef("household"), response=models.OuterRef("response")
        )
        return self.filter(pk=models.Subquery(later.order_by("-moved_at", "-pk").values("pk")[:1]))

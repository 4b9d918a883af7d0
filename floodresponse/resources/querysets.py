"""Reads of supplies, shelters and households."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from floodresponse.standing import keeps_office, units_of
from organizations.visitors import Visitor

if TYPE_CHECKING:
    from floodresponse.models import Household, Shelter, Supply  # noqa: F401


class SupplyQuerySet(models.QuerySet["Supply"]):
    """Stocks."""

    def with_minimum(self, level: int) -> Self:
        """Adds ``minimum``: the most that is asked for at the level or a less severe one; None for none."""
        minimums = self.model._meta.get_field("unit").related_model._meta.get_field("flood_minimums")
        asked = minimums.related_model._default_manager.filter(
            unit=models.OuterRef("unit"), name=models.OuterRef("name"), level__gte=level
        )
        return self.annotate(minimum=models.Subquery(asked.order_by("-quantity").values("quantity")[:1]))


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

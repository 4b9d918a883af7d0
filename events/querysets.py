"""Reads of the chronicle."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models

if TYPE_CHECKING:
    from events.models import Event  # noqa: F401


class EventQuerySet(models.QuerySet["Event"]):
    """Entries."""

    def published(self) -> Self:
        """What has been published, withdrawn entries left out."""
        return self.filter(publication="published")

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Editors see all, everybody else what is published."""
        if user.is_authenticated and user.has_perm("events.view_unpublished"):  # type: ignore[attr-defined]
            return self
        return self.published()

    def starting_in(self, year: int, month: int | None = None) -> Self:
        """Entries whose first day lies in the year, or in one month of it."""
        found = self.filter(start_date__year=year)
        return found.filter(start_date__month=month) if month else found

    def covering(self, day: date) -> Self:
        """Entries that include the day."""
        return self.filter(start_date__lte=day, end_date__gte=day)

    def with_names(self) -> Self:
        """People, departments and topics in a constant number of queries."""
        return self.prefetch_related("officials__person", "mentions__department", "topics")

    def with_mentions(self) -> Self:
        """Officials, departments, topics, citations and corrections in a constant number of queries."""
        return self.prefetch_related(
            "officials__person", "mentions__department", "topics", "citations__directive", "corrections"
        )

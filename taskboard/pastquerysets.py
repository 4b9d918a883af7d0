"""Reads of the departments that a task had before it was corrected."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from taskboard.models import PastDuty  # noqa: F401


class PastDutyQuerySet(models.QuerySet["PastDuty"]):
    """Departments as they were."""

    def at(self, moment: datetime) -> Self:
        """Those that held just before the moment: of each task the set that was replaced first after it."""
        later = self.model._default_manager.filter(task=models.OuterRef("task"), until__gte=moment)
        first = later.order_by("until").values("until")[:1]
        return self.filter(until__gte=moment, until=models.Subquery(first))

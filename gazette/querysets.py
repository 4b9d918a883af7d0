"""Reads of imports."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from gazette.models import ImportRun  # noqa: F401

# Whoever reads or writes an import is taken to be gone after so long.
LEASE = timedelta(minutes=30)


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    """Imports."""

    def stale(self, at: datetime) -> Self:
        """Waiting for, or in the hands of, somebody who has not been heard of since the lease began."""
        limit = at - LEASE
        unheard = models.Q(claimed_at__lte=limit) | models.Q(claimed_at=None, created_at__lte=limit)
        return self.filter(unheard, state__in=["waiting", "reading", "writing"])

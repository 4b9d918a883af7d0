"""Reads of what is settled after a response."""

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from floodresponse.models import AftermathEntry  # noqa: F401


class AftermathEntryQuerySet(models.QuerySet["AftermathEntry"]):
    """Matters to settle."""

    def standing(self) -> Self:
        """Not struck out."""
        return self.filter(struck_at=None)

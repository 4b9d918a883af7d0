"""Reads of responses."""

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from floodresponse.models import Response  # noqa: F401


class ResponseQuerySet(models.QuerySet["Response"]):
    """Responses."""

    def real(self) -> Self:
        """Exercises left out."""
        return self.filter(exercise=False)

    def active(self) -> Self:
        """Declared and not terminated."""
        return self.filter(terminated_at__isnull=True)

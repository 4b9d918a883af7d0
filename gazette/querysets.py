"""Reads of imports and issues."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models

from foundation.publication import PUBLISHED

if TYPE_CHECKING:
    from gazette.models import ImportRun, Issue  # noqa: F401

COMPOSE, SIGN = "gazette.compose_issue", "gazette.publish_issue"

# Whoever reads or writes an import is taken to be gone after so long.
LEASE = timedelta(minutes=30)


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    """Imports."""

    def stale(self, at: datetime) -> Self:
        """Waiting for, or in the hands of, somebody who has not been heard of since the lease began."""
        limit = at - LEASE
        unheard = models.Q(claimed_at__lte=limit) | models.Q(claimed_at=None, created_at__lte=limit)
        return self.filter(unheard, state__in=["waiting", "reading", "writing"])


class IssueQuerySet(models.QuerySet["Issue"]):
    """Issues of the gazette."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """The desk sees all, everybody else what was published and stands."""
        if user.is_authenticated and user.has_perm(COMPOSE):  # type: ignore[attr-defined]
            return self
        return self.published()

    def published(self) -> Self:
        """Published, not withdrawn."""
        return self.filter(publication=PUBLISHED)

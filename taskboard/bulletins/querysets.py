"""Reads of bulletins."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models

from foundation.publication import PUBLISHED, WITHDRAWN

if TYPE_CHECKING:
    from taskboard.models import Bulletin  # noqa: F401

# What a page of a past day shows as it was.
CHANGING = ("publication", "title", "year", "number", "published_at", "updated_at", "withdrawal_reason")
READ, WRITE, SIGN = "taskboard.view_task", "taskboard.write_bulletin", "taskboard.publish_bulletin"


class BulletinQuerySet(models.QuerySet["Bulletin"]):
    """Bulletins."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Staff read what was published; drafts are for those who write and sign them."""
        if not user.is_authenticated or not user.has_perm(READ):  # type: ignore[attr-defined]
            return self.none()
        if user.has_perm(WRITE) or user.has_perm(SIGN):  # type: ignore[attr-defined]
            return self
        return self.numbered()

    def seen(self, moment: datetime | None) -> Self:
        """As they are, or those that were drafted before the moment, as their history has them.

        Adds a field with ``_then`` for each of ``CHANGING``.
        """
        if moment is None:
            return self.annotate(**{f"{name}_then": models.F(name) for name in CHANGING})
        versions = self.model.history.model.objects
        last = versions.filter(id=models.OuterRef("pk"), history_date__lt=moment)
        last = last.order_by("-history_date", "-history_id")
        then = {f"{name}_then": models.Subquery(last.values(name)[:1]) for name in CHANGING}
        return self.annotate(**then).filter(publication_then__isnull=False)

    def numbered(self) -> Self:
        """Published once, withdrawn since or not."""
        return self.filter(publication__in=(PUBLISHED, WITHDRAWN))

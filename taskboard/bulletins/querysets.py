"""Reads of bulletins."""

from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models

from foundation.publication import PUBLISHED, WITHDRAWN

if TYPE_CHECKING:
    from taskboard.models import Bulletin  # noqa: F401

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

    def numbered(self) -> Self:
        """Published once, withdrawn since or not."""
        return self.filter(publication__in=(PUBLISHED, WITHDRAWN))

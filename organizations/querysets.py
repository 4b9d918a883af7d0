"""Reads of departments and people."""

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from organizations.models import Department, Person  # noqa: F401


class DepartmentQuerySet(models.QuerySet["Department"]):
    """Departments."""

    def active(self) -> "DepartmentQuerySet":
        """Those in use."""
        return self.filter(is_active=True)

    def streets(self) -> "DepartmentQuerySet":
        """The streets of the city."""
        return self.filter(kind="street")

    def with_aliases(self) -> "DepartmentQuerySet":
        """Aliases fetched in one query."""
        return self.prefetch_related("aliases")


class PersonQuerySet(models.QuerySet["Person"]):
    """People."""

    def with_posts(self) -> "PersonQuerySet":
        """Posts fetched in one query."""
        return self.prefetch_related("posts")

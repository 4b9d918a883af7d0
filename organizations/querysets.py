"""Reads of departments and people."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models

if TYPE_CHECKING:
    from organizations.models import Department, Person  # noqa: F401


class DepartmentQuerySet(models.QuerySet["Department"]):
    """Departments."""

    def active(self) -> Self:
        """Those in use."""
        return self.filter(is_active=True)

    def streets(self) -> Self:
        """The streets of the city."""
        return self.filter(kind="street")

    def named(self, *forms: str) -> Self:
        """Departments with a word, in any of its forms, in a name or alias."""
        aliases = related(self.model, "aliases").filter(
            holding("name", forms=forms), department=models.OuterRef("pk")
        )
        own = holding("name", "short_name", forms=forms)
        return self.filter(own | models.Q(models.Exists(aliases)))

    def with_aliases(self) -> Self:
        """Aliases fetched in one query."""
        return self.prefetch_related("aliases")


class PersonQuerySet(models.QuerySet["Person"]):
    """People."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Staff see all; others whom a published entry or a public document names."""
        if user.is_authenticated:
            return self
        here = {"person": models.OuterRef("pk")}
        entries = related(self.model, "appearances").filter(event__publication="published", **here)
        rosters = related(self.model, "memberships").filter(
            roster__directive__publication="published", roster__directive__is_public=True, **here
        )
        return self.filter(models.Q(models.Exists(entries)) | models.Q(models.Exists(rosters)))

    def named(self, *forms: str) -> Self:
        """People with a word, in any of its forms, in their name, a misprinted form of it, or a post."""
        here = {"person": models.OuterRef("pk")}
        variants = related(self.model, "variants").filter(holding("printed_name", forms=forms), **here)
        posts = related(self.model, "posts").filter(holding("title", forms=forms), **here)
        own = holding("name", "qualifier", forms=forms)
        return self.filter(own | models.Q(models.Exists(variants)) | models.Q(models.Exists(posts)))

    def with_posts(self) -> Self:
        """Posts fetched in one query."""
        return self.prefetch_related("posts")


def holding(*fields: str, forms: Iterable[str]) -> models.Q:
    """Rows with any of the forms in any of the fields."""
    wanted = models.Q(pk__in=[])
    for form in forms:
        for field in fields:
            wanted |= models.Q(**{f"{field}__icontains": form})
    return wanted


def related(model: type[models.Model], relation: str) -> models.QuerySet[Any]:
    """All rows of a reverse relation; upper rooms are reached this way, never by an import."""
    field: Any = model._meta.get_field(relation)
    manager: models.Manager[Any] = field.related_model._default_manager
    return manager.all()

"""Reads of departments and people."""

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

    def named(self, word: str) -> Self:
        """Departments with the word in a name or alias."""
        aliases = related(self.model, "aliases").filter(
            department=models.OuterRef("pk"), name__icontains=word
        )
        own = models.Q(name__icontains=word) | models.Q(short_name__icontains=word)
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

    def named(self, word: str) -> Self:
        """People with the word in their name, a misprinted form of it, or a post."""
        here = {"person": models.OuterRef("pk")}
        variants = related(self.model, "variants").filter(printed_name__icontains=word, **here)
        posts = related(self.model, "posts").filter(title__icontains=word, **here)
        named = models.Q(name__icontains=word) | models.Q(qualifier__icontains=word)
        return self.filter(named | models.Q(models.Exists(variants)) | models.Q(models.Exists(posts)))

    def with_posts(self) -> Self:
        """Posts fetched in one query."""
        return self.prefetch_related("posts")


def related(model: type[models.Model], relation: str) -> models.QuerySet[Any]:
    """All rows of a reverse relation; upper rooms are reached this way, never by an import."""
    field: Any = model._meta.get_field(relation)
    manager: models.Manager[Any] = field.related_model._default_manager
    return manager.all()

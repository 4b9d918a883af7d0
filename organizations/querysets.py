"""Reads of departments and people."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models
from django.db.models.functions import Coalesce

from search.documents import EVERYBODY

if TYPE_CHECKING:
    from datetime import datetime

    from organizations.models import ApiToken, Department, Person, Post  # noqa: F401

ALL_NAMES = "organizations.view_all_names"
# Entries of the index for those who see less of a person.
WITHOUT_ALL_NAMES = f"!{ALL_NAMES}"


class DepartmentQuerySet(models.QuerySet["Department"]):
    """Departments."""

    def active(self) -> Self:
        """Those in use."""
        return self.filter(is_active=True)

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Staff see all; others what is kept by hand or stands in something published."""
        if sees_all_names(user):
            return self
        here = {"department": models.OuterRef("pk")}
        entries = related(self.model, "event_mentions").filter(event__publication="published", **here)
        documents = related(self.model, "issued").visible_to(user).order_by()
        issued = documents.filter(issuing_department=models.OuterRef("pk"))
        posts = related(self.model, "posts").visible_to(user).order_by().filter(**here)
        seen = models.Exists(entries) | models.Exists(issued) | models.Exists(posts)
        return self.filter(models.Q(learnt=False) | seen)

    def streets(self) -> Self:
        """The streets of the city."""
        return self.filter(kind="street")

    def named(self, *forms: str) -> Self:
        """Departments with a word, in any of its forms, in a name or alias.

        A city has some hundred of them: of a thousand a look at every row
        takes less than 1 ms, so they need no index.
        """
        aliases = related(self.model, "aliases").filter(
            holding("name", forms=forms), department=models.OuterRef("pk")
        )
        own = holding("name", "short_name", forms=forms)
        return self.filter(own | models.Q(models.Exists(aliases)))

    def with_aliases(self) -> Self:
        """Aliases fetched in one query."""
        return self.prefetch_related("aliases")

    def with_counts(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Adds how many ``entries``, ``people``, ``leads`` and ``supports`` the user may see."""
        entries = related(self.model, "event_mentions", "event").visible_to(user)
        people = related(self.model, "posts", "person").visible_to(user)
        tasks = related(self.model, "task_duties", "task").visible_to(user)
        mentions = related(self.model, "event_mentions").filter(event__in=entries.order_by())
        posts = related(self.model, "posts").visible_to(user).filter(person__in=people.order_by())
        duties = related(self.model, "task_duties").filter(task__in=tasks.order_by())
        return self.annotate(
            entries=count_of(mentions, "department"),
            people=count_of(posts, "department", "person"),
            leads=count_of(duties.filter(role="lead"), "department"),
            supports=count_of(duties.filter(role="support"), "department"),
        )


class PersonQuerySet(models.QuerySet["Person"]):
    """People."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Staff see all; others whom a published entry or a public document names."""
        if sees_all_names(user):
            return self
        here = {"person": models.OuterRef("pk")}
        entries = related(self.model, "appearances").filter(event__publication="published", **here)
        rosters = related(self.model, "memberships").filter(
            roster__directive__publication="published", roster__directive__is_public=True, **here
        )
        return self.filter(models.Q(models.Exists(entries)) | models.Q(models.Exists(rosters)))

    def with_posts(self, user: AbstractBaseUser | AnonymousUser | None = None) -> Self:
        """Posts, with departments, fetched in one query: those that the user may see; all for nobody."""
        posts = related(self.model, "posts").select_related("department")
        return self.prefetch_related(
            models.Prefetch("posts", posts if user is None else posts.visible_to(user))
        )

    def with_appearances(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Adds ``last_on`` and how many ``entries`` and ``rosters``, of those the user may see, name them."""
        events = related(self.model, "appearances", "event").visible_to(user).order_by()
        documents = related(self.model, "memberships", "roster", "directive").visible_to(user).order_by()
        seen = related(self.model, "appearances").filter(event__in=events)
        listed = related(self.model, "memberships").filter(roster__directive__in=documents)
        days = seen.filter(person=models.OuterRef("pk")).order_by("-event__start_date")
        return self.annotate(
            entries=count_of(seen, "person"),
            rosters=count_of(listed, "person", "roster"),
            last_on=models.Subquery(days.values("event__start_date")[:1]),
        )


class PostQuerySet(models.QuerySet["Post"]):
    """Posts."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Staff see all; others what is kept by hand or stands in something published, word by word."""
        if sees_all_names(user):
            return self
        here = {"person": models.OuterRef("person"), "post": models.OuterRef("title")}
        entries = related(self.model, "person", "appearances").filter(event__publication="published", **here)
        rosters = related(self.model, "person", "memberships").filter(
            roster__directive__publication="published", roster__directive__is_public=True, **here
        )
        seen = models.Exists(entries) | models.Exists(rosters)
        return self.filter(models.Q(learnt=False) | seen)


def sees_all_names(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether the user holds a role; an account alone opens nothing."""
    allowed: bool = user.has_perm(ALL_NAMES)  # type: ignore[union-attr]  # of AbstractBaseUser, ours has it
    return allowed


def name_audiences(user: AbstractBaseUser | AnonymousUser) -> tuple[str, str]:
    """Whose entries of people and departments in the index the user reads."""
    return EVERYBODY, ALL_NAMES if sees_all_names(user) else WITHOUT_ALL_NAMES


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Tokens of the API."""

    def in_force(self, at: "datetime") -> Self:
        """Those that open something: neither taken back nor run out."""
        return self.filter(revoked_at=None, expires_at__gt=at)


def holding(*fields: str, forms: Iterable[str]) -> models.Q:
    """Rows with any of the forms in any of the fields."""
    wanted = models.Q(pk__in=[])
    for form in forms:
        for field in fields:
            wanted |= models.Q(**{f"{field}__icontains": form})
    return wanted


def related(model: type[models.Model], *relations: str) -> Any:
    """All rows at the end of a chain of relations, as their own queryset.

    Upper rooms are reached this way, never by an import.
    """
    for relation in relations:
        field: Any = model._meta.get_field(relation)
        model = field.related_model
    manager: models.Manager[Any] = model._default_manager
    return manager.all()


def count_of(rows: models.QuerySet[Any], owner: str, what: str = "pk") -> Coalesce:
    """How many of the rows belong to the record of the outer query; ``what`` is counted once."""
    mine = rows.filter(**{owner: models.OuterRef("pk")}).order_by().values(owner)
    return Coalesce(models.Subquery(mine.annotate(n=models.Count(what, distinct=True)).values("n")), 0)

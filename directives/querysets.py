"""Reads of policy documents."""

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models
from django.db.models.functions import Coalesce

if TYPE_CHECKING:
    from directives.models import Directive, StatusChange, Topic  # noqa: F401


class DirectiveQuerySet(models.QuerySet["Directive"]):
    """Documents."""

    def published(self) -> Self:
        """What has been published, withdrawn documents left out."""
        return self.filter(publication="published")

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Editors see all; who holds a role what is published; everybody else what is also public."""
        if user.has_perm("directives.view_unpublished"):  # type: ignore[union-attr]
            return self
        if user.has_perm("directives.view_internal"):  # type: ignore[union-attr]
            return self.published()
        return self.published().filter(is_public=True)

    def with_parts(self) -> Self:
        """Sections, annexes, rosters, stages and citations in a constant number of queries."""
        return self.prefetch_related(
            "annexes",
            "sections__annex",
            "rosters__annex",
            "rosters__section",
            "rosters__members__person",
            "stages__section",
            "citations__target",
        )

    def with_printed_parts(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """What stands in print and what changed it or was changed by it, in eight queries.

        A citation's ``shown_target`` and ``target_issued_on`` tell of the
        document cited, if the user may see it.
        """
        citations: Any = self.model._meta.get_field("citations").related_model
        visible = DirectiveQuerySet(self.model).visible_to(user)
        shown = visible.filter(pk=models.OuterRef("target")).order_by()
        cited = citations.objects.annotate(
            shown_target=models.Subquery(shown.values("pk")),
            target_issued_on=models.Subquery(shown.values("issued_on")),
        )
        changes: Any = self.model._meta.get_field("status_changes").related_model
        confirmed = changes.objects.confirmed()
        effects = confirmed.of_visible(user).select_related("directive")
        return self.prefetch_related(
            "sections",
            "annexes",
            "rosters__members",
            models.Prefetch("citations", cited.order_by("order")),
            models.Prefetch("status_changes", confirmed.by_visible(user)),
            models.Prefetch("effects", effects),
        )

    def with_status(self, at: date) -> Self:
        """Adds ``status_code``: the legal state on that day, before the document's own date not issued."""
        changes: Any = self.model._meta.get_field("status_changes").related_model
        latest = (
            changes.objects.confirmed()
            .filter(directive=models.OuterRef("pk"), effective_on__lte=at)
            .order_by("-effective_on", "-pk")
            .values("status")[:1]
        )
        issued = Coalesce(models.Subquery(latest), models.Value("in_force"))
        early = models.When(issued_on__gt=at, then=models.Value("not_issued"))
        return self.annotate(status_code=models.Case(early, default=issued))


class TopicQuerySet(models.QuerySet["Topic"]):
    """Subjects."""

    def with_rules(self) -> Self:
        """Rules fetched in one query."""
        return self.prefetch_related("rules")


class StatusQuerySet(models.QuerySet["StatusChange"]):
    """Changes of the legal state."""

    def confirmed(self) -> Self:
        """Those that count: neither waiting for a second person nor void."""
        return self.filter(standing="confirmed")

    def proposed(self) -> Self:
        """Those that wait for a second person."""
        return self.filter(standing="proposed")

    def of_visible(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Those of documents that the user may see, by date."""
        documents: Any = self.model._meta.get_field("directive").related_model
        visible = documents.objects.visible_to(user).order_by().values("pk")
        return self.filter(directive__in=visible).order_by("effective_on", "pk")

    def by_visible(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Adds ``shown_by``: the document that the change rests on, if the user may see it."""
        documents: Any = self.model._meta.get_field("directive").related_model
        visible = documents.objects.visible_to(user).order_by()
        by = visible.filter(pk=models.OuterRef("by_directive")).values("pk")
        return self.annotate(shown_by=models.Subquery(by)).order_by("effective_on", "pk")


class NoticeQuerySet(models.QuerySet[Any]):
    """Correction notices, of documents as of chronicle entries."""

    def confirmed(self) -> Self:
        """Those that stand beside the text."""
        return self.filter(standing="confirmed")

    def proposed(self) -> Self:
        """Those that wait for a second person."""
        return self.filter(standing="proposed")

    def to_print(self, *, since: date, until: date | None = None) -> Self:
        """What the issue after ``since`` prints: notices dated later than it, up to ``until`` inclusive."""
        found = self.confirmed().filter(made_on__gt=since)
        return found if until is None else found.filter(made_on__lte=until)

"""Reads of look-backs, listed supervision, special inspections and what they found."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models

from organizations.querysets import related
from taskboard.supervision.past import finding_at, inspection_at, listing_at, look_back_at

if TYPE_CHECKING:
    from taskboard.models.supervision import Finding, Inspection, Listing, LookBack  # noqa: F401


def _sees(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whoever sees tasks sees what supervisors do about them."""
    return user.is_authenticated and bool(user.has_perm("taskboard.view_task"))  # type: ignore[attr-defined]


class LookBackQuerySet(models.QuerySet["LookBack"]):
    """Look-backs."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """For staff."""
        return self if _sees(user) else self.none()

    def seen(self, moment: datetime | None) -> Self:
        """As they are, or those that there were just before the moment; adds ``state_then``."""
        if moment is None:
            return self.annotate(state_then=models.F("state"))
        return self.filter(opened_at__lt=moment).annotate(**look_back_at(self.model, moment))

    def unsettled_first(self) -> Self:
        """To be inspected first, the longest due first; then rectifications; what is settled last.

        Of those that were seen.
        """
        rank = models.Case(
            models.When(state_then="open", then=models.Value(0)),
            models.When(state_then="rectifying", then=models.Value(1)),
            default=models.Value(2),
        )
        return self.annotate(rank=rank).order_by("rank", "due_on", "pk")

    def unsettled(self) -> Self:
        """To be inspected, or with a rectification that is not confirmed."""
        return self.filter(state__in=["open", "rectifying"])


class FindingQuerySet(models.QuerySet["Finding"]):
    """What was found."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """For staff."""
        return self if _sees(user) else self.none()

    def seen(self, moment: datetime | None) -> Self:
        """As they are, or those that there were just before the moment.

        Adds ``state_then``, ``rectify_by_then``, ``reported_on_then``.
        """
        if moment is None:
            now = {f"{name}_then": models.F(name) for name in ("state", "rectify_by", "reported_on")}
            return self.annotate(**now)
        return self.filter(found_at__lt=moment).annotate(**finding_at(self.model, moment))

    def unsettled_first(self) -> Self:
        """Unsettled first, the earliest deadline first; of those that were seen."""
        rank = models.Case(
            models.When(state_then__in=["rectifying", "reported"], then=models.Value(0)),
            default=models.Value(1),
        )
        return self.annotate(rank=rank).order_by("rank", "rectify_by_then", "pk")

    def rectifying(self, moment: datetime | None = None) -> Self:
        """The department has still to put it right, or had just before the moment."""
        if moment is None:
            return self.filter(state="rectifying")
        events = related(self.model, "events").filter(finding=models.OuterRef("pk"), at__lt=moment)
        last = events.exclude(action="prolong").order_by("-at", "-pk").values("action")[:1]
        return self.annotate(last=models.Subquery(last)).filter(last__in=["find", "return"])

    def unsettled(self) -> Self:
        """Not confirmed yet."""
        return self.filter(state__in=["rectifying", "reported"])


class ListingQuerySet(models.QuerySet["Listing"]):
    """Listed supervision."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """For staff."""
        return self if _sees(user) else self.none()

    def seen(self, moment: datetime | None) -> Self:
        """As they are, or those that there were just before the moment.

        Adds ``state_then`` and ``deadline_then``.
        """
        if moment is None:
            return self.annotate(state_then=models.F("state"), deadline_then=models.F("deadline"))
        return self.filter(listed_at__lt=moment).annotate(**listing_at(self.model, moment))

    def standing(self, moment: datetime | None = None) -> Self:
        """On the list now, or just before the moment."""
        if moment is None:
            return self.filter(state="listed")
        later = models.Q(unlisted_at__isnull=True) | models.Q(unlisted_at__gte=moment)
        return self.filter(later, listed_at__lt=moment)

    def overdue(self, on_day: date) -> Self:
        """On the list although the deadline is over."""
        return self.standing().filter(deadline__lt=on_day)

    def of_departments(self, keys: Iterable[int]) -> Self:
        """Where one of the departments, by key, has to act."""
        keys = list(keys)
        led = models.Q(task__duties__role="lead", task__duties__department__in=keys)
        concerned = self.model._default_manager.filter(led | models.Q(ledger_row__department__in=keys))
        return self.filter(pk__in=concerned.values("pk"))

    def with_matter(self) -> Self:
        """What is supervised and who has to act, in a constant number of queries."""
        joined = self.select_related(
            "task__task_list", "ledger_row__ledger", "ledger_row__department", "listed_by"
        )
        return joined.prefetch_related("task__duties__department")


class InspectionQuerySet(models.QuerySet["Inspection"]):
    """Special inspections."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """For staff."""
        return self if _sees(user) else self.none()

    def seen(self, moment: datetime | None) -> Self:
        """As they are, or those that there were just before the moment.

        Adds ``state_then``, ``found`` and ``unsettled``: findings, and those that are not confirmed.
        """
        if moment is None:
            return self.annotate(state_then=models.F("state")).with_counts()
        then = self.filter(created_at__lt=moment).annotate(**inspection_at(self.model, moment))
        return then.prefetch_related("members__department")

    def with_counts(self) -> Self:
        """Adds ``found`` and ``unsettled``: findings, and those that are not confirmed."""
        open_ones = models.Q(findings__state__in=["rectifying", "reported"])
        found = models.Count("findings", distinct=True)
        return self.annotate(
            found=found, unsettled=models.Count("findings", filter=open_ones, distinct=True)
        ).prefetch_related("members__department")

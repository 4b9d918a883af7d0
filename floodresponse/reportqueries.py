"""Reads of incidents, of what is owed, and of the flood watch."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models.functions import Coalesce, NullIf

from floodresponse.standing import keeps_office, units_of
from organizations.querysets import related
from organizations.visitors import Visitor

if TYPE_CHECKING:
    from floodresponse.models import FloodWatch, Incident, IncidentReport, Obligation  # noqa: F401

PERMISSION = "floodresponse.view_command_post"
CALLER = Coalesce(NullIf("called_by__display_name", models.Value("")), "called_by__username")


class IncidentQuerySet(models.QuerySet["Incident"]):
    """Incidents."""

    def visible_to(self, user: Visitor) -> Self:
        """The command post sees all; a unit sees its own."""
        if not user.has_perm(PERMISSION):
            return self.none()
        return self if keeps_office(user) else self.filter(unit__in=units_of(user))

    def unresolved(self) -> Self:
        """Still going on."""
        return self.filter(resolved_at=None)

    def unverified(self) -> Self:
        """With reports that the office has not verified and passed up yet."""
        seen = related(self.model, "passings_up").filter(
            incident=models.OuterRef("incident"), report__gte=models.OuterRef("pk")
        )
        unseen = related(self.model, "reports").filter(~models.Exists(seen), incident=models.OuterRef("pk"))
        return self.filter(models.Exists(unseen))


class IncidentReportQuerySet(models.QuerySet["IncidentReport"]):
    """Reports of incidents."""

    def visible_to(self, user: Visitor) -> Self:
        """Those of the incidents that one sees."""
        if not user.has_perm(PERMISSION):
            return self.none()
        return self if keeps_office(user) else self.filter(incident__unit__in=units_of(user))

    def links_of_the_chain(self) -> Self:
        """Those from which the next follow-up is counted: written ones and follow-ups."""
        return self.filter(models.Q(channel="written") | models.Q(stage__in=["followup", "final"]))


class ObligationQuerySet(models.QuerySet["Obligation"]):
    """What is owed."""

    def visible_to(self, user: Visitor) -> Self:
        """The command post sees all; a unit sees its own."""
        if not user.has_perm(PERMISSION):
            return self.none()
        return self if keeps_office(user) else self.filter(unit__in=units_of(user))

    def open(self) -> Self:
        """Neither met nor excused, whether overdue or not."""
        return self.filter(state="open")

    def overdue(self, at: datetime) -> Self:
        """Open and past their limit; the last moment belongs to the limit."""
        return self.open().filter(due_at__lt=at)

    def seen_at(self, at: datetime) -> Self:
        """Adds ``state_then``: the state with ``overdue`` told from ``open`` by the time alone."""
        late = models.When(state="open", due_at__lt=at, then=models.Value("overdue"))
        return self.annotate(
            state_then=models.Case(late, default=models.F("state"), output_field=models.CharField())
        )

    def with_acknowledged(self, at: datetime) -> Self:
        """Adds ``acknowledged_until``: until when somebody's acknowledgement holds; None for none."""
        holding = models.Q(acknowledgements__at__lte=at, acknowledgements__until__gt=at)
        return self.annotate(acknowledged_until=models.Max("acknowledgements__until", filter=holding))

    def with_calls(self) -> Self:
        """Adds the last call (叫应): ``called_at answered called_by`` (a name), and ``times_called``."""
        calls = related(self.model, "calls").filter(obligation=models.OuterRef("pk"))
        newest = calls.order_by("-called_at", "-pk")
        return self.annotate(
            called_at=models.Subquery(newest.values("called_at")[:1]),
            answered=models.Subquery(newest.values("answered")[:1]),
            called_by=models.Subquery(newest.values(by=CALLER)[:1]),
            times_called=models.Count("calls", distinct=True),
        )

    def unacknowledged(self, at: datetime) -> Self:
        """Those for which no acknowledgement holds."""
        holding = self.filter(acknowledgements__at__lte=at, acknowledgements__until__gt=at)
        return self.exclude(pk__in=holding.order_by().values("pk"))

    def urgent_first(self) -> Self:
        """Overdue, open, then the rest; the earliest limit first. After ``seen_at``."""
        rank = models.Case(
            models.When(state_then="overdue", then=0), models.When(state_then="open", then=1), default=2
        )
        return self.order_by(rank, "due_at", "pk")


class FloodWatchQuerySet(models.QuerySet["FloodWatch"]):
    """Periods of flood watch."""

    def running(self) -> "FloodWatch | None":
        """The one that is on, or none."""
        return self.filter(is_on=True).first()

"""``/sitemap.xml``: what search engines may list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import AnonymousUser
from django.contrib.sitemaps import Sitemap
from django.db.models import Max, QuerySet
from django.db.models.functions import TruncMonth
from django.urls import reverse

from directives.models import Directive
from events.models import Event
from gazette.models import Issue


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the chronicle and when an entry of it last changed."""

    first: date
    changed_at: datetime


class PageSitemap(Sitemap):  # type: ignore[type-arg]  # generic only in the stubs
    """The pages that lead to all others."""

    def items(self) -> Sequence[str]:
        """Names of addresses."""
        return [
            "home",
            "events:index",
            "directives:index",
            "gazette:issues",
            "floodresponse:index",
            "organizations:people",
            "organizations:departments",
        ]

    def location(self, item: str) -> str:
        """The address."""
        return reverse(item)


class MonthSitemap(Sitemap):  # type: ignore[type-arg]  # generic only in the stubs
    """Months with published entries."""

    def items(self) -> Sequence[Month]:
        """The newest first."""
        months = Event.objects.published().order_by().annotate(first=TruncMonth("start_date"))
        rows = months.values_list("first").annotate(changed=Max("updated_at")).order_by("-first")
        return [Month(first, changed) for first, changed in rows]

    def location(self, item: Month) -> str:
        """The month's page."""
        return reverse("events:month", args=[item.first.year, item.first.month])

    def lastmod(self, item: Month) -> datetime:
        """When an entry of it last changed."""
        return item.changed_at


class DirectiveSitemap(Sitemap):  # type: ignore[type-arg]  # generic only in the stubs
    """Documents that everybody may read."""

    def items(self) -> QuerySet[Directive]:
        """In the list's order."""
        return Directive.objects.visible_to(AnonymousUser())

    def lastmod(self, item: Directive) -> datetime:
        """When it last changed."""
        return item.updated_at


class IssueSitemap(Sitemap):  # type: ignore[type-arg]  # generic only in the stubs
    """Published issues of the gazette."""

    def items(self) -> QuerySet[Issue]:
        """In the list's order."""
        return Issue.objects.published().defer("frozen_html", "frozen_records")

    def lastmod(self, item: Issue) -> datetime:
        """When it last changed."""
        return item.updated_at


SITEMAPS = {
    "pages": PageSitemap,
    "months": MonthSitemap,
    "directives": DirectiveSitemap,
    "issues": IssueSitemap,
}

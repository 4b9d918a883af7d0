"""Reads of the rows of ledgers."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils import timezone

from organizations.querysets import holding
from search.folding import printed_forms_of
from search.lists import holding_words
from search.words import MAX_WORDS
from taskboard.ledgers.cells import NUMBER, Column

if TYPE_CHECKING:
    from taskboard.models.ledgers import Ledger, LedgerReport, LedgerRow  # noqa: F401

# Rows that count: neither closed nor moved out.
ON_BOOK = ("draft", "signed")


class LedgerQuerySet(models.QuerySet["Ledger"]):
    """Ledgers."""

    def with_words(self, query: str) -> Self:
        """Ledgers that hold every word in their title, the responsible units or the document's title.

        A plan asks for a handful of ledgers: of a thousand a look at every row
        takes less than 1 ms, so they need no index.
        """
        found = self
        for word in query.split()[:MAX_WORDS]:
            forms = printed_forms_of(word)
            found = found.filter(holding("title", "responsible", "directive__title", forms=forms))
        return found


class LedgerRowQuerySet(models.QuerySet["LedgerRow"]):
    """Rows of ledgers."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Whoever sees tasks sees ledgers."""
        allowed = user.is_authenticated and user.has_perm("taskboard.view_task")  # type: ignore[attr-defined]
        return self if allowed else self.none()

    def on_book(self) -> Self:
        """Neither closed nor moved out."""
        return self.filter(state__in=ON_BOOK)

    def unsigned_of(self, departments: Iterable[int]) -> Self:
        """What the heads of the departments, by key, have not signed yet."""
        return self.filter(state="draft", department__in=departments)

    def with_words(self, query: str, *, at: datetime) -> Self:
        """Rows that hold every word in their name, a column or the name of their department.

        Raises IndexBehind while more has changed than can be indexed at once.
        """
        return holding_words(self, "ledgers", query, at=at)

    def sorted_by(self, column: Column, *, falling: bool) -> Self:
        """In the order of a column; rows without a value last."""
        value: models.Expression | KeyTextTransform = KeyTextTransform(column.key, "values")
        if column.type == NUMBER:
            value = Cast(value, models.FloatField())
        place = models.F("cell")
        order = place.desc(nulls_last=True) if falling else place.asc(nulls_last=True)
        return self.annotate(cell=value).order_by(order, "pk")


class LedgerReportQuerySet(models.QuerySet["LedgerReport"]):
    """Periodic reports on ledgers."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Whoever sees tasks sees who reports."""
        allowed = user.is_authenticated and user.has_perm("taskboard.view_task")  # type: ignore[attr-defined]
        return self if allowed else self.none()

    def open(self, moment: datetime | None = None) -> Self:
        """Not handed in yet, or not just before the moment; of a past day periods that had begun."""
        if moment is None:
            return self.filter(state="open")
        waiting = models.Q(state="open") | models.Q(met_at__gte=moment)
        return self.filter(waiting, period_start__lt=timezone.localdate(moment))

    def seen(self, moment: datetime | None) -> Self:
        """Adds ``stood``, the state; just before a moment that of then, of periods that had begun."""
        if moment is None:
            return self.annotate(stood=models.F("state"))
        later = models.When(met_at__gte=moment, then=models.Value("open"))
        begun = self.filter(period_start__lt=timezone.localdate(moment))
        return begun.annotate(stood=models.Case(later, default=models.F("state")))

    def overdue(self, on_day: date) -> Self:
        """Not handed in although the day is over."""
        return self.open().filter(period_end__lt=on_day)

"""Entries of the chronicle in the search."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet

from events.filters import holding as holding_form
from events.models import Event
from events.numbering import number_words, numbers_on
from organizations.visitors import Visitor
from zalantun.search.rows import Row, any_form, any_text
from zalantun.snippets import highlighted, passage
from zalantun.words import Days, Word


def holding(found: QuerySet[Any], words: Sequence[Word], visitor: Visitor) -> QuerySet[Any]:
    """Entries that hold all words or fall on the days they name, the newest first."""
    for word in words:
        found = found.filter(any_form(word, holding_form) | _events_on(word.days))
    return found.order_by("-start_date", "-position", "-pk").prefetch_related("officials__person")


def _events_on(days: Days | None) -> Q:
    """Entries that touch the days; nothing for a word that names none."""
    if days is None:
        return Q(pk__in=[])
    if not days.any_year:
        return Q(start_date__lte=days.last, end_date__gte=days.first)
    month, day = days.first.month, days.first.day
    begins = Q(start_date__month=month, start_date__day__lte=day)
    ends_that_month = Q(end_date__month=month, end_date__day__gte=day)
    return begins & (ends_that_month | ~Q(end_date__month=month)) | Q(
        ~Q(start_date__month=month), end_date__month=month, end_date__day__gte=day
    )


def rows(events: Sequence[Event], words: Sequence[str]) -> list[Row]:
    """Each with its public number."""
    numbers = numbers_on(event.start_date for event in events)
    return [
        Row(
            "events",
            highlighted(event.title, words),
            passage(any_text((event.text, _people_words(event)), words, event.text), words),
            event.get_absolute_url(),
            event.start_date,
            number_words(numbers.get(event.pk)),
        )
        for event in events
    ]


def _people_words(event: Event) -> str:
    return "、".join(
        f"{official.post}{official.person.name}"
        + (f"（印作{official.printed_name}）" if official.printed_name != official.person.name else "")
        for official in event.officials.all()
    )

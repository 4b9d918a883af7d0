"""What the whole chronicle holds on a person, a department or words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import QueryDict

from directives.models import Topic
from events.filters import MAX_CHOSEN, EventFilter
from events.models import Event
from events.monthpage import Group, grouped
from events.reading import Visitor, read_entries
from events.sameday import day_of_any_year
from organizations.models import Department, Person

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Chosen:
    """A person, department, topic or day of all years that is filtered by."""

    name: str
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A page of entries that pass the filter, the newest day first."""

    page: Page[Event]
    groups: list[Group]
    form: Any
    chosen: list[Chosen]


def is_filtered(query: QueryDict) -> bool:
    """Whether anything is asked of the whole chronicle."""
    return any(query.get(name) for name in EventFilter.base_filters)


def found_page(query: QueryDict, visible: QuerySet[Event], visitor: Visitor) -> FoundPage:
    """Nine queries, however much is found."""
    found = EventFilter(query, queryset=visible, visitor=visitor)
    ordered = found.qs.order_by("-start_date", "position", "pk")
    page = Paginator(ordered, PAGE_SIZE).get_page(query.get("page"))
    entries = read_entries(
        ordered[page.start_index() - 1 : page.end_index()] if page else visible.none(), visitor
    )
    return FoundPage(page, grouped(entries, ()), found.form, chosen_in(query, visitor))


def chosen_in(query: QueryDict, visitor: Visitor) -> list[Chosen]:
    """What is filtered by, in words: numbers and slugs are looked up."""
    names = ("official", "department", "topic")
    officials, departments, topics = (query.getlist(name)[:MAX_CHOSEN] for name in names)
    return [
        *_labelled("official", officials, _people(officials, visitor)),
        *_labelled("department", departments, _departments(departments, visitor)),
        *_labelled("topic", topics, _topics(topics)),
        *_of_a_day(query.get("month_day", "")),
    ]


def _labelled(name: str, values: Sequence[str], labels: Mapping[str, str]) -> list[Chosen]:
    return [Chosen(name, value, labels.get(value, value)) for value in dict.fromkeys(values) if value]


def _of_a_day(typed: str) -> list[Chosen]:
    day = day_of_any_year(typed)
    return [Chosen("month_day", f"{day:%m-%d}", f"历年{day.month}月{day.day}日")] if day else []


def _people(values: Sequence[str], visitor: Visitor) -> dict[str, str]:
    numbers = [int(value) for value in values if value.isdecimal() and len(value) < 15]
    seen = Person.objects.visible_to(visitor).filter(pk__in=numbers)
    return {str(person.pk): str(person) for person in seen}


def _topics(values: Sequence[str]) -> dict[str, str]:
    return dict(Topic.objects.filter(slug__in=values).values_list("slug", "name")) if values else {}


def _departments(values: Sequence[str], visitor: Visitor) -> dict[str, str]:
    seen = Department.objects.visible_to(visitor).filter(slug__in=values)
    return dict(seen.values_list("slug", "name"))

"""Filters of the chronicle, for pages and the interface alike."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field

from directives.models import Topic
from events.models import Correction, Event, EventDepartment, EventOfficial
from events.sameday import day_of_any_year, of_the_day
from foundation.filters import ForVisitor
from foundation.spans import SpanForm
from organizations.knownnames import refuse_unknown_departments, refuse_unknown_people
from search.lists import holding_words

MAX_CHOSEN = 50
MAX_LENGTH = 100


class AnyValues(forms.MultipleChoiceField):
    """Several values of one name; whether each is known shows in what is found."""

    def valid_value(self, value: Any) -> bool:
        """Anything short that a database can hold."""
        return len(str(value)) <= MAX_LENGTH and "\x00" not in str(value)


@extend_schema_field({"type": "string", "maxLength": MAX_LENGTH})
class AnyOf(django_filters.MultipleChoiceFilter):
    """Records that fit at least one of the values."""

    field_class = AnyValues


class EventForm(SpanForm):
    """Refuses spans that end before they begin and subjects, people and departments that there are not."""

    spans = (("date_from", "date_to"),)
    asked: Any

    def clean_month_day(self) -> str:
        """A day without its year."""
        typed: str = self.cleaned_data["month_day"]
        if typed and day_of_any_year(typed) is None:
            raise forms.ValidationError("日期不能识别，请写成 7月26日、07-26 或 2022-07-26。")
        return typed

    def clean_official(self) -> list[str]:
        """Each by number, name or a printed form of it."""
        chosen: list[str] = self.cleaned_data["official"]
        refuse_unknown_people(chosen[:MAX_CHOSEN], self.asked.visitor)
        return chosen

    def clean_department(self) -> list[str]:
        """Each by slug, name or alias."""
        chosen: list[str] = self.cleaned_data["department"]
        refuse_unknown_departments(chosen[:MAX_CHOSEN], self.asked.visitor)
        return chosen

    def clean_topic(self) -> list[str]:
        """Each by slug or name."""
        chosen: list[str] = self.cleaned_data["topic"]
        if not chosen:
            return chosen
        known = {name for row in Topic.objects.values_list("slug", "name") for name in row}
        unknown = [value for value in chosen if value and value not in known]
        if unknown:
            # By name, not inside the sentence: the API's filters format it once more, and a % would break it.
            raise forms.ValidationError(
                "没有“%(unknown)s”这样的主题，请从主题列表中选择。", params={"unknown": "”“".join(unknown)}
            )
        return [value for value in chosen if value]


class EventFilter(ForVisitor, django_filters.FilterSet):
    """``q date_from date_to month_day official department topic range corrected``.

    ``month_day`` is a day of all years, of entries that begin on it or reach over it;
    ``official`` takes names or numbers of people, ``department`` and ``topic``
    slugs or names; several of one kind widen, several kinds narrow.
    """

    q = django_filters.CharFilter(method="with_words", label="词语", max_length=200)
    date_from = django_filters.DateFilter(field_name="end_date", lookup_expr="gte", label="自")
    date_to = django_filters.DateFilter(field_name="start_date", lookup_expr="lte", label="至")
    month_day = django_filters.CharFilter(method="on_the_day", label="历年同一天", max_length=11)
    topic = AnyOf(method="with_topics", label="主题")
    official = AnyOf(method="with_officials", label="人员")
    department = AnyOf(method="with_departments", label="部门")
    range = django_filters.BooleanFilter(method="only_ranges", label="跨日条目")
    corrected = django_filters.BooleanFilter(method="only_corrected", label="有更正或存疑")

    class Meta:
        model = Event
        fields: list[str] = []
        form = EventForm

    def with_words(self, queryset: QuerySet[Event], name: str, value: str) -> QuerySet[Event]:
        """Entries that hold every word, in text, title or among people and posts."""
        return holding_words(queryset, "events", value, at=timezone.now())

    def on_the_day(self, queryset: QuerySet[Event], name: str, value: str) -> QuerySet[Event]:
        """Entries that begin on the day in any year or reach over it."""
        day = day_of_any_year(value)
        return of_the_day(queryset, day) if day else queryset

    def with_topics(self, queryset: QuerySet[Event], name: str, values: list[str]) -> QuerySet[Event]:
        """Entries filed under any of the topics."""
        chosen = values[:MAX_CHOSEN]
        links = Event.topics.through.objects.filter(
            Q(topic__slug__in=chosen) | Q(topic__name__in=chosen), event=OuterRef("pk")
        )
        return queryset.filter(Exists(links)) if chosen else queryset

    def with_officials(self, queryset: QuerySet[Event], name: str, values: list[str]) -> QuerySet[Event]:
        """Entries that mention any of the people, by number, name or printed name."""
        chosen = values[:MAX_CHOSEN]
        numbers = [int(value) for value in chosen if value.isdecimal() and len(value) < 15]
        named = Q(person__in=numbers) | Q(person__name__in=chosen) | Q(printed_name__in=chosen)
        rows = EventOfficial.objects.filter(named, event=OuterRef("pk"))
        return queryset.filter(Exists(rows)) if chosen else queryset

    def with_departments(self, queryset: QuerySet[Event], name: str, values: list[str]) -> QuerySet[Event]:
        """Entries that mention any of the departments, by slug, name or alias."""
        chosen = values[:MAX_CHOSEN]
        named = (
            Q(department__slug__in=chosen)
            | Q(department__name__in=chosen)
            | Q(department__aliases__name__in=chosen)
            | Q(department__merged_from__slug__in=chosen)
        )
        rows = EventDepartment.objects.filter(named, event=OuterRef("pk"))
        return queryset.filter(Exists(rows)) if chosen else queryset

    def only_ranges(self, queryset: QuerySet[Event], name: str, value: bool) -> QuerySet[Event]:
        """Entries that cover several days."""
        return queryset.filter(end_date__gt=F("start_date")) if value else queryset

    def only_corrected(self, queryset: QuerySet[Event], name: str, value: bool) -> QuerySet[Event]:
        """Entries with a correction notice or a misprinted name."""
        return queryset.filter(doubtful()) if value else queryset


def doubtful() -> Q:
    """Entries in which something was corrected or a name is misprinted."""
    corrections = Correction.objects.confirmed().filter(event=OuterRef("pk"))
    misprints = EventOfficial.objects.filter(event=OuterRef("pk")).exclude(printed_name=F("person__name"))
    return Q(Exists(corrections)) | Q(Exists(misprints))

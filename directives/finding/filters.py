"""Filters of rosters, citations and follows."""

from functools import reduce
from operator import or_
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet

from directives.filters import ALL, DAY
from directives.models import Citation, Directive, Follow, LegalState, Roster, RosterMember
from foundation.days import SeenAsOf
from search.folding import printed_forms_of

MAX_WORDS = 8
BY_BODY, BY_PERSON = "body", "person"


class CitationFilter(django_filters.FilterSet):
    """``q``: words in what is cited or in the citing document's title."""

    q = django_filters.CharFilter(method="with_words", label="题名或文号", max_length=200)

    class Meta:
        model = Citation
        fields: list[str] = []

    def with_words(self, queryset: QuerySet[Citation], name: str, value: str) -> QuerySet[Citation]:
        """Citations with every word."""
        for word in value.split()[:MAX_WORDS]:
            queryset = queryset.filter(holding(word, "title", "number", "directive__title"))
        return queryset


class FollowFilter(django_filters.FilterSet):
    """``q``: words in title or number."""

    q = django_filters.CharFilter(method="with_words", label="标题或文号", max_length=200)

    class Meta:
        model = Follow
        fields: list[str] = []

    def with_words(self, queryset: QuerySet[Follow], name: str, value: str) -> QuerySet[Follow]:
        """Follows of documents with every word."""
        for word in value.split()[:MAX_WORDS]:
            queryset = queryset.filter(holding(word, "directive__title", "directive__number"))
        return queryset


class RosterFilter(SeenAsOf, django_filters.FilterSet):
    """``q status as_of``: words in a body's name, its people or its document."""

    q = django_filters.CharFilter(method="with_words", label="机构、人员或文件", max_length=200)
    status = django_filters.ChoiceFilter(
        choices=LegalState.choices, method="of_status", label="文件有效性", empty_label=ALL
    )
    as_of = django_filters.DateFilter(method="left_as_it_is", label="有效性截至", widget=DAY)
    view = django_filters.ChoiceFilter(
        choices=[(BY_BODY, "按机构"), (BY_PERSON, "按人员")],
        method="left_as_it_is",
        label="查看方式",
        empty_label=None,
        widget=forms.Select,
    )

    class Meta:
        model = Roster
        fields: list[str] = []

    def with_words(self, queryset: QuerySet[Roster], name: str, value: str) -> QuerySet[Roster]:
        """Bodies with every word somewhere in their roster."""
        for word in value.split()[:MAX_WORDS]:
            members = RosterMember.objects.filter(in_member(word), roster=OuterRef("pk"))
            queryset = queryset.filter(
                Q(name__icontains=word) | Q(directive__title__icontains=word) | Exists(members)
            )
        return queryset

    def of_status(self, queryset: QuerySet[Roster], name: str, value: str) -> QuerySet[Roster]:
        """Bodies whose document is in a legal state on the day."""
        directives: Any = Directive.objects.with_status(self.day)
        standing = directives.filter(status_code=value)
        return queryset.filter(directive__in=standing.order_by().values("pk"))


def holding(word: str, *fields: str) -> Q:
    """Any of the fields holds the word, whichever brackets and figures it was typed with."""
    ways = (Q(**{f"{field}__icontains": form}) for field in fields for form in printed_forms_of(word))
    return reduce(or_, ways)


def in_member(word: str) -> Q:
    """A word in a line of a roster."""
    return (
        Q(printed_name__icontains=word)
        | Q(role__icontains=word)
        | Q(post__icontains=word)
        | Q(person__name__icontains=word)
    )

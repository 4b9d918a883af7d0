"""Filters of links."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from taskboard.models import RecordLink
from taskboard.models.links import PAIRS

PAIR_NAMES = {
    "entry_and_document": "大事记与文件",
    "entry_and_task": "大事记与任务",
    "document_and_task": "文件与任务",
}


class LinkFilter(django_filters.FilterSet):
    """``q state pair``; without a state those that wait for an editor."""

    q = django_filters.CharFilter(method="with_words", label="标题", max_length=200)
    state = django_filters.ChoiceFilter(choices=RecordLink.State.choices, label="状态", empty_label="全部")
    pair = django_filters.ChoiceFilter(
        choices=list(PAIR_NAMES.items()), method="of_pair", label="种类", empty_label="全部"
    )

    class Meta:
        model = RecordLink
        fields: list[str] = []

    def with_words(self, queryset: QuerySet[RecordLink], name: str, value: str) -> QuerySet[RecordLink]:
        """Links with every word in a title of theirs."""
        for word in value.split()[:8]:
            titles = Q(event__title__icontains=word) | Q(directive__title__icontains=word)
            queryset = queryset.filter(titles | Q(task__title__icontains=word))
        return queryset

    def of_pair(self, queryset: QuerySet[RecordLink], name: str, value: Any) -> QuerySet[RecordLink]:
        """Links of two kinds of record."""
        return queryset.filter(PAIRS[value])

"""Filters of the interface over what is kept at hand; the same conditions as on the pages."""

from typing import Any

import django_filters
from django.db.models import F, Q, QuerySet

from floodresponse.models import Supply, SupplyMove
from floodresponse.resources.forms import MAX_WORDS


class SupplyFilter(django_filters.FilterSet):
    """``q unit name short``: words, a unit's slug, an article, only what is under its minimum."""

    q = django_filters.CharFilter(label="查找", max_length=60, method="with_words")
    unit = django_filters.CharFilter(field_name="unit__slug", label="单位", max_length=80)
    name = django_filters.CharFilter(label="物资", max_length=60)
    short = django_filters.BooleanFilter(label="低于最低储备", method="short_or_not")

    class Meta:
        model = Supply
        fields: tuple[str, ...] = ()

    def with_words(self, queryset: QuerySet[Supply], name: str, value: str) -> QuerySet[Supply]:
        """All words, each somewhere."""
        for word in value.split()[:MAX_WORDS]:
            found = Q(name__icontains=word) | Q(place__icontains=word) | Q(keeper__icontains=word)
            queryset = queryset.filter(found | Q(unit__name__icontains=word))
        return queryset

    def short_or_not(self, queryset: QuerySet[Supply], name: str, value: bool) -> QuerySet[Supply]:
        """Whether the unit holds less of it than the level asks for."""
        short: Any = Q(minimum__gt=F("held"))
        return queryset.filter(short) if value else queryset.filter(Q(minimum=None) | ~short)


class SupplyMoveFilter(django_filters.FilterSet):
    """``supply unit kind at_from at_to``: of one stock, one unit, one kind, a time."""

    supply = django_filters.NumberFilter(label="库存", min_value=1, max_value=2**31)
    unit = django_filters.CharFilter(field_name="supply__unit__slug", label="单位", max_length=80)
    kind = django_filters.ChoiceFilter(choices=SupplyMove.Kind.choices, label="动作")
    at_from = django_filters.IsoDateTimeFilter(field_name="at", lookup_expr="gte", label="自")
    at_to = django_filters.IsoDateTimeFilter(field_name="at", lookup_expr="lte", label="至")

    class Meta:
        model = SupplyMove
        fields: tuple[str, ...] = ()

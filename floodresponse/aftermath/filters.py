"""Filters of the interface over reports and matters to settle."""

import django_filters
from django.db.models import Q, QuerySet

from floodresponse.models import AfterActionReport, AftermathEntry

MAX_WORDS = 8


class AfterActionFilter(django_filters.FilterSet):
    """``publication exercise``."""

    publication = django_filters.ChoiceFilter(choices=AfterActionReport.Publication.choices, label="发布状态")
    exercise = django_filters.BooleanFilter(field_name="response__exercise", label="演练")

    class Meta:
        model = AfterActionReport
        fields: tuple[str, ...] = ()


class AftermathFilter(django_filters.FilterSet):
    """``q response kind unit struck``."""

    q = django_filters.CharFilter(label="查找", max_length=60, method="with_words")
    response = django_filters.NumberFilter(label="响应", min_value=1, max_value=2**31)
    kind = django_filters.ChoiceFilter(choices=AftermathEntry.Kind.choices, label="类别")
    unit = django_filters.CharFilter(field_name="unit__slug", label="单位", max_length=80)
    struck = django_filters.BooleanFilter(
        field_name="struck_at", lookup_expr="isnull", exclude=True, label="已划销"
    )

    class Meta:
        model = AftermathEntry
        fields: tuple[str, ...] = ()

    def with_words(
        self, queryset: QuerySet[AftermathEntry], name: str, value: str
    ) -> QuerySet[AftermathEntry]:
        """All words, each somewhere."""
        for word in value.split()[:MAX_WORDS]:
            found = Q(text__icontains=word) | Q(basis__icontains=word) | Q(unit__name__icontains=word)
            queryset = queryset.filter(found)
        return queryset

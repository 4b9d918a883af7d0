"""Filters of the plan, for the interface."""

import django_filters
from django.db.models import QuerySet
from django.utils import timezone

from floodresponse.models import Criterion, Plan


class MatrixFilter(django_filters.FilterSet):
    """``year``: the plan's; without it the plan that holds today."""

    year = django_filters.NumberFilter(label="方案年度", min_value=1, max_value=9999, decimal_places=0)

    class Meta:
        model = Criterion
        fields: tuple[str, ...] = ()

    def filter_queryset(self, queryset: QuerySet[Criterion]) -> QuerySet[Criterion]:
        """The rows of one plan."""
        year = self.form.cleaned_data["year"]
        if year is not None:
            return queryset.filter(plan__year=int(year))
        return queryset.filter(plan=Plan.objects.holding_in(timezone.localdate().year))

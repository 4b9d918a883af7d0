"""Filters of the lists of readings and stations."""

from datetime import datetime, timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import F, QuerySet

from floodresponse.models import Reading, ReadingBatch, Station

ALL = "全部"
MOMENT = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
MARKS = [("corrected", "有更正"), ("ahead", "站钟偏快"), ("late", "迟到 1 小时以上")]
LATE = timedelta(hours=1)
COUNTED = [("yes", "计入研判"), ("no", "只作参考")]


def network_choices() -> list[tuple[str, str]]:
    """The networks that stations name."""
    names = Station.objects.exclude(network="").order_by("network").values_list("network", flat=True)
    return [(name, name) for name in names.distinct()]


class ReadingFilter(django_filters.FilterSet):
    """``station kind network begins ends source mark``; times are local."""

    station = django_filters.CharFilter(field_name="station__code", label="站号", max_length=40)
    kind = django_filters.ChoiceFilter(
        field_name="station__kind", choices=Station.Kind.choices, label="类别", empty_label=ALL
    )
    network = django_filters.ChoiceFilter(
        field_name="station__network", choices=network_choices, label="站网", empty_label=ALL
    )
    begins = django_filters.DateTimeFilter(
        field_name="observed_at", lookup_expr="gte", label="自", widget=MOMENT
    )
    ends = django_filters.DateTimeFilter(
        field_name="observed_at", lookup_expr="lte", label="至", widget=MOMENT
    )
    source = django_filters.ChoiceFilter(
        field_name="batch__source", choices=ReadingBatch.Source.choices, label="来源", empty_label=ALL
    )
    mark = django_filters.ChoiceFilter(choices=MARKS, label="标记", empty_label=ALL, method="marked")

    class Meta:
        model = Reading
        fields: tuple[str, ...] = ()

    def marked(self, queryset: QuerySet[Reading], name: str, value: str) -> QuerySet[Reading]:
        """Corrected, sent before its time, or sent long after."""
        if value == "corrected":
            return queryset.filter(revisions__isnull=False).distinct()
        if value == "ahead":
            return queryset.filter(observed_at__gt=F("received_at"))
        return queryset.filter(received_at__gt=F("observed_at") + LATE)

    def has_times(self) -> bool:
        """Whether a time was asked for; without one a list shows the last day."""
        cleaned: dict[str, Any] = self.form.cleaned_data if self.is_bound and self.form.is_valid() else {}
        return bool(cleaned.get("begins") or cleaned.get("ends"))


class StationFilter(django_filters.FilterSet):
    """``kind network counted``."""

    kind = django_filters.ChoiceFilter(choices=Station.Kind.choices, label="类别", empty_label=ALL)
    network = django_filters.ChoiceFilter(choices=network_choices, label="站网", empty_label=ALL)
    counted = django_filters.ChoiceFilter(
        choices=COUNTED, label="研判", empty_label=ALL, method="counted_or_not"
    )

    class Meta:
        model = Station
        fields: tuple[str, ...] = ()

    def counted_or_not(self, queryset: QuerySet[Station], name: str, value: str) -> QuerySet[Station]:
        """Whether a level can rest on it."""
        counted = Station.objects.counted().values("pk")
        return queryset.filter(pk__in=counted) if value == "yes" else queryset.exclude(pk__in=counted)


def since(at: datetime) -> datetime:
    """Where a list without times begins."""
    return at - timedelta(days=1)

"""Filters of issues."""

import django_filters

from gazette.models import Issue

ORDERS = [("-year", "期次，新的在前"), ("year", "期次，旧的在前"), ("-published_at", "出版时间，新的在前")]


class IssueFilter(django_filters.FilterSet):
    """``q year publication sort``; the state is asked for by the desk only."""

    q = django_filters.CharFilter(field_name="title", lookup_expr="icontains", label="刊名", max_length=60)
    year = django_filters.NumberFilter(field_name="year", label="年度", min_value=1949, max_value=2200)
    publication = django_filters.ChoiceFilter(
        choices=Issue.Publication.choices, label="状态", empty_label="全部"
    )
    sort = django_filters.OrderingFilter(
        fields=[("year", "year"), ("published_at", "published_at")],
        choices=ORDERS,
        label="排序",
        empty_label="期次，新的在前",
    )

    class Meta:
        model = Issue
        fields: tuple[str, ...] = ()

"""Filters of bulletins."""

import django_filters

from taskboard.models import Bulletin, TaskList

ORDERS = [
    ("-published_at", "印发时间，新的在前"),
    ("number", "文号"),
    ("-period_end", "统计期，新的在前"),
    ("title", "标题"),
]
SORTED = [(name.removeprefix("-"), name.removeprefix("-")) for name, _ in ORDERS]


class BulletinFilter(django_filters.FilterSet):
    """``q publication year list sort``."""

    q = django_filters.CharFilter(
        field_name="title_then", lookup_expr="icontains", label="标题", max_length=100
    )
    publication = django_filters.ChoiceFilter(
        field_name="publication_then", choices=Bulletin.Publication.choices, label="状态", empty_label="全部"
    )
    year = django_filters.NumberFilter(field_name="year_then", label="年度", min_value=2000, max_value=2200)
    list = django_filters.ModelChoiceFilter(
        queryset=TaskList.objects.exclude(state=TaskList.State.DRAFT),
        field_name="task_list",
        label="清单",
        empty_label="全部",
    )
    sort = django_filters.OrderingFilter(
        fields=SORTED,
        choices=ORDERS,
        label="排序",
        empty_label="草稿在前",
    )

    class Meta:
        model = Bulletin
        fields: tuple[str, ...] = ()

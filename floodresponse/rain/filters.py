"""Filters of orders below level IV, for the list and the interface."""

import django_filters
from django.db.models import QuerySet

from floodresponse.models import RainOrder
from floodresponse.services.rainorders import WORDS

ALL = "全部"
STANDING = [("standing", "执行中"), ("ended", "已结束")]
SITUATIONS = list(WORDS.items())


class OrderFilter(django_filters.FilterSet):
    """``situation state``."""

    situation = django_filters.ChoiceFilter(choices=SITUATIONS, label="情形", empty_label=ALL)
    state = django_filters.ChoiceFilter(choices=STANDING, label="状态", empty_label=ALL, method="standing")

    class Meta:
        model = RainOrder
        fields: tuple[str, ...] = ()

    def standing(self, queryset: QuerySet[RainOrder], name: str, value: str) -> QuerySet[RainOrder]:
        """Whether it has ended."""
        return queryset.filter(ended_at__isnull=value == "standing")

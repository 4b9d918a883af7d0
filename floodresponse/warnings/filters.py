"""Filters of warnings, for the list and the interface."""

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from floodresponse.models import FloodWarning

ALL = "全部"
STATES = [*FloodWarning.State.choices, ("in_force", "生效中"), ("expired", "已过期")]
OVER = (FloodWarning.State.LIFTED, FloodWarning.State.DECLINED)
DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class WarningFilter(django_filters.FilterSet):
    """``state kind colour issuer begins ends``: the issuer's slug; the days on which it came in."""

    state = django_filters.ChoiceFilter(choices=STATES, label="状态", empty_label=ALL, method="in_state")
    kind = django_filters.ChoiceFilter(choices=FloodWarning.Kind.choices, label="类别", empty_label=ALL)
    colour = django_filters.ChoiceFilter(choices=FloodWarning.Colour.choices, label="颜色", empty_label=ALL)
    issuer = django_filters.CharFilter(field_name="issuer__slug", label="来源单位", max_length=80)
    begins = django_filters.DateFilter(
        field_name="received_at__date", lookup_expr="gte", label="自", widget=DAY
    )
    ends = django_filters.DateFilter(
        field_name="received_at__date", lookup_expr="lte", label="至", widget=DAY
    )

    class Meta:
        model = FloodWarning
        fields: tuple[str, ...] = ()

    def in_state(self, queryset: QuerySet[FloodWarning], name: str, value: str) -> QuerySet[FloodWarning]:
        """A stored state, or what the time has made of it."""
        now = timezone.now()
        if value == "in_force":
            return queryset.filter(pk__in=FloodWarning.objects.in_force(now).values("pk"))
        if value == "expired":
            return queryset.filter(valid_to__lte=now).exclude(state__in=OVER)
        return queryset.filter(state=value)

"""The duty roster: ``/api/v1/flood/roster/``, for signed-in staff."""

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.viewsets import ReadOnlyModelViewSet

from floodresponse.api.access import SeesCommandPost
from floodresponse.models import DutyShift
from floodresponse.roster.days import duty_day

TAGS = ["防内涝"]


class ShiftSerializer(serializers.ModelSerializer[DutyShift]):
    """A person on duty for a unit, from the handover of the day to the next one's."""

    unit = serializers.CharField(source="unit.slug", read_only=True)
    unit_name = serializers.CharField(source="unit.name", read_only=True)

    class Meta:
        model = DutyShift
        fields = ("id", "unit", "unit_name", "day", "role", "name", "phone", "signed_in_at")


class ShiftFilter(django_filters.FilterSet):
    """``unit day date_from date_to role on_duty``: ``on_duty=true`` is who is on duty now."""

    unit = django_filters.CharFilter(field_name="unit__slug", label="单位", max_length=80)
    day = django_filters.DateFilter(label="日期")
    date_from = django_filters.DateFilter(field_name="day", lookup_expr="gte", label="自")
    date_to = django_filters.DateFilter(field_name="day", lookup_expr="lte", label="至")
    role = django_filters.ChoiceFilter(choices=DutyShift.Role.choices, label="岗位")
    on_duty = django_filters.BooleanFilter(label="现在在岗", method="now_or_not")

    class Meta:
        model = DutyShift
        fields: tuple[str, ...] = ()

    def now_or_not(self, queryset: QuerySet[DutyShift], name: str, value: bool) -> QuerySet[DutyShift]:
        """Whether it is the day of duty that runs now."""
        today = duty_day(timezone.localtime(timezone.now()))
        return queryset.filter(day=today) if value else queryset.exclude(day=today)


@extend_schema_view(
    list=extend_schema(summary="值班表", description="on_duty=true 只看现在在岗的。", tags=TAGS),
    retrieve=extend_schema(summary="一个班次", tags=TAGS),
)
class RosterViewSet(ReadOnlyModelViewSet[DutyShift]):
    """Shifts, the latest day first."""

    queryset = DutyShift.objects.none()
    serializer_class = ShiftSerializer
    permission_classes = [SeesCommandPost]
    filterset_class = ShiftFilter
    lookup_value_regex = "[0-9]+"
    ordering_fields = {"day": "day", "unit": "unit__name", "role": "role", "id": "pk"}
    ordering = ("-day", "unit", "role")

    def get_queryset(self) -> QuerySet[DutyShift]:
        """What the caller may see."""
        return DutyShift.objects.visible_to(self.request.user).select_related("unit")

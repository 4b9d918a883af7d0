"""The duty roster: ``/api/v1/flood/roster/``, for signed-in staff."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.viewsets import ReadOnlyModelViewSet

from floodresponse.api.access import SeesCommandPost
from floodresponse.filters import ShiftFilter
from floodresponse.models import DutyShift

TAGS = ["防内涝"]


class ShiftSerializer(serializers.ModelSerializer[DutyShift]):
    """A person on duty for a unit, from the handover of the day to the next one's."""

    unit = serializers.CharField(source="unit.slug", read_only=True)
    unit_name = serializers.CharField(source="unit.name", read_only=True)

    class Meta:
        model = DutyShift
        fields = ("id", "unit", "unit_name", "day", "role", "name", "phone", "signed_in_at")


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

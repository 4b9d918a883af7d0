"""The plan's people and work as data: seats, duties of units, special groups; for signed-in staff."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.viewsets import ReadOnlyModelViewSet

from floodresponse.api.access import SeesCommandPost
from floodresponse.filters import PlanListFilter
from floodresponse.models import CommandPostMember, Duty, Plan, SpecialGroup

TAGS = ["防内涝"]
READING = "floodresponse.view_command_post"
WHICH = "不给 year 时为今天有效的方案。"


class UnitSerializer(serializers.Serializer[Any]):
    """A unit by slug and name."""

    slug = serializers.CharField()
    name = serializers.CharField()


class SeatSerializer(serializers.ModelSerializer[CommandPostMember]):
    """A seat in the command post, as printed."""

    name = serializers.CharField(source="printed_name", read_only=True)
    unit = UnitSerializer(allow_null=True, read_only=True)

    class Meta:
        model = CommandPostMember
        fields = ("id", "order", "role", "name", "post", "unit")


class DutySerializer(serializers.ModelSerializer[Duty]):
    """What the plan lays on units; ``text`` is empty until the plan's wording is imported."""

    units = UnitSerializer(many=True, read_only=True)

    class Meta:
        model = Duty
        fields = ("id", "order", "printed_unit", "units", "summary", "text")


class GroupSerializer(serializers.ModelSerializer[SpecialGroup]):
    """A special working group."""

    leader = serializers.CharField(source="leader.name", allow_null=True, default=None, read_only=True)
    units = UnitSerializer(many=True, read_only=True)

    class Meta:
        model = SpecialGroup
        fields = (
            "id", "order", "name", "leader", "leader_post", "printed_members", "units", "summary", "text",
        )  # fmt: skip


class PlanListViewSet(ReadOnlyModelViewSet[Any]):
    """Rows of a plan in the order of print."""

    permission_classes = [SeesCommandPost]
    filterset_class = PlanListFilter
    lookup_value_regex = "[0-9]{1,18}"
    ordering_fields = {"order": "order", "id": "pk"}
    ordering = ("order",)
    rows: QuerySet[Any]

    def get_queryset(self) -> QuerySet[Any]:
        """Of plans that are published."""
        published = self.rows.filter(plan__in=Plan.objects.published())
        return published if self.request.user.has_perm(READING) else published.none()


@extend_schema_view(
    list=extend_schema(summary="指挥部成员", description=WHICH, tags=TAGS),
    retrieve=extend_schema(summary="一个席位", tags=TAGS),
)
class SeatViewSet(PlanListViewSet):
    """Seats of the command post."""

    queryset = CommandPostMember.objects.none()
    serializer_class = SeatSerializer
    rows = CommandPostMember.objects.select_related("unit")


@extend_schema_view(
    list=extend_schema(summary="成员单位职责", description=WHICH, tags=TAGS),
    retrieve=extend_schema(summary="一条职责", tags=TAGS),
)
class DutyViewSet(PlanListViewSet):
    """Duties of units."""

    queryset = Duty.objects.none()
    serializer_class = DutySerializer
    rows = Duty.objects.prefetch_related("units")


@extend_schema_view(
    list=extend_schema(summary="专项工作组", description=WHICH, tags=TAGS),
    retrieve=extend_schema(summary="一个工作组", tags=TAGS),
)
class GroupViewSet(PlanListViewSet):
    """Special groups."""

    queryset = SpecialGroup.objects.none()
    serializer_class = GroupSerializer
    rows = SpecialGroup.objects.select_related("leader").prefetch_related("units")

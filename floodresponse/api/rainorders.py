"""Orders below level IV as data: ``/api/v1/flood/rain-orders/`` and the answers of the units to them."""

from collections.abc import Callable

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet, ReadOnlyModelViewSet

from floodresponse.api.access import SeesCommandPost
from floodresponse.api.responses import CONFLICT
from floodresponse.models import RainAction, RainOrder
from floodresponse.rain.filters import OrderFilter
from floodresponse.services import acknowledge_action, finish_action
from organizations.access import caller_of

TAGS = ["防内涝"]


class RainActionSerializer(serializers.ModelSerializer[RainAction]):
    """What a unit does; ``unit`` is null where it is the command post's own."""

    unit = serializers.CharField(source="unit.slug", allow_null=True, default=None, read_only=True)
    unit_name = serializers.CharField(source="unit.name", allow_null=True, default=None, read_only=True)

    class Meta:
        model = RainAction
        fields = ("id", "unit", "unit_name", "text", "state", "acknowledged_at", "done_at", "closed_at")


class RainOrderSerializer(serializers.ModelSerializer[RainOrder]):
    """An order with its actions; ``situation`` is light_rain or heavy_rain."""

    ordered_by = serializers.CharField(source="ordered_by.__str__", read_only=True)
    actions = RainActionSerializer(many=True, read_only=True)

    class Meta:
        model = RainOrder
        fields = (
            "id", "situation", "exercise", "reason", "ordered_at", "ordered_by", "ended_at", "end_reason",
            "actions",
        )  # fmt: skip


@extend_schema_view(
    list=extend_schema(
        summary="降雨部署", description="四级以下由人决定部署的小雨、大雨措施；不是响应。", tags=TAGS
    ),
    retrieve=extend_schema(summary="一次降雨部署", tags=TAGS),
)
class RainOrderViewSet(ReadOnlyModelViewSet[RainOrder]):
    """Orders, the newest first."""

    queryset = RainOrder.objects.none()
    serializer_class = RainOrderSerializer
    permission_classes = [SeesCommandPost]
    filterset_class = OrderFilter
    ordering_fields = {"ordered_at": "ordered_at", "id": "pk"}
    ordering = ("-ordered_at", "-id")
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[RainOrder]:
        """What the caller may see."""
        seen = RainOrder.objects.visible_to(self.request.user).select_related("ordered_by")
        return seen.prefetch_related("actions__unit")


class RainActionViewSet(GenericViewSet[RainAction]):
    """Actions under such an order: acknowledged, then done."""

    queryset = RainAction.objects.none()
    serializer_class = RainActionSerializer
    permission_classes = [SeesCommandPost]
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[RainAction]:
        """Of the orders that the caller may see."""
        seen = RainOrder.objects.visible_to(self.request.user)
        return RainAction.objects.filter(order__in=seen).select_related("unit")

    @extend_schema(
        summary="签收降雨措施", tags=TAGS, request=None, responses={200: RainActionSerializer, **CONFLICT}
    )
    @action(detail=True, methods=["post"])
    def acknowledge(self, request: Request, pk: str | None = None) -> Response:
        """The unit has seen it."""
        return self._answer(request, acknowledge_action)

    @extend_schema(
        summary="上报降雨措施落实", tags=TAGS, request=None, responses={200: RainActionSerializer, **CONFLICT}
    )
    @action(detail=True, methods=["post"])
    def done(self, request: Request, pk: str | None = None) -> Response:
        """The unit has done it."""
        return self._answer(request, finish_action)

    def _answer(self, request: Request, service: Callable[..., RainAction]) -> Response:
        found = service(actor=caller_of(request), at=timezone.now(), action=self.get_object())
        return Response(self.get_serializer(found).data)

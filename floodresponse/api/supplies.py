"""Supplies as data: ``/api/v1/flood/supplies/`` with their moves, and ``/api/v1/flood/supply-moves/``."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from floodresponse.api.access import SeesCommandPost
from floodresponse.api.responses import CONFLICT
from floodresponse.models import Supply, SupplyMove
from floodresponse.numbers import NumbersForReader
from floodresponse.resources.filters import SupplyFilter, SupplyMoveFilter
from floodresponse.resources.situation import level_to_prepare_for, running_responses
from floodresponse.services.resources import PERMISSION as KEEPING
from floodresponse.services.supplies import (
    SupplyContent,
    change_keeper,
    move_supply,
    open_stock,
    transfer_supply,
)
from foundation.api import PageAddress
from organizations.access import caller_of
from organizations.models import Department
from organizations.permissions import require

TAGS = ["防内涝"]
READING = "floodresponse.view_command_post"
TYPED = (SupplyMove.Kind.IN, SupplyMove.Kind.OUT, SupplyMove.Kind.COUNTED)
Form = type[serializers.Serializer[Any]]
QUANTITY: dict[str, Any] = {"max_digits": 12, "decimal_places": 2}


def single_bodies() -> QuerySet[Department]:
    """Units that can hold something: active, and not a collective name of several."""
    return Department.objects.active().exclude(kind=Department.Kind.COLLECTIVE)


class SupplySerializer(NumbersForReader, serializers.ModelSerializer[Supply]):
    """A stock; ``minimum`` and ``held`` are of the unit and article at the level to prepare for."""

    unit = serializers.SlugRelatedField(slug_field="slug", queryset=single_bodies())
    unit_name = serializers.CharField(source="unit.name", read_only=True)
    quantity = serializers.DecimalField(**QUANTITY, min_value=0)
    minimum = serializers.DecimalField(**QUANTITY, read_only=True, allow_null=True)
    held = serializers.DecimalField(max_digits=14, decimal_places=2, read_only=True)
    url = PageAddress()

    class Meta:
        model = Supply
        fields = (
            "id", "unit", "unit_name", "name", "place", "measure", "quantity", "keeper", "phone",
            "minimum", "held", "url",
        )  # fmt: skip
        # Whether the stock is there already is for the service to say, in its own words.
        validators: tuple[Any, ...] = ()


class SupplyMoveSerializer(serializers.ModelSerializer[SupplyMove]):
    """One move, never changed; of a transfer ``other`` is the other stock."""

    unit = serializers.CharField(source="supply.unit.slug", read_only=True)
    name = serializers.CharField(source="supply.name", read_only=True)
    measure = serializers.CharField(source="supply.measure", read_only=True)
    by = serializers.CharField(source="by.__str__", read_only=True)

    class Meta:
        model = SupplyMove
        fields = (
            "id", "supply", "unit", "name", "measure", "kind", "change", "after", "other", "reason", "at",
            "by",
        )  # fmt: skip


class MoveSerializer(serializers.Serializer[Any]):
    """In, out, or what was counted."""

    kind = serializers.ChoiceField(choices=[(kind.value, kind.label) for kind in TYPED])
    quantity = serializers.DecimalField(**QUANTITY, min_value=0)
    reason = serializers.CharField(max_length=200)


class TransferSerializer(serializers.Serializer[Any]):
    """To whom, how much, why."""

    unit = serializers.SlugRelatedField(slug_field="slug", queryset=single_bodies())
    place = serializers.CharField(max_length=120, allow_blank=True, default="")
    quantity = serializers.DecimalField(**QUANTITY, min_value=0)
    reason = serializers.CharField(max_length=200)


class KeeperSerializer(serializers.Serializer[Any]):
    """Whom to ask."""

    keeper = serializers.CharField(max_length=40, allow_blank=True)
    phone = serializers.CharField(max_length=40, allow_blank=True, default="")


@extend_schema_view(
    list=extend_schema(
        summary="防汛物资", description="short=true 只看单位储备低于当前应备级别最低储备的。", tags=TAGS
    ),
    retrieve=extend_schema(summary="一处库存", tags=TAGS),
)
class SupplyViewSet(ReadOnlyModelViewSet[Supply]):
    """Stocks by unit, article and place."""

    queryset = Supply.objects.none()
    serializer_class = SupplySerializer
    permission_classes = [SeesCommandPost]
    filterset_class = SupplyFilter
    lookup_value_regex = "[0-9]{1,18}"
    ordering_fields = {
        "unit": "unit__name", "name": "name", "place": "place", "quantity": "quantity", "id": "pk",
    }  # fmt: skip
    ordering = ("unit", "name", "place")

    def get_queryset(self) -> QuerySet[Supply]:
        """What the caller may see, with what should be there."""
        if not self.request.user.has_perm(READING):
            return Supply.objects.none()
        level = level_to_prepare_for(running_responses())
        return Supply.objects.with_minimum(level).select_related("unit")

    @extend_schema(
        summary="登记库存",
        description="由该单位或防涝办登记；现有数量作为第一次入库。同一处已登记的为 409。",
        tags=TAGS,
        responses={201: SupplySerializer, **CONFLICT},
    )
    def create(self, request: Request) -> Response:
        """Begin to keep an article at a place."""
        actor = caller_of(request)
        require(actor, KEEPING, "登记物资")
        given = self.get_serializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        quantity = values.pop("quantity")
        made = open_stock(actor=actor, content=SupplyContent(**values), quantity=quantity, at=timezone.now())
        return Response(self.get_serializer(self.get_queryset().get(pk=made.pk)).data, status=201)

    @extend_schema(
        summary="出入库、盘点",
        description="盘点填实有数；结存不会小于 0，不够的为 400。",
        tags=TAGS,
        request=MoveSerializer,
        responses={200: SupplySerializer, **CONFLICT},
    )
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str | None = None) -> Response:
        """Bring in, take out, or put right after counting."""
        return self._do(request, move_supply, MoveSerializer, "办理物资出入库")

    @extend_schema(
        summary="调拨",
        description="调出、调入各记一笔，同时成功或都不发生。",
        tags=TAGS,
        request=TransferSerializer,
        responses={200: SupplySerializer, **CONFLICT},
    )
    @action(detail=True, methods=["post"])
    def transfer(self, request: Request, pk: str | None = None) -> Response:
        """Hand over to another unit or place."""
        return self._do(request, transfer_supply, TransferSerializer, "调拨物资")

    @extend_schema(
        summary="更换保管人", tags=TAGS, request=KeeperSerializer, responses={200: SupplySerializer}
    )
    @action(detail=True, methods=["post"])
    def keeper(self, request: Request, pk: str | None = None) -> Response:
        """Name another person to ask."""
        return self._do(request, change_keeper, KeeperSerializer, "修改保管人")

    def _do(
        self,
        request: Request,
        service: Callable[..., Any],
        form: type[serializers.Serializer[Any]],
        what: str,
    ) -> Response:
        supply, actor = self.get_object(), caller_of(request)
        require(actor, KEEPING, what)
        given = form(data=request.data)
        given.is_valid(raise_exception=True)
        service(actor=actor, supply=supply, at=timezone.now(), **given.validated_data)
        return Response(self.get_serializer(self.get_object()).data)


@extend_schema_view(
    list=extend_schema(
        summary="物资出入记录", description="入库、出库、调出、调入、盘点，新近的在前。", tags=TAGS
    ),
    retrieve=extend_schema(summary="一笔出入", tags=TAGS),
)
class SupplyMoveViewSet(ReadOnlyModelViewSet[SupplyMove]):
    """Every move of every stock, the newest first."""

    queryset = SupplyMove.objects.none()
    serializer_class = SupplyMoveSerializer
    permission_classes = [SeesCommandPost]
    filterset_class = SupplyMoveFilter
    lookup_value_regex = "[0-9]{1,18}"
    ordering_fields = {"at": "at", "id": "pk"}
    ordering = ("-at", "-id")

    def get_queryset(self) -> QuerySet[SupplyMove]:
        """What the caller may see."""
        seen = self.request.user.has_perm(READING)
        rows = SupplyMove.objects.select_related("supply__unit", "by")
        return rows if seen else rows.none()

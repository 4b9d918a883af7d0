"""Figures of incidents added up by street: ``/api/v1/flood/losses/``, for signed-in staff."""

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from floodresponse.api.access import SeesCommandPost
from floodresponse.filters import LossFilter
from floodresponse.losses import CITY, OWN, Total, totals_by_street
from floodresponse.models import Incident
from floodresponse.reportcontent import FIGURES, MEASURED
from floodresponse.standing import keeps_office

LABELS = "、".join(f"{key} {label}" for key, label in FIGURES.items())
COUNT, MEASURE = {"type": "integer", "nullable": True}, {"type": "number", "nullable": True}


@extend_schema_field(
    {
        "type": "object",
        "properties": {key: MEASURE if key in MEASURED else COUNT for key in FIGURES},
        "required": list(FIGURES),
        "description": f"{LABELS}；null 为没有一起核过，不是 0",
    }
)
class SumsField(serializers.Field[Any, Any, Any, Any]):
    """By figure the sum; null where nobody has counted."""

    def to_representation(self, value: dict[str, Decimal]) -> dict[str, int | float | None]:
        """Whole numbers as such."""
        return {key: None if key not in value else _number(value[key]) for key in FIGURES}


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


@extend_schema_field(
    {
        "type": "object",
        "properties": {key: {"type": "integer"} for key in FIGURES},
        "required": list(FIGURES),
        "description": "各项还有几起没有核，合计里没有它们",
    }
)
class UncountedField(serializers.Field[Any, Any, Any, Any]):
    """By figure how many incidents the sum leaves out."""

    def to_representation(self, value: dict[str, int]) -> dict[str, int]:
        """0 where all are in."""
        return {key: value.get(key, 0) for key in FIGURES}


class LossSerializer(serializers.Serializer[Total]):
    """A street, what names no street (``street`` null), or the sum of all (``whole``)."""

    street = serializers.CharField(source="street.slug", allow_null=True, default=None, read_only=True)
    name = serializers.CharField(read_only=True)
    whole = serializers.BooleanField(read_only=True)
    incidents = serializers.IntegerField(read_only=True)
    figures = SumsField(read_only=True)
    uncounted = UncountedField(read_only=True)


class LossesView(GenericAPIView[Any]):
    """As the page: of each incident what was told last, nothing twice."""

    queryset = Incident.objects.none()
    serializer_class = LossSerializer
    permission_classes = [SeesCommandPost]
    filterset_class = LossFilter

    def get_queryset(self) -> QuerySet[Incident]:
        """What the caller may see."""
        return Incident.objects.visible_to(self.request.user).select_related("unit", "street")

    @extend_schema(
        summary="灾情统计",
        description=(
            "按街道合计，末行为全市；各单位只合计本单位上报的。每起取最后报的数，同一起只计一次。"
            "不给 date_from 时自今年 1 月 1 日起；演练只在 exercise=true 时合计。"
        ),
        tags=["防内涝"],
        responses=LossSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """A line for each street, the sum last."""
        whole = CITY if keeps_office(request.user) else OWN
        totals = totals_by_street(self.filter_queryset(self.get_queryset()), of_all=whole)
        page: Any = self.paginate_queryset(totals)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

"""The plan's matrix as data: ``/api/v1/flood/matrix/``."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from floodresponse import matrix
from floodresponse.filters import MatrixFilter
from floodresponse.models import Criterion, Plan, Sign

LEVELS = list(matrix.NUMERALS.values())


class PlanSerializer(serializers.ModelSerializer[Plan]):
    """Which plan the rows are taken from."""

    class Meta:
        model = Plan
        fields = ("title", "year")


class CriterionSerializer(serializers.ModelSerializer[Criterion]):
    """A threshold; ``provisional`` marks a reading of our own (待确认).

    A value fits when it is above ``lower`` (or equal, if inclusive) and below
    ``upper`` (or equal, if inclusive); null is no limit.
    """

    level = serializers.SerializerMethodField()
    criterion = serializers.ChoiceField(source="kind", choices=Criterion.Kind.choices)
    lower = serializers.FloatField()
    upper = serializers.FloatField(allow_null=True)
    unit = serializers.SerializerMethodField()

    class Meta:
        model = Criterion
        fields = (
            "level",
            "criterion",
            "lower",
            "lower_inclusive",
            "upper",
            "upper_inclusive",
            "unit",
            "clause",
            "provisional",
        )

    def get_level(self, criterion: Criterion) -> str:
        """I to IV."""
        return matrix.NUMERALS[criterion.level]

    def get_unit(self, criterion: Criterion) -> str:
        """Millimetres of rain, centimetres of ponding."""
        return "cm" if criterion.kind == Criterion.Kind.PONDING else "mm"


class SignSerializer(serializers.ModelSerializer[Sign]):
    """A sign on the ground; it supports a level and never sets it (旁证)."""

    level = serializers.SerializerMethodField()

    class Meta:
        model = Sign
        fields = ("level", "code", "label", "clause")

    def get_level(self, sign: Sign) -> str:
        """I to IV."""
        return matrix.NUMERALS[sign.level]


class MatrixSerializer(serializers.Serializer[Any]):
    """A page of the matrix with the plan it is taken from; no plan, no rows."""

    plan = PlanSerializer(allow_null=True)
    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = CriterionSerializer(many=True)
    signs = SignSerializer(many=True)


class MatrixView(GenericAPIView[Criterion]):
    """The thresholds of the plan that holds today, or of the year asked for."""

    queryset = Criterion.objects.select_related("plan")
    serializer_class = CriterionSerializer
    permission_classes = [AllowAny]
    filterset_class = MatrixFilter
    ordering_fields = {"level": "level", "criterion": "kind"}
    ordering = ("level", "-criterion")

    @extend_schema(
        summary="启动条件矩阵",
        description="方案各级别的雨量与积水条件；provisional 为待确认的解读。",
        tags=["防内涝"],
        responses=MatrixSerializer,
        parameters=[
            OpenApiParameter("year", int, description="方案年度，缺省为今天适用的方案"),
            OpenApiParameter("page", int),
            OpenApiParameter("page_size", int),
        ],
    )
    def get(self, request: Request) -> Response:
        """One page; the whole matrix has eight rows."""
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        plan = rows[0].plan if rows else None
        page = self.get_paginated_response(self.get_serializer(rows, many=True).data)
        page.data["plan"] = PlanSerializer(plan).data if plan else None
        page.data["signs"] = SignSerializer(plan.signs.all(), many=True).data if plan else []
        return page

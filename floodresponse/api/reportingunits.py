"""Which units owe daily reports: ``/api/v1/flood/reporting-units/``, for signed-in staff."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from floodresponse.api.access import SeesCommandPost
from floodresponse.models import Plan, ReportingUnit
from floodresponse.preparedness.reportinglines import ORDERS, STATES, Line, asked, lines_of

STATE_WORDS = "、".join(f"{key} {word}" for key, word in STATES if key)
SORTS = [f"{sign}{name}" for name in ORDERS for sign in ("", "-")]


class ReportingUnitSerializer(serializers.Serializer[Line]):
    """A unit; ``gap`` where seat and printed duty differ and the office has not settled it (待确认)."""

    unit = serializers.CharField(source="unit.slug", read_only=True)
    unit_name = serializers.CharField(source="unit.name", read_only=True)
    seat = serializers.BooleanField(read_only=True)
    duty = serializers.BooleanField(read_only=True)
    owes = serializers.BooleanField(read_only=True)
    gap = serializers.BooleanField(read_only=True)
    basis = serializers.CharField(read_only=True)
    decided_at = serializers.DateTimeField(
        source="settled.decided_at", allow_null=True, default=None, read_only=True
    )
    decided_by = serializers.CharField(
        source="settled.decided_by.__str__", allow_null=True, default=None, read_only=True
    )


class QuestionSerializer(serializers.Serializer[Any]):
    """Conditions, as those of the page; the plan's year and a unit's slug besides."""

    year = serializers.IntegerField(min_value=1, max_value=9999, default=None)
    unit = serializers.CharField(max_length=80, allow_blank=True, default="")
    q = serializers.CharField(max_length=60, allow_blank=True, default="")
    state = serializers.ChoiceField(choices=[key for key, _ in STATES], allow_blank=True, default="")
    ordering = serializers.ChoiceField(choices=SORTS, allow_blank=True, default="")


class ReportingUnitsView(GenericAPIView[Any]):
    """As the page; the office settles it there."""

    queryset = ReportingUnit.objects.none()
    serializer_class = ReportingUnitSerializer
    permission_classes = [SeesCommandPost]
    filter_backends = ()

    @extend_schema(
        summary="应报单位",
        description="汛期值守期间每日零报告的单位；名单与印出的职责对不上、防涝办尚未确认的 gap 为 true。",
        tags=["防内涝"],
        parameters=[
            OpenApiParameter("year", int, description="方案年度，缺省为今天适用的方案"),
            OpenApiParameter("unit", str, description="单位的 slug"),
            OpenApiParameter("q", str, description="单位或依据里的字"),
            OpenApiParameter("state", str, enum=[key for key, _ in STATES if key], description=STATE_WORDS),
            OpenApiParameter("ordering", str, enum=SORTS, description="排序，前加“-”为倒序"),
        ],
        responses=ReportingUnitSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """What is open first, then in the order of the departments."""
        question = QuestionSerializer(data=request.query_params.dict())
        question.is_valid(raise_exception=True)
        chosen = question.validated_data
        plan = _plan_of(chosen["year"])
        lines = asked(lines_of(plan) if plan else [], chosen, chosen["ordering"])
        named = [line for line in lines if chosen["unit"] in ("", line.unit.slug)]
        page: Any = self.paginate_queryset(named)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


def _plan_of(year: int | None) -> Plan | None:
    if year is None:
        return Plan.objects.holding_in(timezone.localdate().year)
    return Plan.objects.published().filter(year=year).first()

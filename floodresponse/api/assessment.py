"""The recommended level of a moment: ``/api/v1/flood/assessment/``."""

import re
from datetime import datetime
from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from floodresponse.api.access import SeesCommandPost
from floodresponse.assessing import assess
from floodresponse.drilling import assess_drill
from floodresponse.observed import as_json

# A + in an address that was not escaped arrives as a space.
BARE_PLUS = re.compile(r" (?=\d\d:?\d\d$)")


@extend_schema_field({"type": "string", "nullable": True, "description": "I 至 IV，或 null"})
class NumeralField(serializers.CharField):
    """I to IV, or null."""


class ReasonSerializer(serializers.Serializer[Any]):
    """Why a level; ``value`` is a number, of a sign its code."""

    level = NumeralField(allow_null=True)
    criterion = serializers.CharField()
    where = serializers.CharField(allow_blank=True)
    value = serializers.JSONField()
    threshold = serializers.FloatField(allow_null=True)
    to = serializers.DateTimeField()
    single = serializers.BooleanField()

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """``from`` is a word of the language and cannot be declared like the others."""
        return {**super().get_fields(), "from": serializers.DateTimeField()}


class AssessmentSerializer(serializers.Serializer[Any]):
    """The recommended level with its reasons; ``silent`` gauges make it incomplete."""

    level = NumeralField(allow_null=True)
    complete = serializers.BooleanField()
    silent = serializers.ListField(child=serializers.CharField())
    single_station = serializers.BooleanField()
    reasons = ReasonSerializer(many=True)


class AssessmentView(APIView):
    """What the portal recommends; a person declares."""

    permission_classes = [SeesCommandPost]

    @extend_schema(
        summary="建议级别",
        description="按已收到的数据评估；只作建议，由人决定是否启动。数据不全时 complete 为 false。",
        tags=["防内涝"],
        parameters=[
            OpenApiParameter("at", OpenApiTypes.DATETIME, description="评估时刻，缺省为现在"),
            OpenApiParameter(
                "exercise", OpenApiTypes.BOOL, description="true 为进行中演练降雨的研判，与实测数据互不相干"
            ),
        ],
        responses={200: AssessmentSerializer, 409: OpenApiTypes.OBJECT},
    )
    def get(self, request: Request) -> Response:
        """Of now, or of the moment asked for; of the drill when that is asked for."""
        asked = request.query_params.get("at")
        at = timezone.localtime() if asked is None else _moment(asked)
        drill = _yes_or_no(request.query_params.get("exercise", "false"))
        return Response(as_json(assess_drill(at) if drill else assess(at)))


def _yes_or_no(text: str) -> bool:
    if text.lower() not in {"true", "false", "1", "0"}:
        raise ValidationError({"exercise": ["应为 true 或 false。"]})
    return text.lower() in {"true", "1"}


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(BARE_PLUS.sub("+", text.strip()))
    except ValueError:
        found = None
    if found is None or found.utcoffset() is None:
        raise ValidationError({"at": ["应为带时区的时间，例如 2022-07-26T15:00:00+08:00。"]})
    return found

"""Readings of gauges and points: ``/api/v1/flood/readings/``."""

import codecs
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import IO, Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.parsers import JSONParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from floodresponse.services import record_readings
from floodresponse.services.readings import require_entering
from organizations.access import caller_of


class DecimalParser(JSONParser):
    """JSON whose numbers keep every digit; one that is none is refused with its row."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Lists, objects, text and decimals."""
        try:
            text = codecs.getreader("utf-8")(stream)
            return json.load(text, parse_float=Decimal, parse_constant=str)
        except (ValueError, RecursionError) as error:
            raise ParseError("内容不是有效的 JSON。") from error


class ReadingSerializer(serializers.Serializer[Any]):
    """A row of the list; ``value`` is mm since the record before, or cm of ponding; ``unit`` is checked."""

    station = serializers.CharField()
    kind = serializers.ChoiceField(choices=[("rain", "雨量"), ("ponding", "积水深度")])
    observed_at = serializers.DateTimeField()
    value = serializers.FloatField()
    unit = serializers.CharField(required=False)


class RejectedSerializer(serializers.Serializer[Any]):
    """A row that was refused, by its place in the list from 0."""

    index = serializers.IntegerField()
    error = serializers.CharField()


class IntakeSerializer(serializers.Serializer[Any]):
    """What became of the list; ``corrected`` are among the accepted."""

    accepted = serializers.IntegerField()
    corrected = serializers.IntegerField()
    duplicates = serializers.IntegerField()
    rejected = RejectedSerializer(many=True)


class ReadingsView(APIView):
    """Takes lists of readings."""

    permission_classes = [IsAuthenticated]
    parser_classes = [DecimalParser]

    @extend_schema(
        summary="报送雨量和积水数据",
        description="一次最多 5000 条；同一批重复报送无影响，同站同一时刻再报不同数值即为更正，原值留存。"
        "雨量以 mm、积水深度以 cm 报送，写了别的单位即拒绝，不作换算。"
        "站网账号只能报送本站网的站点，单位值班员只能报送本单位的站点。",
        tags=["防内涝"],
        request=ReadingSerializer(many=True),
        responses={201: IntakeSerializer},
    )
    def post(self, request: Request) -> Response:
        """Each row is taken or refused on its own."""
        require_entering(caller_of(request))
        if not isinstance(request.data, list):
            raise ValidationError({"detail": "内容应为列表，每条含 station、kind、observed_at、value。"})
        intake = record_readings(actor=caller_of(request), at=timezone.now(), rows=request.data)
        return Response(IntakeSerializer(intake).data, status=201)

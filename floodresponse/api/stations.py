"""Stations as data: ``/api/v1/flood/stations/``."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from floodresponse.api.access import SeesCommandPost
from floodresponse.models import Station
from floodresponse.services import StationContent, register_station
from organizations.access import caller_of
from organizations.permissions import require


class StationSerializer(serializers.ModelSerializer[Station]):
    """A gauge or a point; only ``is_urban`` gauges and ``is_low_spot`` points count for the level."""

    # Taken twice is a conflict that the service names, not a bad field.
    code = serializers.CharField(max_length=40)

    class Meta:
        model = Station
        fields = (
            "code", "name", "kind", "is_urban", "is_low_spot", "street", "network", "interval_minutes",
            "longitude", "latitude", "is_active",
        )  # fmt: skip
        read_only_fields = ("is_active",)


@extend_schema_view(
    get=extend_schema(
        summary="监测站点", description="雨量站与积水点；计入判级的只有城区站和低洼点。", tags=["防内涝"]
    )
)
class StationsView(ListAPIView[Station]):
    """The stations, by kind and code."""

    queryset = Station.objects.all()
    serializer_class = StationSerializer
    permission_classes = [SeesCommandPost]
    ordering_fields = {"code": "code", "name": "name", "kind": "kind"}
    ordering = ("-kind", "code")

    @extend_schema(summary="登记监测站点", description="登记后即可报送数据。", tags=["防内涝"])
    def post(self, request: Request) -> Response:
        """Registers one."""
        require(caller_of(request), "floodresponse.change_station", "登记监测站点")
        given = self.get_serializer(data=request.data)
        given.is_valid(raise_exception=True)
        values: dict[str, Any] = given.validated_data
        station = register_station(
            actor=caller_of(request), at=timezone.now(), content=StationContent(**values)
        )
        return Response(self.get_serializer(station).data, status=201)

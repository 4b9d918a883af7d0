"""Warnings as data: ``/api/v1/flood/warnings/``, for signed-in staff."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.viewsets import ReadOnlyModelViewSet

from floodresponse.api.access import SeesCommandPost
from floodresponse.models import FloodWarning
from floodresponse.warnings.filters import WarningFilter

TAGS = ["防内涝"]


class WarningSerializer(serializers.ModelSerializer[FloodWarning]):
    """A warning; ``colour`` 1 red to 4 blue; ``expired`` as of the call."""

    issuer = serializers.CharField(source="issuer.slug", read_only=True)
    issuer_name = serializers.CharField(source="issuer.name", read_only=True)
    expired = serializers.SerializerMethodField()
    units = serializers.SlugRelatedField[Any](slug_field="slug", many=True, read_only=True)
    url = serializers.SerializerMethodField()

    class Meta:
        model = FloodWarning
        fields = (
            "id", "issuer", "issuer_name", "kind", "colour", "text", "valid_from", "valid_to", "exercise",
            "state", "expired", "received_at", "assessed_at", "assessment", "issued_at", "units", "lifted_at",
            "lift_reason", "url",
        )  # fmt: skip

    def get_expired(self, warning: FloodWarning) -> bool:
        """Whether its time is over without it being lifted or declined."""
        return warning.expired(timezone.now())

    def get_url(self, warning: FloodWarning) -> str:
        """Its page."""
        url: str = self.context["request"].build_absolute_uri(warning.get_absolute_url())
        return url


@extend_schema_view(
    list=extend_schema(summary="预警", description="启动响应之前的预警；预警不是响应级别。", tags=TAGS),
    retrieve=extend_schema(summary="一份预警", tags=TAGS),
)
class WarningViewSet(ReadOnlyModelViewSet[FloodWarning]):
    """Warnings, the newest first."""

    queryset = FloodWarning.objects.none()
    serializer_class = WarningSerializer
    permission_classes = [SeesCommandPost]
    filterset_class = WarningFilter
    ordering_fields = {"received_at": "received_at", "valid_to": "valid_to", "colour": "colour", "id": "pk"}
    ordering = ("-received_at", "-id")
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[FloodWarning]:
        """What the caller may see."""
        seen = FloodWarning.objects.visible_to(self.request.user)
        return seen.select_related("issuer").prefetch_related("units")

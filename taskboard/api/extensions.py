"""``/api/v1/extensions/``: later dates that are asked for, and the supervisor's decision."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from organizations.access import caller_of
from taskboard.api.access import ReadsTasks
from taskboard.api.forms import DecisionInput
from taskboard.api.serializers import ExtensionSerializer
from taskboard.filters import ExtensionFilter
from taskboard.models import Extension
from taskboard.services import decide_extension, require_decider


@extend_schema_view(
    list=extend_schema(summary="延期申请", tags=["任务清单"]),
    retrieve=extend_schema(summary="一项延期申请", tags=["任务清单"]),
)
class ExtensionViewSet(ReadOnlyModelViewSet[Extension]):
    """Later dates, the newest request first."""

    queryset = Extension.objects.none()
    serializer_class = ExtensionSerializer
    permission_classes = [ReadsTasks]
    filterset_class = ExtensionFilter
    lookup_value_regex = "[0-9]+"
    ordering_fields = {"asked_at": "asked_at", "until": "until", "id": "pk"}
    ordering = ("-asked_at",)

    def get_queryset(self) -> QuerySet[Extension]:
        """What the caller may see."""
        return Extension.objects.visible_to(self.request.user).select_related("department")

    @extend_schema(
        summary="批复延期",
        tags=["任务办理"],
        request=DecisionInput,
        responses={200: ExtensionSerializer, 409: OpenApiTypes.OBJECT},
        filters=False,
    )
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: Any = None) -> Response:
        """Granted or refused, once."""
        actor, extension = caller_of(request), self.get_object()
        require_decider(actor)
        given = DecisionInput(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        decided = decide_extension(actor=actor, at=timezone.now(), extension=extension, **values)
        return Response(self.get_serializer(decided).data)

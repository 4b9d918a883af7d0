"""Links between entries, documents and tasks as data: ``links/``, for the desk."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ReadOnlyModelViewSet

from directives.models import Directive
from events.models import Event
from organizations.access import caller_of
from organizations.permissions import require
from taskboard.linking.filters import LinkFilter
from taskboard.models import RecordLink, Task
from taskboard.services.linking import PERMISSION, WHAT, add_link, decide_links

TAG = ["记录关联"]
DESCRIPTION = "系统提议、编辑确认的大事记、文件、任务之间的关联；不按状态筛选时列出全部，最有把握的在前。"


class LinksRecords(IsAuthenticated):
    """Signed in, and for the list with the right to link; a single link is 404 without that right."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Refused with the sentence that pages show."""
        if not super().has_permission(request, view):
            return False
        if not getattr(view, "detail", False):
            require(request.user, PERMISSION, WHAT)  # type: ignore[arg-type]  # they are signed in
        return True


class EndSerializer(serializers.Serializer[Any]):
    """A linked record."""

    id = serializers.IntegerField(source="pk")
    title = serializers.CharField()
    url = serializers.SerializerMethodField()

    def get_url(self, record: Any) -> str:
        """Absolute, for the host that was asked."""
        request: Request = self.context["request"]
        return request.build_absolute_uri(record.get_absolute_url())


class LinkSerializer(serializers.ModelSerializer[RecordLink]):
    """Two records that belong together; the third is null."""

    event = EndSerializer(allow_null=True, read_only=True)
    directive = EndSerializer(allow_null=True, read_only=True)
    task = EndSerializer(allow_null=True, read_only=True)
    reasons = serializers.ListField(child=serializers.CharField(), read_only=True)
    decided_by = serializers.SerializerMethodField()

    class Meta:
        model = RecordLink
        fields = (
            "id", "event", "directive", "task", "state", "reasons", "strength", "proposed_at", "decided_by",
            "decided_at",
        )  # fmt: skip

    def get_decided_by(self, link: RecordLink) -> str:
        """Who confirmed or refused it, empty where nobody has."""
        return str(link.decided_by or "")


class LinkInput(serializers.Serializer[Any]):
    """Two of the three."""

    event = serializers.PrimaryKeyRelatedField(queryset=Event.objects.all(), required=False)
    directive = serializers.PrimaryKeyRelatedField(queryset=Directive.objects.all(), required=False)
    task = serializers.PrimaryKeyRelatedField(queryset=Task.objects.all(), required=False)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """Exactly two."""
        if len(given) != 2:
            raise serializers.ValidationError({"event": ["请写大事记、文件、任务中的两种各一条的编号。"]})
        return given


class LinkDecisionInput(serializers.Serializer[Any]):
    """Whether they belong together."""

    confirmed = serializers.BooleanField()


@extend_schema_view(
    list=extend_schema(summary="记录关联", description=DESCRIPTION, tags=TAG),
    retrieve=extend_schema(summary="一条记录关联", tags=TAG),
)
class LinkViewSet(ReadOnlyModelViewSet[RecordLink]):
    """All links of all states."""

    queryset = RecordLink.objects.none()
    serializer_class = LinkSerializer
    permission_classes = [LinksRecords]
    filterset_class = LinkFilter
    lookup_value_regex = "[0-9]+"
    ordering_fields = {"strength": "strength", "proposed_at": "proposed_at", "id": "pk"}
    ordering = ("-strength",)

    def get_queryset(self) -> QuerySet[RecordLink]:
        """With both records, for those who link."""
        if not self.request.user.has_perm(PERMISSION):
            return RecordLink.objects.none()
        return RecordLink.objects.select_related("event", "directive", "task", "decided_by")

    @extend_schema(
        summary="手工关联两条记录",
        description="两种记录各写一条的编号；已关联的答 409。",
        tags=TAG,
        request=LinkInput,
        responses={201: LinkSerializer, 409: OpenApiTypes.OBJECT},
    )
    def create(self, request: Request) -> Response:
        """Link by hand."""
        actor = caller_of(request)
        given = LinkInput(data=request.data)
        given.is_valid(raise_exception=True)
        one, other = given.validated_data.values()
        link = add_link(actor=actor, at=timezone.now(), one=one, other=other)
        return Response(self.get_serializer(self.get_queryset().get(pk=link.pk)).data, status=201)

    @extend_schema(
        summary="确认关联，或定为不关联",
        description="也用来改回已作的决定；已是这样的答 409。",
        tags=TAG,
        request=LinkDecisionInput,
        responses={200: LinkSerializer, 409: OpenApiTypes.OBJECT},
    )
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: Any = None) -> Response:
        """Confirm or refuse."""
        actor, link = caller_of(request), self.get_object()
        given = LinkDecisionInput(data=request.data)
        given.is_valid(raise_exception=True)
        confirmed = given.validated_data["confirmed"]
        decide_links(actor=actor, at=timezone.now(), links=[link.pk], confirmed=confirmed)
        return Response(self.get_serializer(self.get_queryset().get(pk=link.pk)).data)

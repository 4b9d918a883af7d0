"""Messages as data: ``/api/v1/messages/``."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from notifications.filters import MessageFilter
from notifications.models import Message
from notifications.services import acknowledge_message
from organizations.access import caller_of


class MessageSerializer(serializers.ModelSerializer[Message]):
    """A message with its delivery; ``recipient`` is a user name, empty for an address outside."""

    recipient = serializers.CharField(source="recipient.username", default="", read_only=True)
    lateness_s = serializers.FloatField(allow_null=True, read_only=True)

    class Meta:
        model = Message
        fields = (
            "id",
            "dedupe_key",
            "recipient",
            "channel",
            "topic",
            "subject",
            "body",
            "url",
            "urgent",
            "exercise",
            "not_before",
            "state",
            "attempts",
            "last_error",
            "sent_at",
            "lateness_s",
            "acknowledged_at",
        )


@extend_schema_view(
    list=extend_schema(summary="消息", tags=["消息"]),
    retrieve=extend_schema(summary="一条消息", tags=["消息"]),
)
class MessageViewSet(ReadOnlyModelViewSet[Message]):
    """One's own messages; with the right to a delivery ledger, all of its topic."""

    queryset = Message.objects.none()
    serializer_class = MessageSerializer
    filterset_class = MessageFilter
    lookup_value_regex = "[0-9]+"
    ordering_fields = {"not_before": "not_before", "sent_at": "sent_at", "id": "pk"}
    ordering = ("-not_before",)

    def get_queryset(self) -> QuerySet[Message]:
        """What the caller may see."""
        return Message.objects.visible_to(self.request.user).select_related("recipient")

    @extend_schema(summary="应答一条消息", tags=["消息"], request=None, responses=MessageSerializer)
    @action(detail=True, methods=["post"])
    def acknowledge(self, request: Request, pk: Any = None) -> Response:
        """Somebody has seen it and takes care."""
        message = acknowledge_message(actor=caller_of(request), message=self.get_object(), at=timezone.now())
        return Response(self.get_serializer(message).data)

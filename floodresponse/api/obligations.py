"""What is owed: ``/api/v1/flood/obligations/``, for signed-in staff."""

from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from floodresponse.api.access import SeesCommandPost
from floodresponse.filters import ObligationFilter
from floodresponse.models import Obligation
from floodresponse.services.acknowledging import acknowledge_obligation
from floodresponse.services.daily import file_daily_report
from floodresponse.services.obligations import excuse_obligation, require_office
from organizations.access import caller_of

TAGS = ["防内涝"]


class ObligationSerializer(serializers.ModelSerializer[Obligation]):
    """An obligation; ``state`` and ``minutes_late`` as of the call, ``basis`` says why it is due then."""

    incident = serializers.IntegerField(source="incident_id", allow_null=True, read_only=True)
    unit = serializers.CharField(source="unit.slug", read_only=True)
    unit_name = serializers.CharField(source="unit.name", read_only=True)
    state = serializers.ChoiceField(source="state_then", choices=Obligation.State.choices, read_only=True)
    minutes_late = serializers.SerializerMethodField()
    found_too_late = serializers.BooleanField(read_only=True)

    class Meta:
        model = Obligation
        fields = (
            "id",
            "incident",
            "kind",
            "sequence",
            "unit",
            "unit_name",
            "due_at",
            "basis",
            "provisional",
            "state",
            "met_at",
            "minutes_late",
            "found_too_late",
            "excused_at",
            "excuse_reason",
        )

    def get_minutes_late(self, obligation: Obligation) -> int:
        """Whole minutes after the limit, rounded up; until now while it is overdue."""
        return obligation.minutes_late_at(self.context["view"].now)


class ExcuseSerializer(serializers.Serializer[Any]):
    """Why it is excused."""

    reason = serializers.CharField(max_length=300)


class DailySerializer(serializers.Serializer[Any]):
    """The zero report or weather report of the day."""

    text = serializers.CharField(max_length=5000)


@extend_schema_view(
    list=extend_schema(summary="报告时限", description="本单位的；防涝办和指挥长看全部。", tags=TAGS),
    retrieve=extend_schema(summary="一项报告时限", tags=TAGS),
)
class ObligationViewSet(ReadOnlyModelViewSet[Obligation]):
    """What is owed, the earliest limit first."""

    queryset = Obligation.objects.none()
    serializer_class = ObligationSerializer
    permission_classes = [SeesCommandPost]
    filterset_class = ObligationFilter
    lookup_value_regex = "[0-9]+"
    ordering_fields = {"due_at": "due_at", "id": "pk"}
    ordering = ("due_at",)

    @cached_property
    def now(self) -> datetime:
        """One moment for all rows of an answer."""
        return timezone.now()

    def get_queryset(self) -> QuerySet[Obligation]:
        """What the caller may see."""
        seen = Obligation.objects.visible_to(self.request.user)
        return seen.seen_at(self.now).select_related("unit", "incident")

    def target(self) -> Obligation:
        """The one to act on; whether the caller may is for the service to say."""
        rows = Obligation.objects.seen_at(self.now).select_related("unit", "incident")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    @extend_schema(summary="免责", tags=TAGS, request=ExcuseSerializer, responses=ObligationSerializer)
    @action(detail=True, methods=["post"])
    def excuse(self, request: Request, pk: Any = None) -> Response:
        """The office excuses what is late, with a reason; no minute is erased."""
        obligation = self.target()
        require_office(caller_of(request), "免除迟报责任")
        given = ExcuseSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        excuse_obligation(
            actor=caller_of(request),
            obligation=obligation,
            reason=given.validated_data["reason"],
            at=timezone.now(),
        )
        return Response(self.get_serializer(self.target()).data)

    @extend_schema(summary="签收提醒", tags=TAGS, request=None, responses=ObligationSerializer)
    @action(detail=True, methods=["post"])
    def acknowledge(self, request: Request, pk: Any = None) -> Response:
        """Somebody takes care: reminders pause for a fixed time and go on without a report."""
        acknowledge_obligation(actor=caller_of(request), obligation=self.target(), at=timezone.now())
        return Response(self.get_serializer(self.target()).data)

    @extend_schema(
        summary="报送零报告或气象报告", tags=TAGS, request=DailySerializer, responses=ObligationSerializer
    )
    @action(detail=True, methods=["post"])
    def daily(self, request: Request, pk: Any = None) -> Response:
        """Nothing to report, or the weather: said by a person."""
        obligation = self.target()
        given = DailySerializer(data=request.data)
        given.is_valid(raise_exception=True)
        file_daily_report(
            actor=caller_of(request),
            obligation=obligation,
            text=given.validated_data["text"],
            at=timezone.now(),
        )
        return Response(self.get_serializer(self.target()).data)

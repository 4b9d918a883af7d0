"""Incidents and their reports: ``/api/v1/flood/incidents/``, for signed-in staff."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from floodresponse.api.access import SeesCommandPost
from floodresponse.filters import IncidentFilter
from floodresponse.models import Incident, IncidentReport, PassingUp
from floodresponse.reportcontent import FIGURES
from floodresponse.services.incidents import (
    IncidentContent,
    change_grade,
    report_incident,
    require_acting_for,
    resolve_incident,
)
from floodresponse.services.obligations import require_office
from floodresponse.services.passing import LONGEST_TEXT, PassingContent, pass_up
from floodresponse.services.reports import ReportContent, file_report
from foundation.api import PageAddress
from organizations.access import caller_of
from organizations.models import Department
from organizations.permissions import require

MOST_PEOPLE = 10**6
TAGS = ["防内涝"]


class ReportSerializer(serializers.ModelSerializer[IncidentReport]):
    """A report as it was kept; ``lacking`` names what an incomplete one leaves out."""

    incident = serializers.IntegerField(source="incident_id", read_only=True)
    figures = serializers.DictField(
        child=serializers.FloatField(allow_null=True), help_text=f"键：{'、'.join(FIGURES)}；null 为未核"
    )
    lacking = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = IncidentReport
        fields = (
            "id",
            "incident",
            "channel",
            "stage",
            "reported_at",
            "filed_at",
            "text",
            "figures",
            "explanation",
            "incomplete",
            "lacking",
            "late",
        )


class PassingUpSerializer(serializers.ModelSerializer[PassingUp]):
    """What the office verified and passed up; ``report`` is the last one it had seen."""

    copies: Any = serializers.SlugRelatedField(slug_field="slug", many=True, read_only=True)

    class Meta:
        model = PassingUp
        fields = ("id", "number", "report", "text", "figures", "copies", "passed_at")


class NewPassingUpSerializer(serializers.Serializer[Any]):
    """``seen``: the last report that was read, null for none; ``copies``: slugs."""

    text = serializers.CharField(max_length=LONGEST_TEXT)
    seen = serializers.IntegerField(min_value=1, required=False, allow_null=True, default=None)
    copies = serializers.SlugRelatedField(
        slug_field="slug", queryset=Department.objects.active(), many=True, required=False
    )


class IncidentSerializer(serializers.ModelSerializer[Incident]):
    """An incident; ``dead`` and ``missing`` are null until they are counted."""

    unit = serializers.CharField(source="unit.slug", read_only=True)
    unit_name = serializers.CharField(source="unit.name", read_only=True)
    street = serializers.CharField(source="street.slug", read_only=True, default=None, allow_null=True)
    same_as = serializers.IntegerField(source="same_as_id", read_only=True, allow_null=True)
    reports = ReportSerializer(many=True, read_only=True)
    passings_up = PassingUpSerializer(many=True, read_only=True)
    url = PageAddress()

    class Meta:
        model = Incident
        fields = (
            "id",
            "unit",
            "unit_name",
            "occurred_at",
            "found_at",
            "entered_at",
            "confirmed_at",
            "location",
            "kind",
            "severity",
            "unclear",
            "depth_cm",
            "summary",
            "dead",
            "missing",
            "exercise",
            "resolved_at",
            "street",
            "same_as",
            "reports",
            "passings_up",
            "url",
        )


def people() -> serializers.IntegerField:
    """A number of people; null is “not counted yet”."""
    return serializers.IntegerField(
        min_value=0, max_value=MOST_PEOPLE, allow_null=True, required=False, default=None
    )


class NewIncidentSerializer(serializers.Serializer[Any]):
    """What is known when it is reported; ``key`` makes a repetition harmless."""

    unit = serializers.SlugRelatedField(slug_field="slug", queryset=Department.objects.active())
    street = serializers.SlugRelatedField(
        slug_field="slug",
        queryset=Department.objects.active().filter(kind=Department.Kind.STREET),
        required=False,
        allow_null=True,
        default=None,
        help_text="所在街道；街道自己上报的不必填",
    )
    occurred_at = serializers.DateTimeField()
    found_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    confirmed_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    location = serializers.CharField(max_length=200)
    kind = serializers.ChoiceField(choices=Incident.Kind.choices)
    severity = serializers.ChoiceField(
        choices=Incident.Severity.choices, default=Incident.Severity.ORDINARY.value
    )
    unclear = serializers.BooleanField(default=False)
    depth_cm = serializers.IntegerField(
        min_value=0, max_value=1000, allow_null=True, required=False, default=None
    )
    summary = serializers.CharField(max_length=5000, allow_blank=True, default="")
    dead = people()
    missing = people()
    exercise = serializers.BooleanField(default=False)
    key = serializers.UUIDField(required=False, allow_null=True, default=None)


class NewReportSerializer(serializers.Serializer[Any]):
    """A report; without ``reported_at`` it is made now."""

    channel = serializers.ChoiceField(choices=IncidentReport.Channel.choices)
    stage = serializers.ChoiceField(choices=IncidentReport.Stage.choices)
    reported_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    text = serializers.CharField(max_length=20000, allow_blank=True, default="", trim_whitespace=False)
    figures = serializers.DictField(
        child=serializers.FloatField(allow_null=True, min_value=0), required=False, default=dict
    )
    explanation = serializers.CharField(max_length=300, allow_blank=True, default="")
    key = serializers.UUIDField(required=False, allow_null=True, default=None)


class GradeSerializer(serializers.Serializer[Any]):
    """What changed; what is not named stays."""

    severity = serializers.ChoiceField(choices=Incident.Severity.choices, required=False)
    unclear = serializers.BooleanField(required=False)
    dead = serializers.IntegerField(min_value=0, max_value=MOST_PEOPLE, allow_null=True, required=False)
    missing = serializers.IntegerField(min_value=0, max_value=MOST_PEOPLE, allow_null=True, required=False)
    reason = serializers.CharField(max_length=300, allow_blank=True, required=False)


def _whole(incidents: QuerySet[Incident]) -> QuerySet[Incident]:
    """With all that the serializer shows."""
    return incidents.select_related("unit", "street").prefetch_related("reports", "passings_up__copies")


@extend_schema_view(
    list=extend_schema(summary="涝情、险情、灾情", description="本单位的；防涝办和指挥长看全部。", tags=TAGS),
    retrieve=extend_schema(summary="一起险情及其报告", tags=TAGS),
)
class IncidentViewSet(ListModelMixin, RetrieveModelMixin, GenericViewSet[Incident]):
    """Incidents that the caller may see, the newest first."""

    queryset = Incident.objects.none()
    serializer_class = IncidentSerializer
    permission_classes = [SeesCommandPost]
    filterset_class = IncidentFilter
    lookup_value_regex = "[0-9]+"
    ordering_fields = {"occurred_at": "occurred_at", "entered_at": "entered_at", "id": "pk"}
    ordering = ("-occurred_at",)

    def get_queryset(self) -> QuerySet[Incident]:
        """What the caller may see."""
        seen = Incident.objects.visible_to(self.request.user)
        return _whole(seen)

    def target(self) -> Incident:
        """The incident that is to be changed; whether the caller may is for the service to say."""
        return get_object_or_404(_whole(Incident.objects.all()), pk=self.kwargs["pk"])

    @extend_schema(
        summary="上报险情",
        description="同时产生各项报告要求和提醒。",
        tags=TAGS,
        request=NewIncidentSerializer,
        responses={201: IncidentSerializer},
    )
    def create(self, request: Request) -> Response:
        """Take in an incident with all that it owes."""
        require(caller_of(request), "floodresponse.report_incident", "上报险情")
        given = NewIncidentSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        content = IncidentContent(**given.validated_data)
        made = report_incident(actor=caller_of(request), content=content, at=timezone.now())
        return Response(self.get_serializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        summary="报送报告", tags=TAGS, request=NewReportSerializer, responses={201: ReportSerializer}
    )
    @action(detail=True, methods=["post"])
    def reports(self, request: Request, pk: Any = None) -> Response:
        """Keep a report; it meets what it meets."""
        incident = self.target()
        require_standing(request, incident, "报送该单位的险情报告")
        given = NewReportSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        content = ReportContent(**given.validated_data)
        filed = file_report(actor=caller_of(request), incident=incident, content=content, at=timezone.now())
        return Response(ReportSerializer(filed).data, status=status.HTTP_201_CREATED)

    @extend_schema(summary="调整等级和伤亡", tags=TAGS, request=GradeSerializer, responses=IncidentSerializer)
    @action(detail=True, methods=["post"])
    def grade(self, request: Request, pk: Any = None) -> Response:
        """Grade, clearness, casualties; what is newly owed is added."""
        incident = self.target()
        require_standing(request, incident, "调整该单位险情的等级和伤亡")
        given = GradeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        changes = dict(given.validated_data)
        reason = changes.pop("reason", "")
        change_grade(
            actor=caller_of(request), incident=incident, changes=changes, reason=reason, at=timezone.now()
        )
        return Response(self.get_serializer(self.target()).data)

    @extend_schema(
        summary="核实上报市委、市政府",
        description="防涝办值班员和指挥长可以办理；看过之后又来了新的报告，返回 409。",
        tags=TAGS,
        request=NewPassingUpSerializer,
        responses={201: PassingUpSerializer},
    )
    @action(detail=True, methods=["post"], url_path="pass-up")
    def pass_up(self, request: Request, pk: Any = None) -> Response:
        """Verify it and pass it up, with copies."""
        actor, incident = caller_of(request), self.target()
        require_office(actor, "核实上报")
        given = NewPassingUpSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        content = PassingContent(**given.validated_data)
        passed = pass_up(actor=actor, incident=incident, content=content, at=timezone.now())
        return Response(PassingUpSerializer(passed).data, status=status.HTTP_201_CREATED)

    @extend_schema(summary="确认处置完毕", tags=TAGS, request=None, responses=IncidentSerializer)
    @action(detail=True, methods=["post"])
    def resolve(self, request: Request, pk: Any = None) -> Response:
        """It is over."""
        resolve_incident(actor=caller_of(request), incident=self.target(), at=timezone.now())
        return Response(self.get_serializer(self.target()).data)


def require_standing(request: Request, incident: Incident, what: str) -> None:
    """Refused before the content is looked at."""
    require_acting_for(caller_of(request), incident.unit, what)

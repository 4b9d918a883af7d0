"""After a response as data: ``/api/v1/flood/after-action/`` and ``/api/v1/flood/aftermath/``.

For the office and whoever signs; other staff read a report once it is published.
"""

from typing import Any, cast

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from floodresponse.aftermath.facts import gather
from floodresponse.aftermath.filters import AfterActionFilter, AftermathFilter
from floodresponse.aftermath.views import may_read_all, sections_of
from floodresponse.api.access import SeesCommandPost
from floodresponse.api.responses import CONFLICT
from floodresponse.members import member_units
from floodresponse.models import AfterActionReport, AftermathEntry, ReportSection
from floodresponse.models import Response as FloodResponse
from floodresponse.services.aftermath import (
    LONGEST_TEXT,
    WRITE,
    EntryContent,
    add_entry,
    edit_section,
    move_report,
    restore_section,
    strike_entry,
    write_report,
)
from foundation.api import PageAddress
from foundation.publication import PUBLISHED, STEPS
from organizations.access import caller_of
from organizations.models import Department, User
from organizations.permissions import require
from taskboard.models import Task

TAGS = ["防内涝"]
READING = "floodresponse.view_command_post"


class ReportSectionSerializer(serializers.ModelSerializer[ReportSection]):
    """A part: ``written`` from the rows, ``text`` as it stands."""

    class Meta:
        model = ReportSection
        fields = ("key", "title", "written", "text", "edited")


class AfterActionSerializer(serializers.ModelSerializer[AfterActionReport]):
    """A report with its parts; ``exercise`` of a drill."""

    exercise = serializers.BooleanField(source="response.exercise", read_only=True)
    sections = ReportSectionSerializer(many=True, read_only=True)
    url = PageAddress()

    class Meta:
        model = AfterActionReport
        fields = ("response", "exercise", "title", "publication", "written_at", "event", "sections", "url")


class WritingSerializer(serializers.Serializer[Any]):
    """A part as a person words it; ``was`` is the text that the person saw."""

    key = serializers.CharField(max_length=20)
    text = serializers.CharField(
        max_length=LONGEST_TEXT, required=False, help_text="不给则恢复按记录生成的文字"
    )
    was = serializers.CharField(max_length=LONGEST_TEXT, allow_blank=True, trim_whitespace=False)


class StepSerializer(serializers.Serializer[Any]):
    """The step, with a reason where one is owed."""

    step = serializers.ChoiceField(choices=[(name, step.word) for name, step in STEPS.items()])
    reason = serializers.CharField(max_length=200, allow_blank=True, default="")


class AftermathSerializer(serializers.ModelSerializer[AftermathEntry]):
    """A loss, relief, rebuilding, cost, lesson, praise or blame; ``amount`` in yuan."""

    response = serializers.PrimaryKeyRelatedField(queryset=FloodResponse.objects.all())
    unit = serializers.SlugRelatedField(
        slug_field="slug", queryset=Department.objects.all(), allow_null=True, required=False
    )
    task = serializers.PrimaryKeyRelatedField(queryset=Task.objects.all(), allow_null=True, required=False)

    class Meta:
        model = AftermathEntry
        fields = (
            "id", "response", "kind", "unit", "text", "basis", "amount", "task", "entered_at", "struck_at",
            "struck_reason",
        )  # fmt: skip
        read_only_fields = ("entered_at", "struck_at", "struck_reason")

    def validate_task(self, task: Task | None) -> Task | None:
        """One that the person may see."""
        user: User = self.context["request"].user
        if task is not None and not Task.objects.visible_to(user).filter(pk=task.pk).exists():
            raise serializers.ValidationError("没有这个编号的任务。")
        return task

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A unit of the plan, as on the page."""
        unit = attrs.get("unit")
        if unit is not None and not member_units(attrs["response"].plan).filter(pk=unit.pk).exists():
            raise serializers.ValidationError({"unit": [f"{unit.name}不是这次响应所依方案的成员单位。"]})
        return attrs


class StrikingSerializer(serializers.Serializer[Any]):
    """Why it is struck out."""

    reason = serializers.CharField(max_length=200)


@extend_schema_view(
    list=extend_schema(
        summary="总结报告", description="防涝办和签发人看全部，其他人员看已发布的。", tags=TAGS
    ),
    retrieve=extend_schema(summary="一次响应的总结报告", description="地址里是响应的编号。", tags=TAGS),
)
class AfterActionViewSet(ReadOnlyModelViewSet[AfterActionReport]):
    """Reports by the number of their response."""

    queryset = AfterActionReport.objects.none()
    serializer_class = AfterActionSerializer
    permission_classes = [SeesCommandPost]
    filterset_class = AfterActionFilter
    lookup_field, lookup_url_kwarg = "response", "pk"
    lookup_value_regex = "[0-9]{1,18}"
    ordering_fields = {"written_at": "written_at", "response": "response"}
    ordering = ("-written_at",)

    def get_queryset(self) -> QuerySet[AfterActionReport]:
        """Published ones; the office and who signs read all."""
        user = self.request.user
        rows = AfterActionReport.objects.select_related("response").prefetch_related("sections")
        if not user.has_perm(READING):
            return rows.none()
        return rows if may_read_all(cast(User, user)) else rows.filter(publication=PUBLISHED)

    @extend_schema(
        summary="按记录生成总结报告",
        description="响应终止之后；经人修改的部分保留原文字。",
        tags=TAGS,
        request=None,
        responses={200: AfterActionSerializer, **CONFLICT},
    )
    @action(detail=True, methods=["post"])
    def write(self, request: Request, pk: str | None = None) -> Response:
        """Write it, or write it anew from the rows."""
        actor, now = caller_of(request), timezone.now()
        require(actor, WRITE, "编写总结报告")
        found = get_object_or_404(FloodResponse.objects.visible_to(actor), pk=pk)
        write_report(actor=actor, response=found, sections=sections_of(gather(found, now)), at=now)
        return self._told()

    @extend_schema(
        summary="修改总结报告的一部分",
        description="was 须是现在的文字，否则为 409；不给 text 则恢复按记录生成的文字。",
        tags=TAGS,
        request=WritingSerializer,
        responses={200: AfterActionSerializer, **CONFLICT},
    )
    @action(detail=True, methods=["post"])
    def section(self, request: Request, pk: str | None = None) -> Response:
        """A person's wording, or back to what the rows tell."""
        report, actor = self.get_object(), caller_of(request)
        require(actor, WRITE, "修改总结报告")
        given = WritingSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        found = get_object_or_404(report.sections, key=values["key"])
        common = {"actor": actor, "section": found, "was": values["was"], "at": timezone.now()}
        if "text" in values:
            edit_section(text=values["text"], **common)
        else:
            restore_section(**common)
        return self._told()

    @extend_schema(
        summary="总结报告的签发步骤",
        description="提交、签发、退回、撤回、重新起草；最后修改的人不能签发。签发后载入大事记草稿。",
        tags=TAGS,
        request=StepSerializer,
        responses={200: AfterActionSerializer, **CONFLICT},
    )
    @action(detail=True, methods=["post"])
    def step(self, request: Request, pk: str | None = None) -> Response:
        """Submit, publish, return, withdraw, reopen."""
        report = self.get_object()
        given = StepSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        move_report(actor=caller_of(request), report=report, at=timezone.now(), **given.validated_data)
        return self._told()

    def _told(self) -> Response:
        return Response(self.get_serializer(self.get_object()).data)


@extend_schema_view(
    list=extend_schema(
        summary="善后事项", description="灾损、救助、恢复重建、经费、经验教训、表扬、追责。", tags=TAGS
    ),
    retrieve=extend_schema(summary="一条善后事项", tags=TAGS),
)
class AftermathViewSet(ReadOnlyModelViewSet[AftermathEntry]):
    """Matters to settle; for the office and whoever signs the report."""

    queryset = AftermathEntry.objects.none()
    serializer_class = AftermathSerializer
    permission_classes = [SeesCommandPost]
    filterset_class = AftermathFilter
    lookup_value_regex = "[0-9]{1,18}"
    ordering_fields = {
        "kind": "kind", "unit": "unit__name", "amount": "amount", "entered_at": "entered_at", "id": "pk",
    }  # fmt: skip
    ordering = ("-entered_at", "-id")

    def get_queryset(self) -> QuerySet[AftermathEntry]:
        """All for those who work on the report; it names casualties and who is to blame."""
        user = self.request.user
        rows = AftermathEntry.objects.select_related("unit", "task", "response__plan")
        return rows if user.has_perm(READING) and may_read_all(cast(User, user)) else rows.none()

    @extend_schema(
        summary="登记善后事项",
        description="由防涝办登记；表扬、追责须写依据。",
        tags=TAGS,
        responses={201: AftermathSerializer, **CONFLICT},
    )
    def create(self, request: Request) -> Response:
        """One more."""
        actor = caller_of(request)
        require(actor, WRITE, "登记善后事项")
        given = self.get_serializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        response = values.pop("response")
        entry = add_entry(actor=actor, response=response, content=EntryContent(**values), at=timezone.now())
        return Response(self.get_serializer(entry).data, status=201)

    @extend_schema(
        summary="划销善后事项",
        description="须写理由，记录保留；已划销的为 409。",
        tags=TAGS,
        request=StrikingSerializer,
        responses={200: AftermathSerializer, **CONFLICT},
    )
    @action(detail=True, methods=["post"])
    def strike(self, request: Request, pk: str | None = None) -> Response:
        """Entered by mistake."""
        entry, actor = self.get_object(), caller_of(request)
        require(actor, WRITE, "划销善后事项")
        given = StrikingSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        struck = strike_entry(
            actor=actor, entry=entry, reason=given.validated_data["reason"], at=timezone.now()
        )
        return Response(self.get_serializer(struck).data)

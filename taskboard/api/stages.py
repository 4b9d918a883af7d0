"""``/api/v1/stages/``: stages of lists with their results, planned and moved on as on their page."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from organizations.access import caller_of
from organizations.permissions import require
from taskboard.acting import SUPERVISE
from taskboard.api.fields import department_field
from taskboard.api.steps import RecordsWithSteps, described, given_in, holding
from taskboard.models import ListStage, StageResult, TaskList
from taskboard.services import stages

TAG = "清单阶段"
PLANS = holding(stages.CHANGE, "登记清单阶段")
MOVES = holding(SUPERVISE, "推进清单阶段")
RECORDS = holding(SUPERVISE, "登记检查考核结果")


class StageInput(serializers.Serializer[Any]):
    """A stage as planned."""

    name = serializers.CharField(max_length=80)
    starts_on = serializers.DateField(required=False, allow_null=True, default=None)
    ends_on = serializers.DateField(required=False, allow_null=True, default=None)


class NewStageInput(StageInput):
    """A stage of a list."""

    list = serializers.PrimaryKeyRelatedField(queryset=TaskList.objects.all(), source="task_list")


class DayInput(serializers.Serializer[Any]):
    """The day on which a stage began or ended."""

    on = serializers.DateField()


class ResultInput(serializers.Serializer[Any]):
    """What an inspection or assessment found; without a department of the whole list."""

    kind = serializers.ChoiceField(StageResult.Kind.choices)
    department = department_field(required=False, allow_null=True, default=None)
    held_on = serializers.DateField()
    outcome = serializers.ChoiceField(StageResult.Outcome.choices)
    score = serializers.DecimalField(
        max_digits=5, decimal_places=2, required=False, allow_null=True, default=None
    )
    findings = serializers.CharField(max_length=4000)
    rectify_by = serializers.DateField(required=False, allow_null=True, default=None)


class ResultSerializer(serializers.ModelSerializer[StageResult]):
    """What an inspection or assessment found."""

    department = serializers.CharField(source="department.name", default="", read_only=True)

    class Meta:
        model = StageResult
        fields = ("id", "kind", "department", "held_on", "outcome", "score", "findings", "rectify_by")
        read_only_fields = fields


class StageSerializer(serializers.ModelSerializer[ListStage]):
    """A stage: as planned, what happened, what was found."""

    list = serializers.IntegerField(source="task_list_id", read_only=True)
    results = ResultSerializer(many=True, read_only=True)

    class Meta:
        model = ListStage
        fields = ("id", "list", "order", "name", "starts_on", "ends_on", "entered_on", "left_on", "results")
        read_only_fields = fields


@extend_schema_view(
    list=extend_schema(summary="清单阶段", tags=[TAG]),
    retrieve=extend_schema(summary="一个清单阶段", tags=[TAG]),
)
class StageViewSet(RecordsWithSteps[ListStage]):
    """Stages in the order of their lists."""

    queryset = ListStage.objects.none()
    serializer_class = StageSerializer
    filterset_fields = {"task_list": ["exact"]}
    ordering_fields = {"list": "task_list_id", "order": "order", "starts_on": "starts_on", "id": "pk"}
    ordering = ("list", "order")

    def get_queryset(self) -> QuerySet[ListStage]:
        """What the caller may see."""
        lists = TaskList.objects.visible_to(self.request.user)
        found = ListStage.objects.filter(task_list__in=lists).select_related("task_list")
        return found.prefetch_related("results__department")

    @described("登记阶段", TAG, NewStageInput, StageSerializer, 201)
    def create(self, request: Request) -> Response:
        """Plan a new stage at the end of a list's."""
        actor = caller_of(request)
        require(actor, stages.CHANGE, "登记清单阶段")
        given = given_in(self, NewStageInput)
        return self.created(stages.save_stage(actor=actor, at=timezone.now(), **given))

    @described("修改阶段计划", TAG, StageInput, StageSerializer)
    @action(detail=True, methods=["post"])
    def change(self, request: Request, pk: Any = None) -> Response:
        """Another plan, until the stage was left."""
        found = self.get_object()
        return self.made("stage", PLANS, StageInput, stages.save_stage, task_list=found.task_list)

    @described("进入阶段", TAG, DayInput, StageSerializer)
    @action(detail=True, methods=["post"])
    def enter(self, request: Request, pk: Any = None) -> Response:
        """It began."""
        return self.made("stage", MOVES, DayInput, stages.enter_stage)

    @described("结束阶段", TAG, DayInput, StageSerializer)
    @action(detail=True, methods=["post"])
    def leave(self, request: Request, pk: Any = None) -> Response:
        """It ended."""
        return self.made("stage", MOVES, DayInput, stages.leave_stage)

    @described("登记检查考核结果", TAG, ResultInput, StageSerializer)
    @action(detail=True, methods=["post"])
    def results(self, request: Request, pk: Any = None) -> Response:
        """What was found; written once."""
        return self.made("stage", RECORDS, ResultInput, stages.record_stage_result)

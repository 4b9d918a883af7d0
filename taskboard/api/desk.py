"""``urgings/`` and ``ranking/``: what the supervisor sends by hand, and the figures of departments."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    extend_schema,
    extend_schema_serializer,
    extend_schema_view,
)
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet, ViewSet

from foundation.errors import InvalidInput
from organizations.access import caller_of
from organizations.permissions import require
from taskboard.acting import SUPERVISE, require_supervisor
from taskboard.api.access import ReadsTasks
from taskboard.api.steps import described, given_in
from taskboard.models import ReportObligation, Task, TaskList, Urging
from taskboard.ranking.figures import Period, figures_of, seen_on
from taskboard.ranking.forms import PeriodForm
from taskboard.ranking.scoring import Ranked, Scored, ranking_of
from taskboard.ranking.weights import current_weights
from taskboard.services import urge
from taskboard.services.urging import LONGEST

TAG = "督查"


class UrgingSerializer(serializers.ModelSerializer[Urging]):
    """A department was urged for a task or a periodic report."""

    department = serializers.CharField(source="department.name", read_only=True)

    class Meta:
        model = Urging
        fields = ("id", "task", "obligation", "department", "day", "at", "text")
        read_only_fields = fields


class UrgeInput(serializers.Serializer[Any]):
    """What is urged, and with which words."""

    tasks = serializers.PrimaryKeyRelatedField(
        queryset=Task.objects.select_related("task_list"), many=True, required=False, default=list
    )
    obligations = serializers.PrimaryKeyRelatedField(
        queryset=ReportObligation.objects.select_related("task_list", "department"),
        many=True,
        required=False,
        default=list,
    )
    text = serializers.CharField(max_length=LONGEST)


class UrgedSerializer(serializers.Serializer[Any]):
    """How many matters were urged, and why others were not."""

    urged = serializers.IntegerField(source="number")
    refusals = serializers.ListField(child=serializers.CharField())


@extend_schema_view(list=extend_schema(summary="催办记录", tags=[TAG]))
class UrgingViewSet(ListModelMixin, GenericViewSet[Urging]):
    """Urgings, the newest first."""

    queryset = Urging.objects.none()
    serializer_class = UrgingSerializer
    permission_classes = [ReadsTasks]
    filterset_fields = {"task": ["exact"], "obligation": ["exact"], "day": ["exact"]}
    ordering_fields = {"at": "at", "day": "day", "id": "pk"}
    ordering = ("-at",)

    def get_queryset(self) -> QuerySet[Urging]:
        """For all who see tasks."""
        return Urging.objects.select_related("department")

    @described("催办", TAG, UrgeInput, UrgedSerializer, 201)
    def create(self, request: Request) -> Response:
        """Urge the departments that owe; at most once a day each."""
        actor = caller_of(request)
        require_supervisor(actor, "催办")
        done = urge(actor=actor, at=timezone.now(), **given_in(self, UrgeInput))
        return Response(UrgedSerializer(done).data, status=201)


class FigureSerializer(serializers.Serializer[Scored]):
    """One figure of a department; ``rate`` in per cent and ``points`` are null where it has no cases."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    good = serializers.IntegerField(source="share.good")
    late = serializers.IntegerField(source="share.late")
    total = serializers.IntegerField(source="share.total")
    weight = serializers.DecimalField(max_digits=6, decimal_places=2)
    rate = serializers.DecimalField(source="percent", max_digits=6, decimal_places=2, allow_null=True)
    points = serializers.DecimalField(max_digits=6, decimal_places=2, allow_null=True)


class RankedSerializer(serializers.Serializer[Ranked]):
    """A department in the ranking; ``rank`` and ``score`` are null where nothing counts, as ``note`` says."""

    department = serializers.CharField(source="name")
    slug = serializers.CharField()
    rank = serializers.IntegerField(allow_null=True)
    score = serializers.DecimalField(max_digits=6, decimal_places=2, allow_null=True)
    note = serializers.CharField()
    figures = FigureSerializer(source="scored", many=True)


@extend_schema_serializer(many=False)  # the action is called list and answers one object
class RankingSerializer(serializers.Serializer[Any]):
    """The ranking of a period."""

    start = serializers.DateField()
    end = serializers.DateField()
    results = RankedSerializer(many=True)


PERIOD = [
    OpenApiParameter("start", OpenApiTypes.DATE, description="统计期自，缺省为统计期末所在年的1月1日"),
    OpenApiParameter("end", OpenApiTypes.DATE, description="统计期至，缺省为今天"),
    OpenApiParameter("list", OpenApiTypes.INT, description="清单"),
    OpenApiParameter("as_of", OpenApiTypes.DATE, description="按这一天终了时的情况统计，缺省为今天"),
]


class RankingViewSet(ViewSet):
    """The ranking of departments, for supervisors."""

    permission_classes = [ReadsTasks]

    @extend_schema(summary="部门排名", tags=[TAG], parameters=PERIOD, responses=RankingSerializer)
    def list(self, request: Request) -> Response:
        """Departments by score, with every number that made it."""
        require(caller_of(request), SUPERVISE, "查看部门排名")
        today = timezone.localdate()
        period, task_list = _asked(request, today)
        rows: Sequence[Ranked] = ranking_of(figures_of(period, task_list), current_weights().values)
        return Response(RankingSerializer({"start": period.start, "end": period.end, "results": rows}).data)


def _asked(request: Request, today: date) -> tuple[Period, TaskList | None]:
    form = PeriodForm(request.query_params, today=today)
    if not form.is_valid():
        fields = {name: [str(error) for error in errors] for name, errors in form.errors.items()}
        raise InvalidInput("统计期不能识别。", fields=fields)
    given = form.cleaned_data
    return seen_on(given["start"], given["end"], given["as_of"], today), given["list"]

"""``/api/v1/task-lists/``: lists, issuing them, signing for them."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cached_property
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
from organizations.permissions import require
from taskboard.api.access import ReadsTasks
from taskboard.api.forms import IssueInput
from taskboard.api.serializers import TaskListSerializer
from taskboard.api.sheets import SheetSteps
from taskboard.api.tasks import AS_OF
from taskboard.filters import TaskListFilter
from taskboard.models import Task, TaskList
from taskboard.services import issue_list, sign_list


@extend_schema_view(
    list=extend_schema(
        summary="任务清单", description="新近的在前，附各状态、各红绿灯的任务数。", tags=["任务清单"]
    ),
    retrieve=extend_schema(
        summary="一份任务清单", description="清单及其任务数。", tags=["任务清单"], parameters=[AS_OF]
    ),
)
class TaskListViewSet(SheetSteps, ReadOnlyModelViewSet[TaskList]):
    """Lists, the newest first, with how many tasks stand in which state and light."""

    queryset = TaskList.objects.none()
    serializer_class = TaskListSerializer
    permission_classes = [ReadsTasks]
    filterset_class = TaskListFilter
    lookup_value_regex = "[0-9]+"
    ordering_fields = {"created_at": "created_at", "title": "title", "ends_on": "ends_on", "id": "pk"}
    ordering = ("-created_at",)

    def get_queryset(self) -> QuerySet[TaskList]:
        """What the caller may see."""
        return TaskList.objects.visible_to(self.request.user)

    @cached_property
    def counts(self) -> Mapping[int, tuple[Counter[str], Counter[str]]]:
        """By list how many tasks in which state and light: one query."""
        day = TaskListFilter(self.request.query_params).day
        found: dict[int, tuple[Counter[str], Counter[str]]] = defaultdict(lambda: (Counter(), Counter()))
        tasks = Task.objects.visible_to(self.request.user).seen(day, timezone.localdate())
        for pk, colour, state, number in tasks.count_by_light(day):
            states, colours = found[pk]
            states[state] += number
            colours[colour] += number
        return found

    @extend_schema(
        summary="下发清单",
        description="由督查人员下发；不列任务时，清单中未下发的任务全部下发。",
        tags=["任务办理"],
        request=IssueInput,
        responses={200: TaskListSerializer, 409: OpenApiTypes.OBJECT},
        filters=False,
    )
    @action(detail=True, methods=["post"])
    def issue(self, request: Request, pk: Any = None) -> Response:
        """Its draft tasks become issued."""
        actor, found = caller_of(request), self.get_object()
        require(actor, "taskboard.issue_list", "下发任务清单")
        given = IssueInput(data=request.data)
        given.is_valid(raise_exception=True)
        issue_list(actor=actor, at=timezone.now(), task_list=found, **given.validated_data)
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(
        summary="整单签收",
        description="签收本单位在清单中牵头和配合的全部任务。",
        tags=["任务办理"],
        request=None,
        responses={200: TaskListSerializer, 409: OpenApiTypes.OBJECT},
        filters=False,
    )
    @action(detail=True, methods=["post"])
    def sign(self, request: Request, pk: Any = None) -> Response:
        """All of one's department."""
        sign_list(actor=caller_of(request), at=timezone.now(), task_list=self.get_object())
        return Response(self.get_serializer(self.get_object()).data)

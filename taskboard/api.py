"""Task lists and tasks as data: ``/api/v1/task-lists/`` and ``/api/v1/tasks/``, for signed-in staff."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView
from rest_framework.viewsets import ReadOnlyModelViewSet

from foundation.api import PageAddress
from organizations.permissions import require
from taskboard.filters import TaskFilter, TaskListFilter
from taskboard.lights import COLOURS, WORDS
from taskboard.models import Task, TaskDepartment, TaskList

PERMISSION, READING = "taskboard.view_task", "查看任务清单"
NAMES = serializers.ListField(child=serializers.CharField())
AS_OF = OpenApiParameter("as_of", OpenApiTypes.DATE, description="红绿灯截至的日期，缺省为今天")


class ReadsTasks(IsAuthenticated):
    """Signed in, and for a list with the right to read tasks; a single record is 404 without that right."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Refused with the sentence that pages show."""
        if not super().has_permission(request, view):
            return False
        if not getattr(view, "detail", False):
            require(request.user, PERMISSION, READING)  # type: ignore[arg-type]  # they are signed in
        return True


class TaskSerializer(serializers.ModelSerializer[Task]):
    """A task; ``lead`` and ``support`` hold department names, ``due_on`` the list's end when inherited."""

    list = serializers.IntegerField(source="task_list_id", read_only=True)
    directive = serializers.IntegerField(source="task_list.directive_id", allow_null=True, read_only=True)
    lead = serializers.SerializerMethodField()
    support = serializers.SerializerMethodField()
    due_on = serializers.DateField(source="due", allow_null=True, read_only=True)
    due_inherited = serializers.BooleanField(read_only=True)
    light = serializers.ChoiceField(choices=[(colour, WORDS[colour]) for colour in COLOURS], read_only=True)
    url = PageAddress()

    class Meta:
        model = Task
        fields = (
            "id",
            "list",
            "directive",
            "part",
            "subsection",
            "number",
            "title",
            "text",
            "lead",
            "support",
            "due_on",
            "due_inherited",
            "state",
            "light",
            "percent",
            "url",
        )

    @extend_schema_field(NAMES)
    def get_lead(self, task: Task) -> Sequence[str]:
        """Lead departments in printed order."""
        return _names(task.leads)

    @extend_schema_field(NAMES)
    def get_support(self, task: Task) -> Sequence[str]:
        """Supporting departments in printed order."""
        return _names(task.supporters)


def _names(duties: Sequence[TaskDepartment]) -> Sequence[str]:
    return [duty.department.name for duty in duties]


class CountsSerializer(serializers.Serializer[Any]):
    """How many tasks a list has: in all, by state, by light."""

    total = serializers.IntegerField()
    by_state = serializers.DictField(child=serializers.IntegerField())
    by_light = serializers.DictField(child=serializers.IntegerField())


class TaskListSerializer(serializers.ModelSerializer[TaskList]):
    """A list with its counts."""

    directive = serializers.IntegerField(source="directive_id", allow_null=True, read_only=True)
    counts = serializers.SerializerMethodField()

    class Meta:
        model = TaskList
        fields = ("id", "title", "directive", "ends_on", "state", "counts")

    @extend_schema_field(CountsSerializer)
    def get_counts(self, task_list: TaskList) -> Mapping[str, Any]:
        """Counted once for all lists, by the view."""
        states, colours = self.context["view"].counts[task_list.pk]
        return {
            "total": states.total(),
            "by_state": {state.value: states[state.value] for state in Task.State},
            "by_light": {colour: colours[colour] for colour in COLOURS},
        }


@extend_schema_view(
    list=extend_schema(
        summary="任务", description="按印发次序；红绿灯以 as_of 当日为准。", tags=["任务清单"]
    ),
    retrieve=extend_schema(
        summary="一项任务",
        description="牵头与配合为部门规范名称；未另定时限的任务沿用清单期限。",
        tags=["任务清单"],
        parameters=[AS_OF],
    ),
)
class TaskViewSet(ReadOnlyModelViewSet[Task]):
    """Tasks in printed order, with their lights on the day asked for."""

    queryset = Task.objects.none()
    serializer_class = TaskSerializer
    permission_classes = [ReadsTasks]
    filterset_class = TaskFilter
    lookup_value_regex = "[0-9]+"
    ordering_fields = {
        "due_on": "due",
        "light": "light",
        "state": "state",
        "percent": "percent",
        "title": "title",
        "list": "task_list_id",
        "order": "order",
        "id": "pk",
    }
    ordering = ("list", "order")

    def get_queryset(self) -> QuerySet[Task]:
        """What the caller may see."""
        return Task.objects.visible_to(self.request.user).with_departments()


@extend_schema_view(
    list=extend_schema(
        summary="任务清单", description="新近的在前，附各状态、各红绿灯的任务数。", tags=["任务清单"]
    ),
    retrieve=extend_schema(
        summary="一份任务清单", description="清单及其任务数。", tags=["任务清单"], parameters=[AS_OF]
    ),
)
class TaskListViewSet(ReadOnlyModelViewSet[TaskList]):
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
        for pk, colour, state, number in Task.objects.visible_to(self.request.user).count_by_light(day):
            states, colours = found[pk]
            states[state] += number
            colours[colour] += number
        return found

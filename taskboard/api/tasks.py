"""``/api/v1/tasks/`` and the steps of a task."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from organizations.access import caller_of
from taskboard import services
from taskboard.api.access import ReadsTasks
from taskboard.api.bulk import BulkSteps
from taskboard.api.comments import Comments
from taskboard.api.correcting import CorrectionInput, correct
from taskboard.api.forms import (
    EvidenceInput,
    ExtensionInput,
    ProgressInput,
    ReasonInput,
    RemarkInput,
    SubmitInput,
)
from taskboard.api.serializers import (
    EvidenceSerializer,
    ExtensionSerializer,
    TaskSerializer,
    TransitionSerializer,
)
from taskboard.filters import TaskFilter
from taskboard.models import Task
from taskboard.targets import WITH_REACHED

AS_OF = OpenApiParameter(
    "as_of", OpenApiTypes.DATE, description="按这一天终了时的状态、时限、部门、进度和红绿灯，缺省为今天"
)
Service = Callable[..., Any]
Handler = TypeVar("Handler", bound=Callable[..., Response])


def step(
    summary: str,
    takes: type[serializers.Serializer[Any]] | None,
    gives: Any = TaskSerializer,
    status: int = 200,
) -> Callable[[Handler], Handler]:
    """How a step is described."""
    conflict = {status: gives, 409: OpenApiTypes.OBJECT}
    described: Callable[[Handler], Handler] = extend_schema(
        summary=summary, tags=["任务办理"], request=takes, responses=conflict, filters=False
    )
    return described


@extend_schema_view(
    list=extend_schema(
        summary="任务",
        description="按印发次序；给出 as_of 时按当日终了时的情况，当时未下发的不列。",
        tags=["任务清单"],
    ),
    retrieve=extend_schema(
        summary="一项任务",
        description="牵头与配合为部门规范名称；未另定时限的任务沿用清单期限。",
        tags=["任务清单"],
        parameters=[AS_OF],
    ),
)
class TaskViewSet(BulkSteps, Comments, ReadOnlyModelViewSet[Task]):
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
        found = Task.objects.visible_to(self.request.user).with_departments()
        return found.prefetch_related(WITH_REACHED)

    def made(
        self, move: str, service: Service, takes: type[serializers.Serializer[Any]] | None = None
    ) -> Any:
        """Ask in this order: is it there, is it yours, is it complete; then the service."""
        actor, task = caller_of(self.request), self.get_object()
        services.require_mover(actor, task, move)
        values: dict[str, Any] = {}
        if takes is not None:
            given = takes(data=self.request.data)
            given.is_valid(raise_exception=True)
            values = given.validated_data
        return service(actor=actor, at=timezone.now(), task=task, **values)

    def now(self) -> Response:
        """The task as it has become."""
        return Response(self.get_serializer(self.get_object()).data)

    @step("签收", None)
    @action(detail=True, methods=["post"])
    def sign(self, request: Request, pk: Any = None) -> Response:
        """The lead's signature moves the state."""
        self.made("sign", services.sign_task)
        return self.now()

    @step("报进展", ProgressInput)
    @action(detail=True, methods=["post"])
    def progress(self, request: Request, pk: Any = None) -> Response:
        """How far one's department has come."""
        self.made("progress", services.report_progress, ProgressInput)
        return self.now()

    @step("上传佐证", EvidenceInput, EvidenceSerializer, 201)
    @action(detail=True, methods=["post"])
    def evidence(self, request: Request, pk: Any = None) -> Response:
        """A checked file."""
        stored = self.made("evidence", _attach, EvidenceInput)
        return Response(EvidenceSerializer(stored).data, status=201)

    @step("反馈办理结果，申请办结", SubmitInput)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: Any = None) -> Response:
        """The lead hands in the result."""
        self.made("submit", services.submit_task, SubmitInput)
        return self.now()

    @step("复核退回", ReasonInput)
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def send_back(self, request: Request, pk: Any = None) -> Response:
        """The supervisor says what is lacking."""
        self.made("return", services.return_task, ReasonInput)
        return self.now()

    @step("办结", RemarkInput)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: Any = None) -> Response:
        """Only with evidence."""
        self.made("close", services.close_task, RemarkInput)
        return self.now()

    @step("重新办理已办结的任务", ReasonInput)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: Any = None) -> Response:
        """A closed task is taken up again."""
        self.made("reopen", services.reopen_task, ReasonInput)
        return self.now()

    @step("暂停", ReasonInput)
    @action(detail=True, methods=["post"])
    def suspend(self, request: Request, pk: Any = None) -> Response:
        """The clock stops."""
        self.made("suspend", services.suspend_task, ReasonInput)
        return self.now()

    @step("恢复办理", None)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: Any = None) -> Response:
        """The clock goes on."""
        self.made("resume", services.resume_task)
        return self.now()

    @step("申请延期", ExtensionInput, ExtensionSerializer, 201)
    @action(detail=True, methods=["post"])
    def extension(self, request: Request, pk: Any = None) -> Response:
        """The lead asks for a later date."""
        asked = self.made("extension", services.ask_extension, ExtensionInput)
        return Response(ExtensionSerializer(asked).data, status=201)

    @step("更正任务", CorrectionInput)
    @action(detail=True, methods=["post"])
    def correct(self, request: Request, pk: Any = None) -> Response:
        """A draft by who keeps lists; what was issued by the supervisor, with a reason."""
        correct(self, request, self.get_object())
        return self.now()

    @extend_schema(
        summary="任务经过", tags=["任务清单"], filters=False, responses=TransitionSerializer(many=True)
    )
    @action(detail=True, methods=["get"], pagination_class=None)
    def history(self, request: Request, pk: Any = None) -> Response:
        """Every step, the first one first."""
        rows = self.get_object().transitions.select_related("actor", "department")
        return Response(TransitionSerializer(rows, many=True).data)


def _attach(*, file: Any, **values: Any) -> Any:
    return services.add_evidence(upload=file, **values)

"""``tasks/{id}/comments/``: what was said to those who work on a task, and saying something."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from organizations.access import caller_of
from organizations.models import Department
from taskboard.models import Comment
from taskboard.services import add_comment

TAG = "任务办理"


class CommentSerializer(serializers.ModelSerializer[Comment]):
    """A remark; ``mentions`` are the names of the departments that were told."""

    author = serializers.CharField(source="author.__str__", read_only=True)
    department = serializers.CharField(source="department.name", default="", read_only=True)
    mentions: Any = serializers.SlugRelatedField("name", many=True, read_only=True)

    class Meta:
        model = Comment
        fields = ("id", "at", "author", "department", "text", "mentions")
        read_only_fields = fields


class CommentInput(serializers.Serializer[Any]):
    """What is said, and which departments of the task are told, by their slugs."""

    text = serializers.CharField(max_length=4000)
    mentions: Any = serializers.ManyRelatedField(
        serializers.SlugRelatedField("slug", queryset=Department.objects.none()), required=False, default=list
    )

    def get_fields(self) -> Any:
        """Only departments of the task can be mentioned."""
        fields: Any = super().get_fields()
        task = self.context.get("task")
        if task is not None:
            named = Department.objects.filter(task_duties__task=task).distinct()
            fields["mentions"].child_relation.queryset = named
        return fields


class Comments:
    """Remarks on a task, oldest first."""

    @extend_schema(summary="留言", tags=[TAG], filters=False, responses=CommentSerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=None)
    def comments(self, request: Request, pk: Any = None) -> Response:
        """What was said."""
        task = self.get_object()  # type: ignore[attr-defined]  # mixed into a view
        rows = task.comments.select_related("author", "department").prefetch_related("mentions")
        return Response(CommentSerializer(rows.order_by("at", "pk"), many=True).data)

    @extend_schema(
        summary="留言并提到部门",
        tags=[TAG],
        filters=False,
        request=CommentInput,
        responses={201: CommentSerializer},
    )
    @comments.mapping.post
    def comment(self, request: Request, pk: Any = None) -> Response:
        """Say something; the departments that are mentioned get a message."""
        task = self.get_object()  # type: ignore[attr-defined]  # mixed into a view
        given = CommentInput(data=request.data, context={"task": task})
        given.is_valid(raise_exception=True)
        made = add_comment(actor=caller_of(request), at=timezone.now(), task=task, **given.validated_data)
        return Response(CommentSerializer(made).data, status=201)

"""The same step on several tasks: ``tasks/bulk-sign/``, ``bulk-report/`` and ``bulk-issue/``."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from organizations.access import caller_of
from organizations.permissions import require
from taskboard.acting import WORK
from taskboard.api.steps import described, given_in
from taskboard.models import Task
from taskboard.services.bulk import MOST, Outcome, Progress, issue_tasks, report_tasks, sign_tasks

TAG = "任务办理"


def _tasks(many: bool = True) -> Any:
    tasks = Task.objects.select_related("task_list")
    return serializers.PrimaryKeyRelatedField(queryset=tasks, many=many)


class TasksInput(serializers.Serializer[Any]):
    """Which tasks, by their numbers."""

    tasks = _tasks()


class IssueTasksInput(TasksInput):
    """Draft tasks; ``ends_on`` becomes the end of lists that have none."""

    ends_on = serializers.DateField(required=False, allow_null=True, default=None)


class TaskProgressInput(serializers.Serializer[Any]):
    """How far one task has come."""

    task = _tasks(many=False)
    percent = serializers.IntegerField(min_value=0, max_value=100)
    text = serializers.CharField(max_length=4000)


class ReportTasksInput(serializers.Serializer[Any]):
    """How far several tasks have come."""

    # Counted before any of them is looked at.
    reports: Any = serializers.ListSerializer(child=TaskProgressInput(), max_length=MOST)


class OutcomeSerializer(serializers.Serializer[Outcome]):
    """What became of one task."""

    task = serializers.IntegerField(source="task.pk")
    done = serializers.BooleanField()
    said = serializers.CharField()


class BulkSteps:
    """Steps on several tasks; each is a unit of its own and says what became of it."""

    @described("签收多项任务", TAG, TasksInput, OutcomeSerializer(many=True))
    @action(detail=False, methods=["post"], url_path="bulk-sign", filterset_class=None)
    def bulk_sign(self, request: Request) -> Response:
        """Sign for each."""
        actor = caller_of(request)
        require(actor, WORK, "签收任务")
        given = given_in(self, TasksInput)  # type: ignore[arg-type]  # mixed into a view
        return _answer(sign_tasks(actor=actor, at=timezone.now(), tasks=given["tasks"]))

    @described("报多项任务的进展", TAG, ReportTasksInput, OutcomeSerializer(many=True))
    @action(detail=False, methods=["post"], url_path="bulk-report", filterset_class=None)
    def bulk_report(self, request: Request) -> Response:
        """Report the progress of each."""
        actor = caller_of(request)
        require(actor, WORK, "报进展")
        given = given_in(self, ReportTasksInput)  # type: ignore[arg-type]  # mixed into a view
        reports = [Progress(**row) for row in given["reports"]]
        return _answer(report_tasks(actor=actor, at=timezone.now(), reports=reports))

    @described("下发多项任务", TAG, IssueTasksInput, OutcomeSerializer(many=True))
    @action(detail=False, methods=["post"], url_path="bulk-issue", filterset_class=None)
    def bulk_issue(self, request: Request) -> Response:
        """Issue draft tasks."""
        actor = caller_of(request)
        require(actor, "taskboard.issue_list", "下发任务")
        given = given_in(self, IssueTasksInput)  # type: ignore[arg-type]  # mixed into a view
        return _answer(issue_tasks(actor=actor, at=timezone.now(), **given))


def _answer(outcomes: Sequence[Outcome]) -> Response:
    return Response(OutcomeSerializer(outcomes, many=True).data)  # type: ignore[arg-type]  # many

"""What the interface takes in for the steps of a task."""

from typing import Any

from rest_framework import serializers


class ReasonInput(serializers.Serializer[Any]):
    """Why."""

    reason = serializers.CharField(max_length=4000)


class RemarkInput(serializers.Serializer[Any]):
    """A remark that may be left out."""

    reason = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")


class ProgressInput(serializers.Serializer[Any]):
    """How far the department has come."""

    percent = serializers.IntegerField(min_value=0, max_value=100)
    text = serializers.CharField(max_length=4000)
    problems = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")
    next_steps = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")


class SubmitInput(serializers.Serializer[Any]):
    """The result."""

    text = serializers.CharField(max_length=4000)


class EvidenceInput(serializers.Serializer[Any]):
    """A picture, a PDF or an office file."""

    file = serializers.FileField()


class ExtensionInput(serializers.Serializer[Any]):
    """A later date."""

    until = serializers.DateField()
    reason = serializers.CharField(max_length=4000)


class DecisionInput(serializers.Serializer[Any]):
    """Whether the later date holds; a refusal says why."""

    grant = serializers.BooleanField()
    reason = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")


class IssueInput(serializers.Serializer[Any]):
    """Which draft tasks, all when left out; the end that undated tasks inherit."""

    tasks = serializers.ListField(child=serializers.IntegerField(min_value=1), required=False)
    ends_on = serializers.DateField(required=False)

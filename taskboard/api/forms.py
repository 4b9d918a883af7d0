"""What the interface takes in for the steps of a task."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from rest_framework import serializers

LONGEST_KEY = 18


class ReasonInput(serializers.Serializer[Any]):
    """Why."""

    reason = serializers.CharField(max_length=4000)


class RemarkInput(serializers.Serializer[Any]):
    """A remark that may be left out."""

    reason = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")


class ProgressInput(serializers.Serializer[Any]):
    """How far the department has come; where it falls, ``setback`` says why, else the text counts as that.

    ``quantities`` are values against the targets of the task, by the target's ``id``.
    """

    percent = serializers.IntegerField(min_value=0, max_value=100)
    text = serializers.CharField(max_length=4000)
    problems = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")
    next_steps = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")
    setback = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")
    quantities = serializers.DictField(
        child=serializers.DecimalField(max_digits=14, decimal_places=2, min_value=Decimal(0)),
        required=False,
        default=dict,
    )

    def validate_setback(self, value: str) -> str | None:
        """Nothing said is not a refusal to say: the text counts."""
        return value.strip() or None

    def validate_quantities(self, given: Mapping[str, Decimal]) -> Mapping[int, Decimal]:
        """Keys of a JSON object are text."""
        if not all(key.isascii() and key.isdecimal() and len(key) < LONGEST_KEY for key in given):
            raise serializers.ValidationError("请以指标的 id 为键。")
        return {int(key): value for key, value in given.items()}


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

"""Task lists, tasks and their steps as the interface shows them."""

from collections.abc import Mapping, Sequence
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from foundation.api import PageAddress
from taskboard.lights import COLOURS, WORDS
from taskboard.models import Extension, Task, TaskDepartment, TaskList
from taskboard.targets import standing_of

NAMES = serializers.ListField(child=serializers.CharField())


class TargetSerializer(serializers.Serializer[Any]):
    """A quantity to reach; ``reached`` is what was reported last, null before the first report."""

    id = serializers.IntegerField(source="target.pk")
    name = serializers.CharField(source="target.name")
    unit = serializers.CharField(source="target.unit")
    value = serializers.DecimalField(source="target.value", max_digits=14, decimal_places=2)
    at_least = serializers.BooleanField(source="target.at_least")
    reached = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    percent = serializers.IntegerField()
    met = serializers.BooleanField()


class TaskSerializer(serializers.ModelSerializer[Task]):
    """A task; ``lead`` and ``support`` hold department names, ``due_on`` the list's end when inherited."""

    list = serializers.IntegerField(source="task_list_id", read_only=True)
    directive = serializers.IntegerField(source="task_list.directive_id", allow_null=True, read_only=True)
    lead = serializers.SerializerMethodField()
    support = serializers.SerializerMethodField()
    due_on = serializers.DateField(source="due", allow_null=True, read_only=True)
    due_inherited = serializers.BooleanField(read_only=True)
    light = serializers.ChoiceField(choices=[(colour, WORDS[colour]) for colour in COLOURS], read_only=True)
    targets = serializers.SerializerMethodField()
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
            "targets",
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

    @extend_schema_field(TargetSerializer(many=True))
    def get_targets(self, task: Task) -> Any:
        """Quantities to reach, with what was reported last."""
        return TargetSerializer([standing_of(target) for target in task.targets.all()], many=True).data


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


class EvidenceSerializer(serializers.Serializer[Any]):
    """A stored file."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    url = serializers.CharField(source="get_absolute_url")


class ExtensionSerializer(serializers.ModelSerializer[Extension]):
    """A later date that was asked for; ``old_due`` is the date before."""

    department = serializers.CharField(source="department.name", read_only=True)

    class Meta:
        model = Extension
        fields = (
            "id",
            "task",
            "department",
            "old_due",
            "until",
            "reason",
            "asked_at",
            "state",
            "decided_at",
            "decision_reason",
        )
        read_only_fields = fields


class TransitionSerializer(serializers.Serializer[Any]):
    """One step in the life of a task."""

    at = serializers.DateTimeField()
    action = serializers.CharField()
    actor = serializers.SerializerMethodField()
    department = serializers.CharField(source="department.name", default="")
    from_state = serializers.CharField()
    to_state = serializers.CharField()
    reason = serializers.CharField()

    def get_actor(self, row: Any) -> str:
        """Who did it."""
        return str(row.actor) if row.actor else ""

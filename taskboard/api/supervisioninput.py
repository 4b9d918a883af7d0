"""What the interface takes in for the steps of supervision."""

from typing import Any

from rest_framework import serializers

from directives.models import Directive
from taskboard.api.fields import department_field
from taskboard.models import Task
from taskboard.models.ledgers import LedgerRow

LONGEST = 4000


def words(*, required: bool = True) -> serializers.CharField:
    """A text of bearable length."""
    if required:
        return serializers.CharField(max_length=LONGEST)
    return serializers.CharField(max_length=LONGEST, required=False, allow_blank=True, default="")


class RemarksInput(serializers.Serializer[Any]):
    """What an inspector saw; it may be left out."""

    remarks = words(required=False)


class FailedInput(serializers.Serializer[Any]):
    """Why the task is taken up again."""

    remarks = words()


class LookBackFoundInput(serializers.Serializer[Any]):
    """What a lead has to put right, until when; without a department the first lead."""

    remarks = words()
    rectify_by = serializers.DateField()
    department = department_field(required=False)


class RectificationInput(serializers.Serializer[Any]):
    """What was put right, with a picture, a PDF or an office file."""

    text = words()
    file = serializers.FileField()


class RectifyByInput(serializers.Serializer[Any]):
    """Another deadline of a rectification."""

    rectify_by = serializers.DateField()
    reason = words()


class ListingInput(serializers.Serializer[Any]):
    """A task or an entry of a ledger, what is demanded, of whom and until when."""

    task = serializers.PrimaryKeyRelatedField(queryset=Task.objects.all(), required=False)
    ledger_row = serializers.PrimaryKeyRelatedField(queryset=LedgerRow.objects.all(), required=False)
    notice = words()
    leader = serializers.CharField(max_length=80)
    deadline = serializers.DateField()

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """One matter and not two."""
        if ("task" in given) == ("ledger_row" in given):
            raise serializers.ValidationError({"task": ["请在 task 与 ledger_row 中给出一个。"]})
        matter = given.pop("task", None) or given.pop("ledger_row", None)
        return {**given, "matter": matter}


class ListingReportInput(serializers.Serializer[Any]):
    """How far the unit has come; a file may come with it."""

    text = words()
    file = serializers.FileField(required=False)


class ProlongInput(serializers.Serializer[Any]):
    """Another deadline of a listed matter."""

    deadline = serializers.DateField()
    reason = words()


class UnlistInput(serializers.Serializer[Any]):
    """Why it is taken off; the evidence unless the unit has reported some."""

    reason = words()
    file = serializers.FileField(required=False)


class InspectionInput(serializers.Serializer[Any]):
    """What is inspected, by whom and when."""

    title = serializers.CharField(max_length=120)
    purpose = words()
    directive = serializers.PrimaryKeyRelatedField(
        queryset=Directive.objects.none(), required=False, allow_null=True, default=None
    )
    lead = department_field()
    members = department_field(many=True)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()

    def get_fields(self) -> Any:
        """Documents that the caller may see."""
        fields: Any = super().get_fields()
        request = self.context.get("request")
        if request is not None:
            fields["directive"].queryset = Directive.objects.visible_to(request.user)
        return fields


class InspectionChangeInput(InspectionInput):
    """The whole new content, and why."""

    reason = words()


class InspectionFoundInput(serializers.Serializer[Any]):
    """What a department has to put right; a task may be named."""

    department = department_field()
    text = words()
    rectify_by = serializers.DateField()
    task = serializers.PrimaryKeyRelatedField(
        queryset=Task.objects.exclude(state=Task.State.DRAFT), required=False, allow_null=True, default=None
    )


class OpinionInput(serializers.Serializer[Any]):
    """The opinion with which a department signs."""

    opinion = words(required=False)

"""What the interface takes when documents are written."""

from datetime import date
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

from directives.models import Directive, StatusChange, Topic
from directives.numbers import normalised_copy_number, normalised_number
from foundation.errors import InvalidInput
from foundation.versions import REVISION_STEPS, Content


class PartSerializer(serializers.Serializer[Any]):
    """A part of a document; read in the order of its fields."""


class SectionInput(PartSerializer):
    """A numbered heading or paragraph; ``annex`` is the annex's place from 1, 0 for the body."""

    depth = serializers.IntegerField(min_value=1, max_value=4)
    number = serializers.CharField(max_length=12, allow_blank=True, default="")
    heading = serializers.CharField(max_length=200, allow_blank=True, default="")
    text = serializers.CharField(max_length=50_000, allow_blank=True, default="")
    annex = serializers.IntegerField(min_value=0, default=0)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """Not empty."""
        if not given["heading"] and not given["text"]:
            raise serializers.ValidationError("标题和正文都是空的。")
        return given


class AnnexInput(PartSerializer):
    """An annex; not ``printed`` means 原文未附."""

    label = serializers.CharField(max_length=20, allow_blank=True, default="")  # type: ignore[assignment]
    title = serializers.CharField(max_length=200)
    printed = serializers.BooleanField(default=True)
    text = serializers.CharField(max_length=50_000, allow_blank=True, default="")


class MemberInput(PartSerializer):
    """A line of a roster."""

    role = serializers.CharField(max_length=40, allow_blank=True)
    name = serializers.CharField(max_length=40)
    post = serializers.CharField(max_length=120, allow_blank=True, default="")
    concurrent = serializers.BooleanField(default=False)


class RosterInput(PartSerializer):
    """A list of people; ``annex`` and ``section`` are places from 1, 0 for none."""

    name = serializers.CharField(max_length=200)
    annex = serializers.IntegerField(min_value=0, default=0)
    section = serializers.IntegerField(min_value=0, default=0)
    members = MemberInput(many=True, allow_empty=False)


class DirectiveStageInput(PartSerializer):
    """A phase; ``section`` is the section's place from 1, 0 for none."""

    name = serializers.CharField(max_length=80)
    starts_on = serializers.DateField(allow_null=True, default=None)
    ends_on = serializers.DateField(allow_null=True, default=None)
    section = serializers.IntegerField(min_value=0, default=0)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """The days in order."""
        if given["starts_on"] and given["ends_on"] and given["ends_on"] < given["starts_on"]:
            raise serializers.ValidationError({"ends_on": "结束日期早于开始日期。"})
        return given


class CitationInput(PartSerializer):
    """A document referred to."""

    title = serializers.CharField(max_length=300, allow_blank=True, default="")
    number = serializers.CharField(max_length=80, allow_blank=True, default="")


class DirectiveInput(serializers.Serializer[Any]):
    """A document; topics are slugs, the number may be typed with any brackets."""

    title = serializers.CharField(max_length=300)
    issuer = serializers.CharField(max_length=120)
    number = serializers.CharField(max_length=80, allow_blank=True, required=False)
    issued_on = serializers.DateField(allow_null=True, required=False)
    kind = serializers.ChoiceField(choices=Directive.Kind.choices, required=False)
    addressees = serializers.ListField(child=serializers.CharField(max_length=80), required=False)
    is_public = serializers.BooleanField(required=False)
    copies_to = serializers.ListField(child=serializers.CharField(max_length=80), required=False)
    copy_number = serializers.CharField(max_length=20, allow_blank=True, required=False)
    urgency = serializers.ChoiceField(choices=Directive.Urgency.choices, allow_blank=True, required=False)
    signatory = serializers.CharField(max_length=40, allow_blank=True, required=False)
    printed_by = serializers.CharField(max_length=120, allow_blank=True, required=False)
    printed_on = serializers.DateField(allow_null=True, required=False)
    release_note = serializers.CharField(max_length=80, allow_blank=True, required=False)
    preamble = serializers.CharField(max_length=50_000, allow_blank=True, required=False)
    plan_title = serializers.CharField(max_length=300, allow_blank=True, required=False)
    plan_preamble = serializers.CharField(max_length=50_000, allow_blank=True, required=False)
    summary = serializers.CharField(max_length=2_000, allow_blank=True, required=False)
    topics: Any = serializers.SlugRelatedField(
        slug_field="slug", many=True, queryset=Topic.objects.all(), required=False
    )
    sections = SectionInput(many=True, required=False)
    annexes = AnnexInput(many=True, required=False)
    rosters = RosterInput(many=True, required=False)
    stages = DirectiveStageInput(many=True, required=False)
    citations = CitationInput(many=True, required=False)

    def validate_number(self, given: str) -> str:
        """In its one form."""
        return normalised_number(given)

    def validate_copy_number(self, given: str) -> str:
        """Six digits."""
        try:
            return normalised_copy_number(given)
        except InvalidInput as refusal:
            raise serializers.ValidationError(refusal.message) from refusal


class DirectiveTextInput(DirectiveInput):
    """Another text: the fields that change, the mark of the text that was read, and why."""

    title = serializers.CharField(max_length=300, required=False)
    issuer = serializers.CharField(max_length=120, required=False)
    seen = serializers.CharField(max_length=64)
    reason = serializers.CharField(max_length=200)


class DirectiveReasonInput(serializers.Serializer[Any]):
    """Why, where a reason is owed."""

    reason = serializers.CharField(max_length=200, allow_blank=True, default="")


class DirectiveRevisionInput(DirectiveReasonInput):
    """A step of the open correction; ``version`` is the one that was read."""

    step = serializers.ChoiceField(choices=list(REVISION_STEPS))
    version = serializers.IntegerField(min_value=1)


class DirectiveSettleInput(DirectiveReasonInput):
    """Signing (``confirm``) or taking back (``void``) what was registered."""

    id = serializers.IntegerField(min_value=1)
    step = serializers.ChoiceField(choices=["confirm", "void"])


class StatusInput(serializers.Serializer[Any]):
    """A change of the legal state; ``by`` is the number of the document that does it."""

    status = serializers.ChoiceField(choices=StatusChange.Status.choices)
    effective_on = serializers.DateField()
    by = serializers.IntegerField(min_value=1, required=False)
    note = serializers.CharField(max_length=200, allow_blank=True, default="")


class NoticeInput(serializers.Serializer[Any]):
    """A correction notice."""

    printed = serializers.CharField(max_length=200)
    corrected = serializers.CharField(max_length=200, allow_blank=True, default="")
    note = serializers.CharField(max_length=200, allow_blank=True, default="")


class FileInput(serializers.Serializer[Any]):
    """A file."""

    file = serializers.FileField()


def given_in(takes: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """What was sent, checked."""
    given = takes(data=request.data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


def content_given(given: dict[str, Any]) -> Content:
    """What was sent, as keys of a document's content."""
    content = {name: _plain(value) for name, value in given.items()}
    if "topics" in given:
        content["topics"] = sorted(topic.slug for topic in given["topics"])
    return content


def _plain(value: Any) -> Any:
    """Days as ISO text, parts as rows in the order of their fields."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return [_plain(one) for one in value.values()] if isinstance(value, dict) else value

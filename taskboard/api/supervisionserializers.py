"""Look-backs, findings, listed matters and inspections as the interface shows them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from foundation.api import PageAddress
from taskboard.models import Finding, Inspection, Listing, LookBack

NAMES = serializers.ListField(child=serializers.CharField())


class LookBackSerializer(serializers.ModelSerializer[LookBack]):
    """A closed task that is looked at again."""

    task_title = serializers.CharField(source="task.title", read_only=True)
    url = PageAddress()

    class Meta:
        model = LookBack
        fields = (
            *("id", "task", "task_title", "closed_on", "days", "due_on", "inspect_by"),
            *("state", "inspected_at", "remarks", "url"),
        )
        read_only_fields = fields


class FindingSerializer(serializers.ModelSerializer[Finding]):
    """Something that a department has to put right by a day."""

    department = serializers.CharField(source="department.name", read_only=True)
    url = PageAddress()

    class Meta:
        model = Finding
        fields = (
            *("id", "look_back", "inspection", "task", "department", "text", "rectify_by"),
            *("state", "found_at", "reported_on", "url"),
        )
        read_only_fields = fields


class ListingSerializer(serializers.ModelSerializer[Listing]):
    """A task or an entry of a ledger under listed supervision."""

    title = serializers.SerializerMethodField()
    departments = serializers.SerializerMethodField()
    url = PageAddress()

    class Meta:
        model = Listing
        fields = (
            *("id", "task", "ledger_row", "title", "departments", "notice", "leader", "deadline"),
            *("state", "listed_at", "unlisted_at", "url"),
        )
        read_only_fields = fields

    def get_title(self, listing: Listing) -> str:
        """What is supervised."""
        return str(listing.matter)

    @extend_schema_field(NAMES)
    def get_departments(self, listing: Listing) -> list[str]:
        """Who has to act."""
        return [unit.name for unit in listing.departments]


class MemberSerializer(serializers.Serializer[Any]):
    """A department that inspects, and its signature."""

    department = serializers.CharField(source="department.name")
    leads = serializers.BooleanField()
    signed_at = serializers.DateTimeField(allow_null=True)
    opinion = serializers.CharField()


class InspectionSerializer(serializers.ModelSerializer[Inspection]):
    """A special inspection; ``found`` and ``unsettled`` count its findings."""

    members = MemberSerializer(many=True, read_only=True)
    found = serializers.IntegerField(read_only=True)
    unsettled = serializers.IntegerField(read_only=True)
    url = PageAddress()

    class Meta:
        model = Inspection
        fields = (
            *("id", "title", "purpose", "directive", "starts_on", "ends_on", "state", "members"),
            *("found", "unsettled", "created_at", "concluded_at", "url"),
        )
        read_only_fields = fields

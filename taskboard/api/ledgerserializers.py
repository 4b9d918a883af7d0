"""Ledgers and their entries as the interface shows them."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from foundation.api import PageAddress
from taskboard.ledgers.columns import columns_of
from taskboard.ledgers.counts import STATES
from taskboard.models.ledgers import ApprovalCase, DisposalPlan, Ledger, LedgerRow


class ColumnSerializer(serializers.Serializer[Any]):
    """A column; where the plan names none, the two that stand in for it."""

    key = serializers.CharField()
    name = serializers.CharField()
    type = serializers.ChoiceField(choices=["text", "number", "date", "choice"])
    unit = serializers.CharField()
    choices = serializers.ListField(child=serializers.CharField())


class LedgerSerializer(serializers.ModelSerializer[Ledger]):
    """A ledger; ``counts`` are its entries by state."""

    directive = serializers.IntegerField(source="directive_id", read_only=True)
    columns = serializers.SerializerMethodField()
    counts = serializers.SerializerMethodField()
    url = PageAddress()

    class Meta:
        model = Ledger
        fields = (
            "id",
            "directive",
            "kind",
            "title",
            "due_on",
            "responsible",
            "responsible_leader",
            "rules",
            "columns",
            "counts",
            "url",
        )

    @extend_schema_field(ColumnSerializer(many=True))
    def get_columns(self, ledger: Ledger) -> Any:
        """In their order."""
        return ColumnSerializer(columns_of(ledger), many=True).data

    @extend_schema_field(serializers.DictField(child=serializers.IntegerField()))
    def get_counts(self, ledger: Any) -> Mapping[str, int]:
        """Counted with the ledgers."""
        return {state: getattr(ledger, f"n_{state}") for state in STATES}


class CaseSerializer(serializers.ModelSerializer[ApprovalCase]):
    """How a pending approval is dealt with; ``outcome`` is empty while it is open."""

    approver = serializers.SerializerMethodField()

    class Meta:
        model = ApprovalCase
        fields = (
            "approver",
            "received_on",
            "offline",
            "to_forward",
            "promised_on",
            "reviewed_on",
            "outcome",
            "outcome_on",
        )
        read_only_fields = fields

    def get_approver(self, case: ApprovalCase) -> str:
        """By name."""
        return str(case.approver) if case.approver else ""


class DisposalPlanSerializer(serializers.ModelSerializer[DisposalPlan]):
    """How a stalled project is disposed of."""

    class Meta:
        model = DisposalPlan
        fields = ("kind", "way", "measures", "stage")
        read_only_fields = fields


class LedgerRowSerializer(serializers.ModelSerializer[LedgerRow]):
    """An entry; ``values`` by name of the column, empty cells left out."""

    department = serializers.CharField(source="department.name", read_only=True)
    values = serializers.SerializerMethodField()
    case = serializers.SerializerMethodField()
    plan = serializers.SerializerMethodField()
    url = PageAddress()

    class Meta:
        model = LedgerRow
        fields = (
            "id",
            "ledger",
            "department",
            "title",
            "state",
            "values",
            "version",
            "created_at",
            "updated_at",
            "signed_at",
            "closed_at",
            "case",
            "plan",
            "url",
        )
        read_only_fields = fields

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_values(self, row: LedgerRow) -> Mapping[str, str]:
        """Numbers and dates in their canonical form, as text."""
        named = {column.key: column.name for column in columns_of(row.ledger)}
        return {named[key]: value for key, value in row.values.items() if key in named}

    @extend_schema_field(CaseSerializer(allow_null=True))
    def get_case(self, row: LedgerRow) -> Any:
        """Of a pending approval whose receipt is noted; null otherwise."""
        case = getattr(row, "case", None)
        return CaseSerializer(case).data if case else None

    @extend_schema_field(DisposalPlanSerializer(allow_null=True))
    def get_plan(self, row: LedgerRow) -> Any:
        """Of a stalled project that has one; null otherwise."""
        plan = getattr(row, "plan", None)
        return DisposalPlanSerializer(plan).data if plan else None

"""Rows of ledgers in the admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from foundation.admin import PartsInline
from taskboard.admin.base import ListAdmin
from taskboard.models.ledgers import ApprovalCase, DisposalPlan, LedgerRow, LedgerRowEvent


class RowEventInline(PartsInline):
    """Steps of a row."""

    model = LedgerRowEvent
    fields = ("at", "actor", "action", "from_state", "to_state", "reason")

    def get_queryset(self, request: HttpRequest) -> Any:
        """With people in one query."""
        return super().get_queryset(request).select_related("actor")


@admin.register(LedgerRow)
class LedgerRowAdmin(ListAdmin):
    """Rows."""

    where_to_change = "台账条目在台账页登记、签字、销号和更正，不在此修改。"
    list_display = (
        "title",
        "ledger",
        "department",
        "state",
        "version",
        "signed_at",
        "closed_at",
        "updated_at",
    )
    list_filter = ("state", "ledger__kind")
    search_fields = ("title", "ledger__title", "department__name")
    date_hierarchy = "created_at"
    list_select_related = ("ledger", "department")
    inlines = (RowEventInline,)


@admin.register(LedgerRowEvent)
class LedgerRowEventAdmin(ListAdmin):
    """Steps of rows."""

    where_to_change = "台账条目的经过由系统随每一步写入，任何人不能改动。"
    list_display = ("row", "action", "from_state", "to_state", "actor", "at", "reason")
    list_filter = ("action", "to_state")
    search_fields = ("row__title", "reason", "actor__username", "actor__display_name")
    date_hierarchy = "at"
    list_select_related = ("row", "actor")


@admin.register(ApprovalCase)
class ApprovalCaseAdmin(ListAdmin):
    """How pending approvals are dealt with."""

    where_to_change = "待批事项的办理在台账条目页登记，不在此修改。"
    list_display = ("row", "approver", "received_on", "promised_on", "reviewed_on", "outcome", "outcome_on")
    list_filter = ("outcome",)
    search_fields = ("row__title", "approver__username", "approver__display_name")
    date_hierarchy = "received_on"
    list_select_related = ("row", "approver")


@admin.register(DisposalPlan)
class DisposalPlanAdmin(ListAdmin):
    """How stalled projects are disposed of."""

    where_to_change = "处置方案在台账条目页登记，不在此修改。"
    list_display = ("row", "kind", "way", "stage", "file")
    list_filter = ("kind", "way", "stage")
    search_fields = ("row__title", "measures")
    list_select_related = ("row", "file")

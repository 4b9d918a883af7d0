"""Look-backs, findings, listed supervision, special inspections and reports on ledgers in the admin."""

from django.contrib import admin

from foundation.admin import PartsInline
from taskboard.admin.base import ListAdmin
from taskboard.models import (
    Finding,
    FindingEvent,
    Inspection,
    InspectionEvent,
    InspectionMember,
    Listing,
    ListingEvent,
    LookBack,
)
from taskboard.models.ledgers import LedgerReport


@admin.register(LookBack)
class LookBackAdmin(ListAdmin):
    """Look-backs."""

    where_to_change = "回头看由系统到期生成，在回头看页检查，不在此修改。"
    list_display = ("task", "closed_on", "days", "due_on", "state", "inspected_by", "inspected_at")
    list_filter = ("state",)
    search_fields = ("task__title", "remarks")
    date_hierarchy = "due_on"
    list_select_related = ("task", "inspected_by")


@admin.register(Finding)
class FindingAdmin(ListAdmin):
    """Findings."""

    where_to_change = "检查发现的问题在回头看页或专项检查页登记，整改在问题页报送和确认。"
    list_display = ("text", "department", "task", "inspection", "rectify_by", "state", "reported_on")
    list_filter = ("state",)
    search_fields = ("text", "department__name", "task__title")
    date_hierarchy = "rectify_by"
    list_select_related = ("department", "task", "inspection")


@admin.register(FindingEvent)
class FindingEventAdmin(ListAdmin):
    """Steps of rectifications."""

    where_to_change = "整改经过由系统随每一步写入，任何人不能改动。"
    list_display = ("finding", "action", "department", "actor", "at", "text")
    list_filter = ("action",)
    search_fields = ("finding__text", "text")
    date_hierarchy = "at"
    list_select_related = ("finding", "department", "actor")


@admin.register(Listing)
class ListingAdmin(ListAdmin):
    """Listed supervision."""

    where_to_change = "挂牌督办在任务页或台账条目页挂牌，在挂牌督办页摘牌，不在此修改。"
    list_display = ("task", "ledger_row", "leader", "deadline", "state", "listed_by", "listed_at")
    list_filter = ("state",)
    search_fields = ("task__title", "ledger_row__title", "leader", "notice")
    date_hierarchy = "deadline"
    list_select_related = ("task", "ledger_row", "listed_by")


@admin.register(ListingEvent)
class ListingEventAdmin(ListAdmin):
    """Steps of listed supervision."""

    where_to_change = "挂牌督办经过由系统随每一步写入，任何人不能改动。"
    list_display = ("listing", "action", "department", "actor", "at", "deadline", "text")
    list_filter = ("action",)
    search_fields = ("text", "listing__leader")
    date_hierarchy = "at"
    list_select_related = ("listing__task", "listing__ledger_row", "department", "actor")


class MemberInline(PartsInline):
    """Departments that inspect."""

    model = InspectionMember


@admin.register(Inspection)
class InspectionAdmin(ListAdmin):
    """Special inspections."""

    where_to_change = "专项检查在专项检查页组织和会签，不在此修改。"
    list_display = ("title", "directive", "starts_on", "ends_on", "state", "created_by", "concluded_at")
    list_filter = ("state",)
    search_fields = ("title", "purpose")
    date_hierarchy = "starts_on"
    list_select_related = ("directive", "created_by")
    inlines = (MemberInline,)


@admin.register(InspectionMember)
class InspectionMemberAdmin(ListAdmin):
    """Departments that inspect, and their signatures."""

    where_to_change = "参加部门随专项检查建立，会签在专项检查页办理。"
    list_display = ("inspection", "department", "leads", "signed_by", "signed_at")
    list_filter = ("leads",)
    search_fields = ("inspection__title", "department__name")
    list_select_related = ("inspection", "department", "signed_by")


@admin.register(InspectionEvent)
class InspectionEventAdmin(ListAdmin):
    """Steps of special inspections."""

    where_to_change = "专项检查经过由系统随每一步写入，任何人不能改动。"
    list_display = ("inspection", "action", "department", "actor", "at", "text")
    list_filter = ("action",)
    search_fields = ("inspection__title", "text")
    date_hierarchy = "at"
    list_select_related = ("inspection", "department", "actor")


@admin.register(LedgerReport)
class LedgerReportAdmin(ListAdmin):
    """Periodic reports on ledgers."""

    where_to_change = "台账定期报送由系统按频次生成，在台账页报送，不在此修改。"
    list_display = ("ledger", "department", "period_start", "period_end", "state", "reporter", "met_at")
    list_filter = ("state",)
    search_fields = ("ledger__title", "department__name", "progress")
    date_hierarchy = "period_end"
    list_select_related = ("ledger", "department", "reporter")

"""What follows a response, in the admin."""

from django.contrib import admin

from floodresponse.models import AfterActionReport, AftermathEntry, ReportSection
from foundation.admin import HistoryAdmin, RecordAdmin

VIEW = "floodresponse.change_plan"
BY_OFFICE = "总结报告和善后事项由防涝办在响应的页面登记、修改，由指挥长或签发人签发。"


@admin.register(AftermathEntry)
class AftermathEntryAdmin(RecordAdmin):
    """Losses, relief, rebuilding, costs, lessons, praise and blame."""

    may_view = VIEW
    where_to_change = BY_OFFICE
    list_display = ("text", "kind", "unit", "amount", "entered_at", "entered_by", "struck_at")
    list_filter = ("kind", ("struck_at", admin.EmptyFieldListFilter))
    search_fields = ("text", "basis", "unit__name")
    date_hierarchy = "entered_at"
    list_select_related = ("unit", "entered_by")


@admin.register(AfterActionReport)
class AfterActionReportAdmin(RecordAdmin):
    """Reports."""

    may_view = VIEW
    where_to_change = BY_OFFICE
    list_display = ("title", "response", "publication", "written_at", "event")
    list_filter = ("publication",)
    search_fields = ("title",)
    list_select_related = ("response", "event")


@admin.register(ReportSection)
class ReportSectionAdmin(RecordAdmin):
    """Sections of reports."""

    may_view = VIEW
    where_to_change = BY_OFFICE
    list_display = ("title", "report", "order", "edited")
    list_filter = ("edited",)
    search_fields = ("title", "text")
    list_select_related = ("report",)


@admin.register(AfterActionReport.history.model)
class AfterActionReportHistoryAdmin(HistoryAdmin):
    """Versions of reports."""

    may_view = VIEW
    search_fields = ("title",)


@admin.register(ReportSection.history.model)
class ReportSectionHistoryAdmin(HistoryAdmin):
    """Versions of sections."""

    may_view = VIEW
    search_fields = ("title", "text")

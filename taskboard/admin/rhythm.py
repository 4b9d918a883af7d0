"""What departments owe by the calendar, and the calendar of working days, in the admin."""

from django.contrib import admin

from foundation.admin import PartsInline
from taskboard.admin.base import ListAdmin
from taskboard.models import CalendarDay, CalendarYear, PeriodicReport, ReportObligation


class ReportInline(PartsInline):
    """What was handed in."""

    model = PeriodicReport


@admin.register(ReportObligation)
class ReportObligationAdmin(ListAdmin):
    """Reports owed."""

    where_to_change = "定期报送按报送频次由系统生成，在“定期报送”页报送。"
    list_display = ("task_list", "department", "period_start", "period_end", "due_on", "state", "met_at")
    list_filter = ("state", "rule__rhythm")
    search_fields = ("task_list__title", "department__name")
    date_hierarchy = "due_on"
    list_select_related = ("task_list", "department")
    inlines = (ReportInline,)


@admin.register(PeriodicReport)
class PeriodicReportAdmin(ListAdmin):
    """Reports handed in."""

    where_to_change = "定期报送内容由承办部门在“定期报送”页填写，报送后不能改动。"
    list_display = ("obligation", "actor", "at", "progress")
    list_filter = ("obligation__state",)
    search_fields = ("progress", "problems", "advice", "obligation__department__name")
    date_hierarchy = "at"
    list_select_related = ("obligation__department", "actor")


@admin.register(CalendarDay)
class CalendarDayAdmin(ListAdmin):
    """Days that are not as their weekday is."""

    where_to_change = "节假日和调休在“工作日日历”页登记。"
    list_display = ("day", "is_working", "name")
    list_filter = ("is_working",)
    search_fields = ("name",)
    date_hierarchy = "day"


@admin.register(CalendarYear)
class CalendarYearAdmin(ListAdmin):
    """Years entered whole."""

    where_to_change = "年份在“工作日日历”页确认。"
    list_display = ("year", "source", "confirmed_at")
    search_fields = ("year", "source")

"""Incidents and what is owed of them, in the admin.

Who checks the keeping of records sees that reports were made and when. What
they say, casualties and telephone numbers stay with the command post and the
units: nobody of those who enter the admin sees them by his role.
"""

from django.contrib import admin

from floodresponse.models import (
    Acknowledgement,
    CallOut,
    DailyReport,
    Incident,
    IncidentReport,
    MediaPosition,
    Obligation,
    PassingUp,
)
from foundation.admin import RecordAdmin


class ReportingAdmin(RecordAdmin):
    """Records of reporting."""

    may_view = "floodresponse.check_reporting"
    where_to_change = "报告内容、伤亡和电话号码不在此显示；险情在防内涝页面登记、报告和处置。"


@admin.register(Incident)
class IncidentAdmin(ReportingAdmin):
    """Incidents, without casualties and description."""

    list_display = (
        "location",
        "kind",
        "severity",
        "unit",
        "occurred_at",
        "entered_at",
        "resolved_at",
        "exercise",
    )
    list_filter = ("kind", "severity", "unclear", "exercise", ("resolved_at", admin.EmptyFieldListFilter))
    search_fields = ("location", "unit__name")
    date_hierarchy = "occurred_at"
    list_select_related = ("unit",)
    fields = (
        "unit", "location", "kind", "severity", "unclear", "exercise", "occurred_at", "found_at",
        "entered_at", "entered_by", "confirmed_at", "tracker", "resolved_at", "resolved_by",
        "street", "same_as",
    )  # fmt: skip


@admin.register(IncidentReport)
class IncidentReportAdmin(ReportingAdmin):
    """Reports, without what they say."""

    where_to_change = "事件报告报出后任何人不能改动；内容和数字不在此显示。"
    list_display = (
        "incident",
        "channel",
        "stage",
        "reported_at",
        "filed_at",
        "filed_by",
        "incomplete",
        "late",
    )
    list_filter = ("channel", "stage", "incomplete", "late")
    search_fields = ("incident__location", "incident__unit__name")
    date_hierarchy = "reported_at"
    list_select_related = ("incident", "filed_by")
    fields = ("incident", "channel", "stage", "reported_at", "filed_at", "filed_by", "incomplete", "late")


@admin.register(Obligation)
class ObligationAdmin(ReportingAdmin):
    """What is owed."""

    where_to_change = "报告义务由系统按方案产生，在防内涝页面报告或免责。"
    list_display = ("kind", "sequence", "unit", "incident", "due_at", "state", "met_at", "provisional")
    list_filter = ("kind", "state", "provisional")
    search_fields = ("unit__name", "incident__location")
    date_hierarchy = "due_at"
    list_select_related = ("unit", "incident")
    fields = (
        "kind", "sequence", "unit", "incident", "due_at", "provisional", "created_at", "state", "met_at",
        "met_by", "excused_at", "excused_by", "excuse_reason",
    )  # fmt: skip


@admin.register(CallOut)
class CallOutAdmin(ReportingAdmin):
    """Calls, without numbers."""

    where_to_change = "叫应记录在防内涝页面登记，登记后不能改动；号码不在此显示。"
    list_display = ("called", "obligation", "action", "answered", "called_at", "called_by")
    list_filter = ("answered",)
    search_fields = ("called", "obligation__unit__name", "action__unit__name")
    date_hierarchy = "called_at"
    list_select_related = ("obligation__unit", "action", "called_by")
    fields = ("obligation", "action", "called", "answered", "called_at", "called_by")


@admin.register(Acknowledgement)
class AcknowledgementAdmin(ReportingAdmin):
    """Who said that a report is being seen to."""

    where_to_change = "签收记录随提醒的应答写入，任何人不能改动。"
    list_display = ("obligation", "by", "at", "until")
    list_filter = ("obligation__kind",)
    search_fields = ("obligation__unit__name", "by__username", "by__display_name")
    date_hierarchy = "at"
    list_select_related = ("obligation__unit", "by")


@admin.register(DailyReport)
class DailyReportAdmin(ReportingAdmin):
    """Zero and weather reports, without what they say."""

    where_to_change = "每日报告由责任单位在防内涝页面报送，报送后不能改动；内容不在此显示。"
    list_display = ("obligation", "reported_at", "reported_by")
    list_filter = ("obligation__kind",)
    search_fields = ("obligation__unit__name", "reported_by__username", "reported_by__display_name")
    date_hierarchy = "reported_at"
    list_select_related = ("obligation__unit", "reported_by")
    fields = ("obligation", "reported_at", "reported_by")


@admin.register(PassingUp)
class PassingUpAdmin(ReportingAdmin):
    """What was passed up, without what it says."""

    where_to_change = "上报后任何人不能改动；内容和数字不在此显示。"
    list_display = ("incident", "number", "passed_at", "passed_by")
    search_fields = ("incident__location", "incident__unit__name")
    date_hierarchy = "passed_at"
    list_select_related = ("incident", "passed_by")
    fields = ("incident", "number", "report", "copies", "passed_at", "passed_by")


@admin.register(MediaPosition)
class MediaPositionAdmin(ReportingAdmin):
    """That a place was kept with a picture, without the place."""

    where_to_change = "拍摄位置随图文影像保留，任何人不能改动；坐标不在此显示。"
    list_display = ("attachment",)
    search_fields = ("attachment__name",)
    list_select_related = ("attachment",)
    fields = ("attachment",)

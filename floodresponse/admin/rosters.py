"""The duty roster in the admin: that it was kept and signed, without telephone numbers."""

from django.contrib import admin

from floodresponse.admin.reports import ReportingAdmin
from floodresponse.models import DutyShift, DutySwap


@admin.register(DutyShift)
class DutyShiftAdmin(ReportingAdmin):
    """Who was on duty."""

    where_to_change = "值班在防内涝的值班表登记、签到；电话号码不在此显示。"
    list_display = ("day", "unit", "role", "name", "signed_in_at", "signed_in_by")
    list_filter = ("role", ("signed_in_at", admin.EmptyFieldListFilter))
    search_fields = ("name", "unit__name")
    date_hierarchy = "day"
    list_select_related = ("unit", "signed_in_by")
    fields = ("unit", "day", "role", "name", "user", "signed_in_at", "signed_in_by", "entered_at")


@admin.register(DutySwap)
class DutySwapAdmin(ReportingAdmin):
    """Who swapped with whom."""

    where_to_change = "换班在值班表里申请和答复，记录任何人不能改动。"
    list_display = ("name", "other_name", "shift", "other", "state", "asked_at", "answered_at")
    list_filter = ("state",)
    search_fields = ("name", "other_name", "reason")
    date_hierarchy = "asked_at"
    list_select_related = ("shift__unit", "other__unit")

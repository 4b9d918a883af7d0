"""What a level ordered and sent into the world, in the admin."""

from django.contrib import admin

from floodresponse.models import CapMessage, FloodWatch, Notice, SirenOrder, UnitAction
from foundation.admin import RecordAdmin

BY_LEVEL = "本类记录随响应级别由系统写入，任何人不能改动。"


class OrderAdmin(RecordAdmin):
    """What follows from a level."""

    may_view = "floodresponse.change_plan"
    where_to_change = BY_LEVEL


@admin.register(SirenOrder)
class SirenOrderAdmin(OrderAdmin):
    """Sirens."""

    where_to_change = "警报令随级别产生，鸣放后在防内涝页面确认。"
    list_display = ("record", "number", "minutes", "sounded_at", "sounded_by", "withdrawn_at")
    list_filter = ("record__level", ("sounded_at", admin.EmptyFieldListFilter))
    search_fields = ("sounded_by__username", "sounded_by__display_name")
    date_hierarchy = "sounded_at"
    list_select_related = ("record", "sounded_by")


@admin.register(UnitAction)
class UnitActionAdmin(OrderAdmin):
    """Actions of units."""

    where_to_change = "单位行动随级别产生，由责任单位在防内涝页面签收和落实。"
    list_display = ("text", "unit", "from_level", "state", "acknowledged_at", "done_at", "closed_at")
    list_filter = ("state", "from_level", "response__exercise")
    search_fields = ("text", "unit__name")
    list_select_related = ("unit",)


@admin.register(Notice)
class NoticeAdmin(OrderAdmin):
    """Numbers of notices."""

    list_display = ("year", "number", "exercise", "record")
    list_filter = ("year", "exercise")
    search_fields = ("number", "record__reason")
    list_select_related = ("record",)


@admin.register(CapMessage)
class CapMessageAdmin(OrderAdmin):
    """Public alerts."""

    list_display = ("headline", "message_type", "sent", "exercise", "identifier")
    list_filter = ("message_type", "exercise")
    search_fields = ("headline", "identifier")
    list_select_related = ("record",)


@admin.register(FloodWatch)
class FloodWatchAdmin(OrderAdmin):
    """Periods of flood watch."""

    where_to_change = "汛期值守在防内涝页面开始和结束。"
    list_display = ("started_at", "started_by", "ended_at", "ended_by", "is_on")
    list_filter = ("is_on",)
    search_fields = ("started_by__username", "started_by__display_name")
    date_hierarchy = "started_at"
    list_select_related = ("started_by", "ended_by")

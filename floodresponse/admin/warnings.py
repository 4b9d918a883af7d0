"""Warnings, orders below level IV and replayed storms in the admin."""

from django.contrib import admin

from floodresponse.models import DrillReading, FloodWarning, RainAction, RainOrder, StormReplay
from foundation.admin import RecordAdmin

VIEW = "floodresponse.change_plan"


@admin.register(FloodWarning)
class FloodWarningAdmin(RecordAdmin):
    """Warnings."""

    may_view = VIEW
    where_to_change = "预警在防内涝的预警页登记、研判、发布和解除。"
    list_display = ("received_at", "kind", "colour", "issuer", "state", "valid_from", "valid_to", "exercise")
    list_filter = ("state", "kind", "colour", "exercise")
    search_fields = ("text", "issuer__name", "assessment", "lift_reason")
    date_hierarchy = "received_at"
    list_select_related = ("issuer",)


@admin.register(RainOrder)
class RainOrderAdmin(RecordAdmin):
    """Orders below level IV."""

    may_view = VIEW
    where_to_change = "降雨措施在防内涝的降雨部署页部署和结束。"
    list_display = ("ordered_at", "situation", "ordered_by", "reason", "ended_at", "exercise")
    list_filter = ("situation", "exercise")
    search_fields = ("reason", "end_reason")
    date_hierarchy = "ordered_at"
    list_select_related = ("ordered_by",)


@admin.register(RainAction)
class RainActionAdmin(RecordAdmin):
    """What each unit did under such an order."""

    may_view = VIEW
    where_to_change = "降雨措施由各单位在降雨部署页签收和上报。"
    list_display = ("order", "unit", "text", "state", "acknowledged_at", "done_at")
    list_filter = ("state", "order__situation")
    search_fields = ("text", "unit__name")
    list_select_related = ("order", "unit")


@admin.register(StormReplay)
class StormReplayAdmin(RecordAdmin):
    """Storms of drills."""

    may_view = VIEW
    where_to_change = "演练降雨由 replay_storm 命令播放和结束。"
    list_display = ("title", "is_on", "speed", "begins", "started_at", "started_by", "ended_at")
    list_filter = ("is_on",)
    search_fields = ("title",)
    date_hierarchy = "started_at"
    list_select_related = ("started_by",)


@admin.register(DrillReading)
class DrillReadingAdmin(RecordAdmin):
    """Readings of drills."""

    may_view = VIEW
    where_to_change = "演练数据由演练降雨写入，与实测数据分开存放，任何人不能改动。"
    list_display = ("replay", "station", "observed_at", "value", "received_at")
    list_filter = ("replay",)
    search_fields = ("station__code", "station__name")
    date_hierarchy = "observed_at"
    list_select_related = ("replay", "station")

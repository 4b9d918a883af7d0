"""The portal's own records in the admin."""

from django.contrib import admin

from foundation.admin import RecordAdmin
from zalantun.models import Heartbeat


@admin.register(Heartbeat)
class HeartbeatAdmin(RecordAdmin):
    """Signs of life."""

    may_view = "zalantun.view_heartbeats"
    where_to_change = "运行信号由各进程写入。总体状况见 /healthz。"
    list_display = ("name", "at")
    search_fields = ("name",)

"""Links between records in the admin."""

from django.contrib import admin

from foundation.admin import RecordAdmin
from taskboard.models import RecordLink


@admin.register(RecordLink)
class RecordLinkAdmin(RecordAdmin):
    """Entries, documents and tasks that belong together."""

    may_view = "taskboard.link_records"
    where_to_change = "关联由编辑确认，不在此修改。"
    list_display = ("event", "directive", "task", "state", "strength", "decided_by", "decided_at")
    list_filter = ("state",)
    search_fields = ("event__title", "directive__title", "task__title")
    list_select_related = ("event", "directive", "task", "decided_by")

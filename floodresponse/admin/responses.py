"""Responses in the admin."""

from django.contrib import admin

from floodresponse.models import KeptLevel, LevelRecord, Response
from foundation.admin import RecordAdmin

VIEW = "floodresponse.change_plan"
BY_RESPONSE = "应急响应只在防内涝页面启动、调整和终止，级别记录任何人不能改动。"


@admin.register(Response)
class ResponseAdmin(RecordAdmin):
    """Responses."""

    may_view = VIEW
    where_to_change = BY_RESPONSE
    list_display = ("declared_at", "terminated_at", "exercise", "plan")
    list_filter = ("exercise", "plan")
    search_fields = ("levels__reason",)
    date_hierarchy = "declared_at"
    list_select_related = ("plan",)


@admin.register(LevelRecord)
class LevelRecordAdmin(RecordAdmin):
    """Levels, who decided them and why."""

    may_view = VIEW
    where_to_change = BY_RESPONSE
    list_display = ("response", "level", "since", "decided_by", "authorised_by", "reason")
    list_filter = ("level", "response__exercise")
    search_fields = ("reason", "authorised_by")
    date_hierarchy = "since"
    list_select_related = ("response", "decided_by")


@admin.register(KeptLevel)
class KeptLevelAdmin(RecordAdmin):
    """Decisions to keep a level against the recommendation."""

    may_view = VIEW
    where_to_change = "维持决定在防内涝的决定页面作出，任何人不能改动。"
    list_display = ("decided_at", "exercise", "level", "recommended", "decided_by", "authorised_by", "reason")
    list_filter = ("exercise", "level")
    search_fields = ("reason", "authorised_by")
    date_hierarchy = "decided_at"
    list_select_related = ("decided_by",)

"""Kept searches in the admin: whose they are and how they tell, not what they ask."""

from django.contrib import admin

from foundation.admin import PartsInline, RecordAdmin
from search.models import SavedSearch, ToldRecord


class ToldRecordInline(PartsInline):
    """What a search has told."""

    model = ToldRecord


@admin.register(SavedSearch)
class SavedSearchAdmin(RecordAdmin):
    """Kept searches."""

    may_view = "notifications.view_outbox"
    where_to_change = "保存的搜索由本人在“保存的搜索”页更改。搜索条件不在此显示。"
    list_display = ("name", "owner", "rhythm", "told_at", "created_at")
    list_filter = ("rhythm",)
    search_fields = ("name", "owner__username", "owner__display_name")
    list_select_related = ("owner",)
    fields = ("name", "owner", "rhythm", "told_at", "created_at")
    inlines = (ToldRecordInline,)

"""The automatic assessment in the admin."""

from django.contrib import admin

from floodresponse.models import Recommendation
from foundation.admin import RecordAdmin


@admin.register(Recommendation)
class RecommendationAdmin(RecordAdmin):
    """What was recommended, from when until when."""

    may_view = "floodresponse.change_plan"
    where_to_change = "自动研判由系统写入，任何人不能改动。"
    list_display = ("begins_at", "seen_at", "level", "error")
    list_filter = ("level",)
    date_hierarchy = "begins_at"

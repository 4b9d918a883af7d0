"""What the supervisor's desk leaves behind, in the admin: urgings, weights, bulletins."""

from django.contrib import admin

from foundation.admin import HistoryAdmin, RecordAdmin
from taskboard.admin.base import ListAdmin
from taskboard.bulletins.querysets import SIGN
from taskboard.models import AssessmentWeight, Bulletin, BulletinTask, Urging


@admin.register(Urging)
class UrgingAdmin(ListAdmin):
    """Who was urged for what."""

    where_to_change = "催办由督查人员在“督查工作台”发出，发出后不能改动。"
    list_display = ("day", "department", "task", "obligation", "actor", "at")
    search_fields = ("task__title", "department__name", "text")
    date_hierarchy = "day"
    list_select_related = ("department", "task", "obligation__department", "actor")


@admin.register(AssessmentWeight)
class AssessmentWeightAdmin(ListAdmin):
    """What each figure counts for."""

    where_to_change = "考核分值由督查人员在“部门排名”的“考核分值”页设置；这里没有的按门户暂定值。"
    list_display = ("key", "value", "provisional", "basis", "updated_by", "updated_at")
    list_filter = ("provisional",)
    list_select_related = ("updated_by",)


@admin.register(Bulletin)
class BulletinAdmin(RecordAdmin):
    """Bulletins, for those who sign them."""

    may_view = SIGN
    where_to_change = "通报在“通报”页起草、修改、签发和撤回，不在此修改。"
    list_display = ("title", "year", "number", "publication", "period_start", "period_end", "published_at")
    list_filter = ("publication", "year")
    search_fields = ("title", "opening")
    date_hierarchy = "published_at"
    list_select_related = ("task_list",)


@admin.register(BulletinTask)
class BulletinTaskAdmin(RecordAdmin):
    """Tasks that are named in a bulletin, for those who sign it."""

    may_view = SIGN
    where_to_change = "通报印发时，文字里点到的逾期任务自动记在这里，以后不再改动。"
    list_display = ("bulletin", "task", "actor", "at")
    search_fields = ("bulletin__title", "task__title")
    date_hierarchy = "at"
    list_select_related = ("bulletin", "task", "actor")


@admin.register(Bulletin.history.model)
class BulletinHistoryAdmin(HistoryAdmin):
    """Versions of bulletins."""

    may_view = SIGN
    search_fields = ("title",)

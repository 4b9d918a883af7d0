"""Stages of lists and what inspections found, in the admin."""

from django.contrib import admin

from foundation.admin import PartsInline
from taskboard.admin.base import ListAdmin
from taskboard.models import ListStage, StageResult


class ResultInline(PartsInline):
    """Results of a stage."""

    model = StageResult


@admin.register(ListStage)
class ListStageAdmin(ListAdmin):
    """Stages."""

    where_to_change = "阶段在任务清单的“阶段”页登记和修改。"
    list_display = ("name", "task_list", "starts_on", "ends_on", "entered_on", "left_on")
    search_fields = ("name", "task_list__title")
    date_hierarchy = "starts_on"
    list_select_related = ("task_list",)
    inlines = (ResultInline,)


@admin.register(StageResult)
class StageResultAdmin(ListAdmin):
    """Results of inspections and assessments."""

    where_to_change = "检查、考核结果在任务清单的“阶段”页登记，登记后不能改动。"
    list_display = ("stage", "kind", "department", "held_on", "outcome", "score", "rectify_by")
    list_filter = ("kind", "outcome")
    search_fields = ("stage__name", "findings", "department__name")
    date_hierarchy = "held_on"
    list_select_related = ("stage", "department")

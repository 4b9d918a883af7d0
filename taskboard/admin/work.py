"""What was done about tasks, in the admin."""

from django.contrib import admin

from foundation.admin import PartsInline
from taskboard.admin.base import ListAdmin
from taskboard.models import (
    Comment,
    Extension,
    LightSnapshot,
    PastDue,
    PastDuty,
    ProgressReport,
    ReportedQuantity,
    Signature,
    TaskTransition,
)

ON_THE_TASK = "任务的办理情况在任务页登记，登记后不能改动。"


class WorkAdmin(ListAdmin):
    """Traces of the work."""

    where_to_change = ON_THE_TASK


@admin.register(Comment)
class CommentAdmin(WorkAdmin):
    """Remarks."""

    where_to_change = "留言在任务页填写，留下后不能改动。"
    list_display = ("task", "author", "department", "at", "text")
    list_filter = ("department__kind",)
    search_fields = ("text", "task__title", "author__username", "author__display_name", "department__name")
    date_hierarchy = "at"
    list_select_related = ("task", "author", "department")


@admin.register(Extension)
class ExtensionAdmin(WorkAdmin):
    """Later dates."""

    where_to_change = "延期在任务页申请和审批，不在此修改。"
    list_display = ("task", "department", "old_due", "until", "state", "asked_by", "asked_at", "decided_by")
    list_filter = ("state", "department__kind")
    search_fields = ("task__title", "reason", "decision_reason", "department__name")
    date_hierarchy = "asked_at"
    list_select_related = ("task", "department", "asked_by", "decided_by")


class QuantityInline(PartsInline):
    """Quantities of a report."""

    model = ReportedQuantity


@admin.register(ProgressReport)
class ProgressReportAdmin(WorkAdmin):
    """Reports of progress."""

    list_display = ("task", "department", "percent", "actor", "at")
    list_filter = ("department__kind",)
    search_fields = ("task__title", "text", "problems", "next_steps", "department__name")
    date_hierarchy = "at"
    list_select_related = ("task", "department", "actor")
    inlines = (QuantityInline,)


@admin.register(ReportedQuantity)
class ReportedQuantityAdmin(WorkAdmin):
    """Quantities of reports."""

    list_display = ("report", "target", "value")
    list_filter = ("target__unit",)
    search_fields = ("target__name", "report__task__title", "report__department__name")
    list_select_related = ("report__task", "report__department", "target")


@admin.register(Signature)
class SignatureAdmin(WorkAdmin):
    """Who has taken which task on."""

    list_display = ("task", "department", "user", "at")
    list_filter = ("department__kind",)
    search_fields = ("task__title", "department__name", "user__username", "user__display_name")
    date_hierarchy = "at"
    list_select_related = ("task", "department", "user")


@admin.register(TaskTransition)
class TaskTransitionAdmin(WorkAdmin):
    """Steps of tasks."""

    where_to_change = "任务经过由系统随每一步写入，任何人不能改动。"
    list_display = ("task", "action", "from_state", "to_state", "actor", "department", "at", "reason")
    list_filter = ("action", "to_state")
    search_fields = ("task__title", "reason", "actor__username", "actor__display_name", "department__name")
    date_hierarchy = "at"
    list_select_related = ("task", "actor", "department")


@admin.register(LightSnapshot)
class LightSnapshotAdmin(WorkAdmin):
    """Lights day by day."""

    where_to_change = "灯的记录由系统每日写入，任何人不能改动。"
    list_display = ("task", "day", "word", "state", "due")
    list_filter = ("word", "state")
    search_fields = ("task__title",)
    date_hierarchy = "day"
    list_select_related = ("task",)


@admin.register(PastDue)
class PastDueAdmin(WorkAdmin):
    """Due dates that were changed."""

    where_to_change = "改前的时限由系统在延期、更正时写入，任何人不能改动。"
    list_display = ("task", "due", "until")
    search_fields = ("task__title",)
    date_hierarchy = "until"
    list_select_related = ("task",)


@admin.register(PastDuty)
class PastDutyAdmin(WorkAdmin):
    """Departments that were changed."""

    where_to_change = "改前的部门由系统在更正时写入，任何人不能改动。"
    list_display = ("task", "role", "department", "until")
    list_filter = ("role", "department__kind")
    search_fields = ("task__title", "department__name")
    date_hierarchy = "until"
    list_select_related = ("task", "department")

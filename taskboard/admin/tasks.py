"""Task lists and tasks in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.http import HttpRequest

from foundation.admin import HistoryAdmin, PartsInline, Step
from foundation.forms import ReasonedForm, RecordForm
from organizations.models import Department
from organizations.services import NameDirectory
from taskboard.admin.base import CHANGE, ListAdmin
from taskboard.models import (
    Milestone,
    ReportingRule,
    Task,
    TaskDepartment,
    TaskList,
    TaskTarget,
)
from taskboard.services import (
    DepartmentDuty,
    ReportingRuleContent,
    TaskContent,
    TaskListContent,
    add_reporting_rule,
    add_task,
    create_task_list,
    update_task,
)

WORDS = ("part", "subsection", "number", "title", "text", "due_on", "due_text")
DUTIES = ("lead", "support")
BY_IMPORT = "本类记录随任务由公报导入写入；牵头、配合部门可在任务中修改。"


@admin.register(TaskList)
class TaskListAdmin(ListAdmin):
    """Lists."""

    may_add = CHANGE
    where_to_change = "清单建立后在任务清单页下发和办理；其中的任务可在“任务”中修改。"
    add_fields = ("title", "directive", "ends_on", "ends_on_note", "ends_on_provisional", "note")
    list_display = ("title", "directive", "state", "origin", "ends_on", "ends_on_provisional", "created_at")
    list_filter = ("state", "origin", "ends_on_provisional")
    search_fields = ("title", "directive__title")
    autocomplete_fields = ("directive",)
    date_hierarchy = "created_at"
    list_select_related = ("directive",)

    def add_record(self, step: Step) -> TaskList:
        """A new list, as a draft."""
        values = dict(step.values)
        directive = values.pop("directive")
        return create_task_list(
            actor=step.actor,
            at=step.at,
            content=TaskListContent(**values),
            directive=directive,
            directory=NameDirectory(actor=step.actor, at=step.at),
            origin=TaskList.Origin.HAND,
        )


def _departments(label: str) -> Any:
    """Departments looked up as one types; one out of use stays a choice where it stands."""
    return forms.ModelMultipleChoiceField(
        Department.objects.all(),
        label=label,
        required=False,
        widget=AutocompleteSelectMultiple(Task._meta.get_field("departments"), admin.site),
    )


class NewTaskForm(RecordForm):
    """A new task."""

    lead = _departments("牵头部门")
    support = _departments("配合部门")


class TaskForm(ReasonedForm):
    """A change of a task; its departments stand chosen."""

    lead = _departments("牵头部门")
    support = _departments("配合部门")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        duties = self.instance.duties.all()  # type: ignore[attr-defined]
        for role in DUTIES:
            self.initial[role] = [duty.department_id for duty in duties if duty.role == role]


class DutyInline(PartsInline):
    """Departments."""

    model = TaskDepartment

    def get_queryset(self, request: HttpRequest) -> Any:
        """With departments in one query."""
        return super().get_queryset(request).select_related("department")


class MilestoneInline(PartsInline):
    """Dates."""

    model = Milestone


class TargetInline(PartsInline):
    """Quantities."""

    model = TaskTarget


@admin.register(Task)
class TaskAdmin(ListAdmin):
    """Tasks."""

    may_add = may_change = CHANGE
    where_to_change = "任务的状态和进度在任务清单页由承办、督查人员办理，不在此修改。"
    form = NewTaskForm
    change_form_class = TaskForm
    add_fields = ("task_list", "order", *WORDS, *DUTIES)
    change_fields = ("order", *WORDS, *DUTIES)
    list_display = ("title", "number", "part", "task_list", "due_on", "state", "percent")
    list_filter = ("state", "task_list", "duties__role")
    search_fields = ("title", "text", "part", "subsection", "departments__name")
    autocomplete_fields = ("task_list",)
    date_hierarchy = "due_on"
    list_select_related = ("task_list",)
    inlines = (DutyInline, MilestoneInline, TargetInline)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What follows from other steps."""
        return () if obj is None else ("task_list", "state", "percent", "created_at", "updated_at")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Without the choices of departments where nothing can be chosen: they stand below."""
        if obj is None or self.has_change_permission(request, obj):
            return super().get_fields(request, obj)
        return ("order", *WORDS, *self.get_readonly_fields(request, obj))

    def add_record(self, step: Step) -> Task:
        """A new task of a list, as a draft."""
        content = TaskContent(
            lead=_duties(step, "lead", {}),
            support=_duties(step, "support", {}),
            **{name: step.values[name] for name in WORDS},
        )
        return add_task(
            actor=step.actor,
            at=step.at,
            task_list=step.values["task_list"],
            order=step.values["order"],
            content=content,
            directory=NameDirectory(actor=step.actor, at=step.at),
        )

    def change_record(self, record: Task, step: Step) -> Task:
        """The fields that were changed; a department that stays keeps its printed name."""
        changes = step.changes("order", *WORDS, *DUTIES)
        printed = {duty.department_id: duty.printed_name for duty in record.duties.all()}
        for role in set(DUTIES) & set(changes):
            changes[role] = _duties(step, role, printed)
        return update_task(
            actor=step.actor,
            at=step.at,
            task=record,
            changes=changes,
            directory=NameDirectory(actor=step.actor, at=step.at),
            reason=step.reason,
        )


def _duties(step: Step, role: str, printed: dict[int, str]) -> tuple[DepartmentDuty, ...]:
    return tuple(DepartmentDuty(d.name, printed.get(d.pk, "")) for d in step.values[role])


class PartAdmin(ListAdmin):
    """Parts of tasks."""

    where_to_change = BY_IMPORT


@admin.register(TaskDepartment)
class TaskDepartmentAdmin(PartAdmin):
    """Who leads and supports."""

    list_display = ("task", "role", "department", "printed_name")
    list_filter = ("role", "department__kind")
    search_fields = ("task__title", "department__name", "printed_name")
    list_select_related = ("task", "department")


@admin.register(Milestone)
class MilestoneAdmin(PartAdmin):
    """Dates on the way."""

    list_display = ("task", "kind", "on", "printed")
    list_filter = ("kind",)
    search_fields = ("task__title", "printed")
    date_hierarchy = "on"
    list_select_related = ("task",)


@admin.register(TaskTarget)
class TaskTargetAdmin(PartAdmin):
    """Quantities to reach."""

    list_display = ("task", "name", "value", "unit", "at_least")
    search_fields = ("task__title", "name")
    list_select_related = ("task",)


@admin.register(ReportingRule)
class ReportingRuleAdmin(ListAdmin):
    """How often progress is reported."""

    may_add = CHANGE
    where_to_change = "报送频次登记后不能改动；变更请登记新的起止日期。"
    add_fields = ("directive", "task_list", "rhythm", "starts_on", "ends_on", "content", "days_provisional")
    list_display = ("directive", "task_list", "rhythm", "starts_on", "ends_on", "days_provisional")
    list_filter = ("rhythm", "days_provisional")
    search_fields = ("directive__title", "content")
    autocomplete_fields = ("directive", "task_list")
    list_select_related = ("directive", "task_list")

    def add_record(self, step: Step) -> ReportingRule:
        """Of a document, for one of its lists or for all."""
        values = dict(step.values)
        directive, task_list = values.pop("directive"), values.pop("task_list")
        return add_reporting_rule(
            actor=step.actor,
            at=step.at,
            directive=directive,
            task_list=task_list,
            content=ReportingRuleContent(**values),
        )


@admin.register(Task.history.model)
class TaskHistoryAdmin(HistoryAdmin):
    """Versions of tasks."""

    may_view = CHANGE
    search_fields = ("title",)

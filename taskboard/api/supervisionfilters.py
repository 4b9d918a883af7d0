"""Filters of what supervision leaves behind."""

import django_filters

from taskboard.models import Finding, Inspection, Listing, LookBack, TaskList


class LookBackFilter(django_filters.FilterSet):
    """``state task list due_before``."""

    list = django_filters.ModelChoiceFilter(
        queryset=TaskList.objects.all(), field_name="task__task_list", label="清单"
    )
    due_before = django_filters.DateFilter(field_name="due_on", lookup_expr="lte", label="应查不晚于")

    class Meta:
        model = LookBack
        fields = ("state", "task")


class FindingFilter(django_filters.FilterSet):
    """``state task look_back inspection department due_before``; the department by its slug."""

    department = django_filters.CharFilter(field_name="department__slug", label="整改单位")
    due_before = django_filters.DateFilter(field_name="rectify_by", lookup_expr="lte", label="期限不晚于")

    class Meta:
        model = Finding
        fields = ("state", "task", "look_back", "inspection")


class ListingFilter(django_filters.FilterSet):
    """``state task ledger_row due_before``."""

    due_before = django_filters.DateFilter(field_name="deadline", lookup_expr="lte", label="期限不晚于")

    class Meta:
        model = Listing
        fields = ("state", "task", "ledger_row")


class InspectionFilter(django_filters.FilterSet):
    """``state directive department``; the department is one that inspects."""

    department = django_filters.CharFilter(
        field_name="members__department__slug", label="检查部门", distinct=True
    )

    class Meta:
        model = Inspection
        fields = ("state", "directive")

"""Filters of tasks, for the page and the interface alike."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from foundation.days import day_from
from taskboard.lights import COLOURS, WORDS
from taskboard.models import Task, TaskDepartment, TaskList
from taskboard.querysets import TaskQuerySet

MAX_WORDS = 8
ALL = "全部"
DAY = forms.DateInput(attrs={"type": "date"})


class TaskFilter(django_filters.FilterSet):
    """``q lead support state light due_before list as_of``; lights are those of ``as_of``, else of today."""

    q = django_filters.CharFilter(method="with_words", label="词语", max_length=200)
    lead = django_filters.CharFilter(method="with_duty", label="牵头部门")
    support = django_filters.CharFilter(method="with_duty", label="配合部门")
    state = django_filters.ChoiceFilter(choices=Task.State.choices, label="状态", empty_label=ALL)
    light = django_filters.ChoiceFilter(
        choices=[(c, WORDS[c]) for c in COLOURS], label="红绿灯", empty_label=ALL
    )
    due_before = django_filters.DateFilter(
        field_name="due", lookup_expr="lte", label="时限不晚于", widget=DAY
    )
    list = django_filters.ModelChoiceFilter(
        queryset=TaskList.objects.all(), field_name="task_list", label="清单"
    )
    as_of = django_filters.DateFilter(method="left_as_it_is", label="截至", widget=DAY)

    class Meta:
        model = Task
        fields: tuple[str, ...] = ()

    def __init__(self, data: Mapping[str, Any] | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self.day: date = day_from((data or {}).get("as_of")) or timezone.localdate()

    def filter_queryset(self, queryset: TaskQuerySet) -> TaskQuerySet:
        """The light of each task on the day, then the filters."""
        filtered: TaskQuerySet = super().filter_queryset(queryset.with_light(self.day))
        return filtered

    def left_as_it_is(self, queryset: QuerySet[Task], name: str, value: date) -> QuerySet[Task]:
        """The day is used by the lights."""
        return queryset

    def with_duty(self, queryset: QuerySet[Task], name: str, value: str) -> QuerySet[Task]:
        """Tasks that a department, named by its slug, leads or supports."""
        duties = TaskDepartment.objects.filter(task=OuterRef("pk"), role=name, department__slug=value)
        return queryset.filter(Exists(duties))

    def with_words(self, queryset: QuerySet[Task], name: str, value: str) -> QuerySet[Task]:
        """Tasks that hold every word in their title, text, part, subsection or a department's name."""
        for word in value.split()[:MAX_WORDS]:
            duties = TaskDepartment.objects.filter(task=OuterRef("pk"), department__name__icontains=word)
            own = Q(title__icontains=word) | Q(text__icontains=word)
            place = Q(part__icontains=word) | Q(subsection__icontains=word)
            queryset = queryset.filter(own | place | Q(Exists(duties)))
        return queryset

"""Filters of tasks, for the page and the interface alike."""

from datetime import date
from functools import cached_property
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from foundation.days import SeenAsOf
from foundation.filters import ForVisitor
from organizations.knownnames import refuse_unknown_departments
from search.lists import holding_words
from taskboard.lights import COLOURS, WORDS
from taskboard.looks import check_shown
from taskboard.models import Extension, Task, TaskDepartment, TaskList
from taskboard.moves import OWING
from taskboard.pasttasks import end_of, had_duty
from taskboard.querysets import TaskQuerySet
from taskboard.signedby import MOVED_ON, missing

ALL = "全部"
DAY = forms.DateInput(attrs={"type": "date"})


def _named(value: str) -> Q:
    """A department by slug, name or alias, also one that it took in."""
    named = Q(department__slug=value) | Q(department__name=value) | Q(department__aliases__name=value)
    return named | Q(department__merged_from__slug=value)


class TaskForm(forms.Form):
    """Refuses departments that there are not."""

    asked: Any

    def clean_lead(self) -> str:
        """By slug, name or alias."""
        return self._department("lead")

    def clean_support(self) -> str:
        """By slug, name or alias."""
        return self._department("support")

    def _department(self, name: str) -> str:
        chosen: str = self.cleaned_data[name]
        refuse_unknown_departments([chosen], self.asked.visitor)
        return chosen


class TaskFilter(ForVisitor, SeenAsOf, django_filters.FilterSet):
    """``q lead support state light due_before list as_of``; lights are those of ``as_of``, else of today."""

    q = django_filters.CharFilter(method="with_words", label="词语", max_length=200)
    lead = django_filters.CharFilter(method="with_duty", label="牵头部门")
    support = django_filters.CharFilter(method="with_duty", label="配合部门")
    state = django_filters.ChoiceFilter(
        method="in_state", choices=Task.State.choices, label="状态", empty_label=ALL
    )
    light = django_filters.ChoiceFilter(
        choices=[(c, WORDS[c]) for c in COLOURS], label="红绿灯", empty_label=ALL
    )
    due_before = django_filters.DateFilter(
        field_name="due", lookup_expr="lte", label="时限不晚于", widget=DAY
    )
    list = django_filters.ModelChoiceFilter(
        queryset=TaskList.objects.all(),
        field_name="task_list",
        label="清单",
        error_messages={"invalid_choice": "没有这张清单，请从清单列表中选择。"},
    )
    as_of = django_filters.DateFilter(
        method="left_as_it_is", label="截至", widget=DAY, validators=[check_shown]
    )

    class Meta:
        model = Task
        fields: tuple[str, ...] = ()
        form = TaskForm

    @cached_property
    def day(self) -> date:
        """The day that is looked at; a step is taken on the tasks of now."""
        writes = self.request is not None and self.request.method not in ("GET", "HEAD", "OPTIONS")
        return timezone.localdate() if writes else super().day

    def filter_queryset(self, queryset: TaskQuerySet) -> TaskQuerySet:
        """Each task as it stood on the day, with its light, then the filters."""
        seen = queryset.seen(self.day, timezone.localdate()).with_light(self.day)
        filtered: TaskQuerySet = super().filter_queryset(seen)
        return filtered

    def with_duty(self, queryset: QuerySet[Task], name: str, value: str) -> QuerySet[Task]:
        """Tasks that a department leads or supports; it is named by slug, name or alias."""
        return queryset.filter(self._held(name, _named(value)))

    def in_state(self, queryset: Any, name: str, value: str) -> Any:
        """Tasks in a state; of one lead's tasks those that it has not signed itself are ``issued``."""
        lead = self.form.cleaned_data.get("lead")
        if not lead or value not in OWING:
            return queryset.filter(stood=value)
        moment = end_of(self.day) if self.day < timezone.localdate() else None
        waits = Q(stood__in=MOVED_ON) & self._held("lead", _named(lead) & missing(Task, moment))
        stands = Q(stood=value)
        return queryset.filter(stands | waits if value == Task.State.ISSUED else stands & ~waits)

    def _held(self, role: str, named: Q) -> Q:
        if self.day < timezone.localdate():
            return had_duty(Task, end_of(self.day), named, role)
        return Q(Exists(TaskDepartment.objects.filter(named, task=OuterRef("pk"), role=role)))

    def with_words(self, queryset: QuerySet[Task], name: str, value: str) -> QuerySet[Task]:
        """Tasks that hold every word in their title, text, part, subsection or a department's name."""
        return holding_words(queryset, "tasks", value, at=timezone.now())


class TaskListFilter(SeenAsOf, django_filters.FilterSet):
    """``state as_of``; lights are counted on ``as_of``, else today."""

    state = django_filters.ChoiceFilter(choices=TaskList.State.choices, label="状态", empty_label=ALL)
    as_of = django_filters.DateFilter(
        method="left_as_it_is", label="截至", widget=DAY, validators=[check_shown]
    )

    class Meta:
        model = TaskList
        fields: tuple[str, ...] = ()


class ExtensionFilter(django_filters.FilterSet):
    """``task state``."""

    task = django_filters.ModelChoiceFilter(queryset=Task.objects.all(), label="任务")
    state = django_filters.ChoiceFilter(choices=Extension.State.choices, label="状态", empty_label=ALL)

    class Meta:
        model = Extension
        fields: tuple[str, ...] = ()

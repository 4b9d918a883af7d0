"""What people fill in for the stages of a list."""

from collections.abc import Sequence
from typing import Any

from django import forms

from organizations.models import Department
from taskboard.forms import DAY, TOO_LONG
from taskboard.models import StageResult, TaskList


class StageForm(forms.Form):
    """A stage as planned."""

    name = forms.CharField(label="阶段", max_length=80)
    starts_on = forms.DateField(label="计划进入", required=False, widget=DAY)
    ends_on = forms.DateField(label="计划结束", required=False, widget=DAY)


class DayForm(forms.Form):
    """The day on which a stage began or ended."""

    on = forms.DateField(label="日期", widget=DAY)


class ResultForm(forms.Form):
    """What an inspection or assessment found."""

    kind = forms.ChoiceField(label="类别", choices=StageResult.Kind.choices)
    department = forms.ModelChoiceField(
        Department.objects.none(), label="部门", required=False, empty_label="整份清单"
    )
    held_on = forms.DateField(label="日期", widget=DAY)
    outcome = forms.ChoiceField(label="结果", choices=StageResult.Outcome.choices)
    score = forms.DecimalField(
        label="得分", required=False, min_value=0, max_value=100, max_digits=5, decimal_places=2
    )
    findings = forms.CharField(label="情况", max_length=TOO_LONG, widget=forms.Textarea(attrs={"rows": 3}))
    rectify_by = forms.DateField(label="整改时限", required=False, widget=DAY)

    def __init__(
        self, *args: Any, task_list: TaskList, names: Sequence[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["department"]
        field.queryset = Department.objects.filter(task_duties__task__task_list=task_list).distinct()
        # Read once for all forms of the page.
        field.choices = [("", field.empty_label), *names]


def departments_in(task_list: TaskList) -> list[tuple[int, str]]:
    """Key and name of every department that leads or supports in the list."""
    held = Department.objects.filter(task_duties__task__task_list=task_list)
    return list(held.distinct().order_by("name").values_list("pk", "name"))

"""What is typed after a response."""

from typing import Any

from django import forms

from floodresponse.members import member_units
from floodresponse.models import AftermathEntry, Plan
from floodresponse.services.aftermath import LONGEST_TEXT
from organizations.models import Department, User
from taskboard.models import Task

FIELD = {"class": "field"}


class EntryForm(forms.Form):
    """A matter to settle."""

    kind = forms.ChoiceField(label="类别", choices=AftermathEntry.Kind.choices, widget=forms.Select(FIELD))
    unit = forms.ModelChoiceField(
        Department.objects.none(), label="单位", required=False, widget=forms.Select(FIELD)
    )
    text = forms.CharField(label="内容", max_length=500, widget=forms.Textarea({**FIELD, "rows": 3}))
    basis = forms.CharField(
        label="依据（表扬、追责必填）", max_length=200, required=False, widget=forms.TextInput(FIELD)
    )
    amount = forms.DecimalField(
        label="金额（元）",
        required=False,
        min_value=0,
        decimal_places=2,
        max_digits=14,
        widget=forms.NumberInput({**FIELD, "inputmode": "decimal", "min": 0, "step": "0.01"}),
    )
    task = forms.IntegerField(
        label="任务编号（恢复重建）",
        required=False,
        min_value=1,
        max_value=2**31,
        widget=forms.NumberInput({**FIELD, "inputmode": "numeric", "min": 1}),
    )

    def __init__(self, *args: Any, plan: Plan, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["unit"].queryset = member_units(plan)  # type: ignore[attr-defined]

    def clean_task(self) -> Task | None:
        """The task with that number, if the person may see it."""
        number = self.cleaned_data.get("task")
        if number is None:
            return None
        task = Task.objects.visible_to(self.user).filter(pk=number).first()
        if task is None:
            raise forms.ValidationError("没有这个编号的任务；编号在任务页面的地址里。")
        return task


class SectionForm(forms.Form):
    """A section as a person words it; ``was`` is the text that it was when the page was opened."""

    text = forms.CharField(
        label="正文",
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea({**FIELD, "rows": 14}),
    )
    was = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)


class KindFilter(forms.Form):
    """Conditions of the list of matters."""

    q = forms.CharField(label="查找", required=False, max_length=60)
    kind = forms.ChoiceField(
        label="类别", required=False, choices=[("", "全部"), *AftermathEntry.Kind.choices]
    )

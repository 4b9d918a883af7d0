"""What the security administrator enters."""

from typing import Any

from django import forms

from organizations.models import User

REASON = 200


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label="理由", max_length=REASON)


class LeavingForm(ReasonForm):
    """Who takes over, and why the person leaves."""

    successor = forms.ModelChoiceField(
        label="接替人",
        queryset=User.objects.none(),
        required=False,
        empty_label="暂不指定（由部门负责人另行安排）",
        help_text="跟踪的险情、今后的值班、待审批事项、未完成的稿件和督查事项，以及独任的角色一并移交。",
    )
    # The mark of the plan that the page showed; empty until one was shown.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    field_order = ("successor", "reason")

    def __init__(self, *args: Any, leaver: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(is_active=True, gauge_network__isnull=True).exclude(pk=leaver.pk)
        self.fields["successor"].queryset = people.order_by("username")  # type: ignore[attr-defined]  # a choice of records has it
        self.fields["reason"].label = "离岗原因"

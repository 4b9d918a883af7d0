"""What people fill in to make a list."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from directives.models import Directive
from organizations.models import Department, User
from taskboard.forms import DAY
from taskboard.models import TaskList
from taskboard.tasksheets.forms import SheetForm

BLANK_ROWS = 5
ANNEX, BODY = "annex", "body"
SCOPES = [("", "有附件用附件，没有就用正文"), (ANNEX, "只用附件"), (BODY, "只用正文")]
MOST_SHIFTED = 3660


def readable_directives(user: User) -> "QuerySet[Directive]":
    """Documents that somebody may read, the newest first."""
    return Directive.objects.visible_to(user)


class HandForm(forms.Form):
    """Nothing but how many rows to begin with."""

    rows = forms.IntegerField(label="先给几行", min_value=1, max_value=50, initial=BLANK_ROWS)


class TemplateForm(forms.Form):
    """An old list, and how far its dates move."""

    source = forms.ModelChoiceField(TaskList.objects.all(), label="沿用的清单", empty_label="请选择")
    ends_on = forms.DateField(
        label="新的清单期限",
        required=False,
        widget=DAY,
        help_text="任务的时限和节点按新旧期限相差的天数顺延",
    )
    shift = forms.IntegerField(
        label="顺延天数",
        required=False,
        min_value=-MOST_SHIFTED,
        max_value=MOST_SHIFTED,
        help_text="旧清单没有期限时填写；两项都填时以新的清单期限为准",
    )

    def clean(self) -> dict[str, Any]:
        """Dates move by the difference of the ends, or by days that are given."""
        given = super().clean() or {}
        source = given.get("source")
        endless = source is not None and source.ends_on is None
        if endless and given.get("ends_on") and given.get("shift") is None:
            self.add_error("shift", "旧清单没有期限，请填写顺延天数。")
        return given


class DirectiveForm(forms.Form):
    """A document, and which part of it lists the tasks."""

    directive = forms.ModelChoiceField(Directive.objects.none(), label="文件", empty_label="请选择")
    scope = forms.ChoiceField(label="取自", choices=SCOPES, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["directive"]
        field.queryset = readable_directives(user)


class HeadForm(forms.Form):
    """The list itself."""

    title = forms.CharField(label="清单标题", max_length=200, error_messages={"required": "请写明清单标题。"})
    ends_on = forms.DateField(
        label="清单期限", required=False, widget=DAY, help_text="没有自己时限的任务沿用它；下发时还可以改"
    )
    directive = forms.ModelChoiceField(
        Directive.objects.none(), label="依据文件", required=False, empty_label="没有"
    )
    note = forms.CharField(
        label="说明", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["directive"]
        field.queryset = readable_directives(user)


def department_names() -> list[str]:
    """Names to choose from as one types."""
    return list(Department.objects.active().order_by("name").values_list("name", flat=True))


STARTS: dict[str, type[forms.Form]] = {
    TaskList.Origin.HAND.value: HandForm,
    TaskList.Origin.SHEET.value: SheetForm,
    TaskList.Origin.TEMPLATE.value: TemplateForm,
    TaskList.Origin.DIRECTIVE.value: DirectiveForm,
}

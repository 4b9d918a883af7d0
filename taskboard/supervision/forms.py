"""What is chosen and typed on the pages of supervision; judged by the services."""

from collections.abc import Iterable
from typing import Any

from django import forms

from directives.models import Directive
from foundation.seen import carry_mark
from organizations.models import Department
from taskboard.ledgers.forms import FILE_TYPES
from taskboard.models import Finding, Inspection, Listing, LookBack, Task, TaskList
from taskboard.services.supervision.inspections import InspectionContent
from taskboard.supervision.rules import LOOK_BACK_DAYS, MOST_LOOK_BACK_DAYS
from taskboard.supervision.steps import RecordForm

ALL = "全部"
CONTENT = ("title", "purpose", "directive", "lead", "members", "starts_on", "ends_on")
SEARCH = {"type": "search"}
LONGEST = 4000


def _words(label: str, *, rows: int = 3, hint: str = "") -> forms.CharField:
    """A text; the service says when it is lacking."""
    area = forms.Textarea(attrs={"rows": rows, "placeholder": hint, "class": "field"})
    return forms.CharField(label=label, required=False, max_length=LONGEST, widget=area)


def _day(label: str) -> forms.DateField:
    widget = forms.DateInput({"class": "field", "type": "date"}, "%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget)


def _file(label: str) -> forms.FileField:
    return forms.FileField(
        label=label,
        required=False,
        max_length=200,
        allow_empty_file=True,
        widget=forms.FileInput({"accept": FILE_TYPES}),
        error_messages={"max_length": "文件名太长，请改短后再上传。"},
    )


def _unit(
    label: str, *, required: bool = True, empty: str | None = None
) -> "forms.ModelChoiceField[Department]":
    return forms.ModelChoiceField(
        Department.objects.none(),
        label=label,
        required=required,
        empty_label=empty,
        widget=forms.Select({"class": "field"}),
        error_messages={"required": f"请选择{label}。", "invalid_choice": f"请选择列出的{label}。"},
    )


# -- filters ------------------------------------------------------------------------------------


class WordsForm(forms.Form):
    """Words and the department concerned."""

    q = forms.CharField(label="词语", max_length=100, required=False, widget=forms.TextInput(SEARCH))
    department = forms.ChoiceField(label="单位", required=False)

    def __init__(self, *args: Any, departments: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].choices = [("", ALL), *departments]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> dict[str, Any]:
        """What can be read; a condition that cannot is left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class LookBackFilter(WordsForm):
    """Which look-backs."""

    state = forms.ChoiceField(label="状态", choices=[("", ALL), *LookBack.State.choices], required=False)
    list = forms.ModelChoiceField(TaskList.objects.all(), label="清单", required=False, empty_label=ALL)


class FindingFilter(WordsForm):
    """Which findings."""

    state = forms.ChoiceField(label="状态", choices=[("", ALL), *Finding.State.choices], required=False)
    source = forms.ChoiceField(
        label="来源",
        choices=[("", ALL), ("look_back", "回头看"), ("inspection", "专项检查")],
        required=False,
    )


class ListingFilter(WordsForm):
    """Which listed matters."""

    state = forms.ChoiceField(label="状态", choices=[("", ALL), *Listing.State.choices], required=False)
    matter = forms.ChoiceField(
        label="事项", choices=[("", ALL), ("task", "任务"), ("ledger_row", "台账条目")], required=False
    )


class InspectionFilter(WordsForm):
    """Which inspections."""

    state = forms.ChoiceField(label="状态", choices=[("", ALL), *Inspection.State.choices], required=False)


# -- steps --------------------------------------------------------------------------------------


class PassForm(RecordForm):
    """Nothing was found."""

    remarks = _words("检查情况", rows=2)


class FindForm(RecordForm):
    """What a lead has to put right."""

    remarks = _words("发现的问题")
    rectify_by = _day("整改期限")
    department = _unit("整改单位", required=False)

    def offer(self, record: LookBack | None) -> None:
        """The leads of the task."""
        if record is not None:
            leads = Department.objects.filter(task_duties__task=record.task_id, task_duties__role="lead")
            self.fields["department"].queryset = leads.distinct()  # type: ignore[attr-defined]


class FailForm(RecordForm):
    """Why the task is reopened."""

    remarks = _words("退回重办的理由")


class RectificationForm(RecordForm):
    """What was put right."""

    text = _words("整改情况")
    file = _file("整改佐证（照片、PDF 或办公文件）")


class ReasonForm(RecordForm):
    """Why."""

    reason = _words("理由")


class RectifyByForm(RecordForm):
    """Another deadline of a rectification."""

    rectify_by = _day("新的整改期限")
    reason = _words("理由", rows=2)


class RemarkForm(RecordForm):
    """A remark that may be left out."""

    reason = _words("确认意见", rows=2)


class ListingReportForm(RecordForm):
    """How far the unit has come."""

    text = _words("办理情况")
    file = _file("佐证（可以不附）")


class ProlongForm(RecordForm):
    """Another deadline."""

    deadline = _day("新的期限")
    reason = _words("理由", rows=2)


class UnlistForm(RecordForm):
    """Why it is taken off, and the evidence."""

    reason = _words("摘牌的理由")
    file = _file("摘牌佐证（单位已报送佐证的可以不附）")


class SignForm(RecordForm):
    """The opinion of a department that inspects."""

    opinion = _words("会签意见", rows=2)


class FoundForm(RecordForm):
    """What an inspection found."""

    department = _unit("整改单位")
    text = _words("发现的问题")
    rectify_by = _day("整改期限")
    task = forms.ModelChoiceField(
        Task.objects.none(),
        label="涉及的任务",
        required=False,
        empty_label="不涉及具体任务",
        widget=forms.Select({"class": "field"}),
    )

    def offer(self, record: Inspection | None) -> None:
        """All departments; the tasks of the document that the inspection goes by."""
        if record is None:
            return
        self.fields["department"].queryset = Department.objects.active()  # type: ignore[attr-defined]
        if record.directive_id is None:
            del self.fields["task"]
            return
        tasks = Task.objects.exclude(state=Task.State.DRAFT).filter(task_list__directive=record.directive_id)
        self.fields["task"].queryset = tasks.order_by("task_list", "order")  # type: ignore[attr-defined]


# -- new records --------------------------------------------------------------------------------


class ListingForm(forms.Form):
    """What is demanded, of whom and until when."""

    notice = _words("督办要求", rows=4, hint="存在的问题、要求和标准")
    leader = forms.CharField(
        label="责任领导", max_length=80, required=False, widget=forms.TextInput({"class": "field"})
    )
    deadline = _day("办结期限")


class InspectionForm(forms.Form):
    """A new inspection."""

    title = forms.CharField(
        label="检查名称", max_length=120, required=False, widget=forms.TextInput({"class": "field"})
    )
    purpose = _words("检查内容", rows=4)
    directive = forms.ModelChoiceField(
        Directive.objects.none(),
        label="依据文件",
        required=False,
        empty_label="不依据具体文件",
        widget=forms.Select({"class": "field"}),
    )
    lead = _unit("牵头部门")
    members = forms.ModelMultipleChoiceField(
        Department.objects.none(),
        label="参加部门（可多选）",
        required=False,
        widget=forms.SelectMultiple({"class": "field", "size": 8}),
    )
    starts_on = forms.DateField(
        label="开始日期", widget=forms.DateInput({"class": "field", "type": "date"}, "%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label="结束日期", widget=forms.DateInput({"class": "field", "type": "date"}, "%Y-%m-%d")
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Department.objects.active()
        for name in ("lead", "members"):
            self.fields[name].queryset = units  # type: ignore[attr-defined]
        seen = Directive.objects.visible_to(user)
        self.fields["directive"].queryset = seen  # type: ignore[attr-defined]


class ChangedInspectionForm(InspectionForm):
    """Another content of an inspection, and why."""

    reason = _words("调整的理由", rows=2)

    def __init__(self, *args: Any, content: InspectionContent, mark: str, **kwargs: Any) -> None:
        super().__init__(*args, initial={name: getattr(content, name) for name in CONTENT}, **kwargs)
        carry_mark(self, mark)

    @property
    def content(self) -> dict[str, Any]:
        """What the inspection shall say."""
        return {name: self.cleaned_data[name] for name in CONTENT}


class DaysForm(forms.Form):
    """The days of a list; empty is the default."""

    days = forms.IntegerField(
        label=f"天数（空着按默认 {LOOK_BACK_DAYS} 天，0 不回头看）",
        required=False,
        min_value=0,
        max_value=MOST_LOOK_BACK_DAYS,
        widget=forms.NumberInput({"class": "field", "inputmode": "numeric"}),
    )

"""Forms of ledgers; what they hold is judged by the services."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from foundation.errors import DomainError
from organizations.models import Department, User
from taskboard.ledgers.cells import CHOICE, DATE, NUMBER, Column
from taskboard.ledgers.stages import STAGES
from taskboard.models.ledgers import ApprovalCase, DisposalPlan, Ledger, LedgerRow

ALL = "全部"
DAY = {"type": "date"}
SEARCH = {"type": "search"}
FILE_TYPES = ".jpg,.jpeg,.png,.webp,.gif,.pdf,.docx,.xlsx,.pptx,.txt,.csv"


def show_refusal(form: forms.BaseForm, refusal: DomainError) -> None:
    """The sentences of a service beside what was typed."""
    fields = {name: words for name, words in refusal.fields.items() if name in form.fields}
    for name, sentences in fields.items():
        for sentence in sentences:
            form.add_error(name, sentence)
    if not fields:
        form.add_error(None, refusal.message)


def _day_input() -> forms.DateInput:
    return forms.DateInput({"class": "field", **DAY}, "%Y-%m-%d")


class LedgerFilterForm(forms.Form):
    """Which ledgers are listed."""

    q = forms.CharField(label="词语", max_length=100, required=False, widget=forms.TextInput(SEARCH))
    kind = forms.ChoiceField(label="类别", choices=[("", ALL), *Ledger.Kind.choices], required=False)


class RowFilterForm(forms.Form):
    """Which entries of a ledger are shown."""

    q = forms.CharField(label="词语", max_length=100, required=False, widget=forms.TextInput(SEARCH))
    state = forms.ChoiceField(label="状态", choices=[("", ALL), *LedgerRow.State.choices], required=False)
    department = forms.ChoiceField(label="责任单位", required=False)

    def __init__(self, *args: Any, departments: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].choices = [("", ALL), *departments]  # type: ignore[attr-defined]


class CellsForm(forms.Form):
    """The cells of an entry, each by the type of its column."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, columns: Sequence[Column], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.columns = columns
        for place, column in enumerate(columns):
            self.fields[column.key] = _field_of(column, required=place == 0)

    @property
    def cells(self) -> list[forms.BoundField]:
        """The fields of the columns."""
        return [self[column.key] for column in self.columns]

    def typed(self) -> dict[str, str]:
        """What was typed, by key of the column."""
        return {column.key: self.data.get(column.key, "") for column in self.columns}


def _field_of(column: Column, *, required: bool) -> forms.Field:
    label = column.heading
    if column.type == CHOICE:
        choices = [("", "未选"), *((choice, choice) for choice in column.choices)]
        field: forms.Field = forms.CharField(label=label, widget=forms.Select({"class": "field"}, choices))
    elif column.type == DATE:
        field = forms.CharField(label=label, widget=forms.TextInput({"class": "field", **DAY}))
    elif column.type == NUMBER:
        field = forms.CharField(
            label=label, widget=forms.TextInput({"class": "field", "inputmode": "decimal"})
        )
    else:
        field = forms.CharField(label=label, widget=forms.Textarea({"class": "field", "rows": 1}))
    # The service says what is lacking, and names the column.
    field.required = False
    if required:
        field.widget.attrs["aria-required"] = "true"
    return field


class NewRowForm(CellsForm):
    """A new entry, for one of one's own departments."""

    department = forms.ModelChoiceField(
        Department.objects.none(),
        label="责任单位",
        empty_label=None,
        widget=forms.Select({"class": "field"}),
        error_messages={"required": "请选择责任单位。", "invalid_choice": "请选择您所在的单位。"},
    )

    def __init__(self, *args: Any, units: Sequence[Department], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Department.objects.filter(pk__in=[unit.pk for unit in units])
        self.fields["department"].queryset = own  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why a step is taken."""

    reason = forms.CharField(
        label="说明", required=False, widget=forms.Textarea({"class": "field", "rows": 3})
    )


class EvidenceForm(ReasonForm):
    """Why a step is taken, and the file that bears it out."""

    file = forms.FileField(
        label="附件",
        required=False,
        max_length=200,
        allow_empty_file=True,
        widget=forms.FileInput({"accept": FILE_TYPES}),
        error_messages={"max_length": "文件名太长，请改短后再上传。"},
    )


class CorrectionForm(CellsForm, EvidenceForm):
    """New cells of a signed entry, with the written decision."""


class CaseForm(forms.Form):
    """How a pending approval is dealt with."""

    received_on = forms.DateField(label="受理日期", widget=_day_input())
    offline = forms.BooleanField(label="线下受理（只限2022年9月及以前）", required=False)
    to_forward = forms.BooleanField(label="审批权限在上级，须转报", required=False)
    promised_on = forms.DateField(label="承诺时限", required=False, widget=_day_input())
    reviewed_on = forms.DateField(label="初审日期", required=False, widget=_day_input())
    approver = forms.ModelChoiceField(
        User.objects.none(),
        label="审批人",
        required=False,
        empty_label="未定",
        widget=forms.Select({"class": "field"}),
    )
    outcome = forms.ChoiceField(
        label="去向",
        required=False,
        choices=[("", "未定"), *ApprovalCase.Outcome.choices],
        widget=forms.Select({"class": "field"}),
    )
    outcome_on = forms.DateField(label="办结日期", required=False, widget=_day_input())

    def __init__(self, *args: Any, row: LedgerRow, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = User.objects.filter(is_active=True, assignments__department=row.department_id).distinct()
        self.fields["approver"].queryset = members  # type: ignore[attr-defined]


class PlanForm(forms.Form):
    """How a stalled project is disposed of."""

    kind = forms.ChoiceField(
        label="类型", choices=DisposalPlan.Kind.choices, widget=forms.Select({"class": "field"})
    )
    way = forms.ChoiceField(
        label="处置方式", choices=DisposalPlan.Way.choices, widget=forms.Select({"class": "field"})
    )
    stage = forms.ChoiceField(
        label="阶段",
        choices=[(stage.key, f"{stage.name}（至 {stage.until}）") for stage in STAGES],
        widget=forms.Select({"class": "field"}),
    )
    measures = forms.CharField(
        label="处置措施", required=False, widget=forms.Textarea({"class": "field", "rows": 3})
    )
    file = forms.FileField(
        label="方案文件",
        required=False,
        max_length=200,
        allow_empty_file=True,
        widget=forms.FileInput({"accept": FILE_TYPES}),
        error_messages={"max_length": "文件名太长，请改短后再上传。"},
    )


class SheetForm(forms.Form):
    """A filled-in sheet for one of one's own departments."""

    department = forms.ModelChoiceField(
        Department.objects.none(),
        label="责任单位",
        empty_label=None,
        widget=forms.Select({"class": "field"}),
        error_messages={"required": "请选择责任单位。", "invalid_choice": "请选择您所在的单位。"},
    )
    file = forms.FileField(
        label="表格（xlsx）",
        max_length=200,
        allow_empty_file=True,
        widget=forms.FileInput({"accept": ".xlsx"}),
        error_messages={"required": "请选择表格。", "max_length": "文件名太长，请改短后再上传。"},
    )

    def __init__(self, *args: Any, units: Sequence[Department], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Department.objects.filter(pk__in=[unit.pk for unit in units])
        self.fields["department"].queryset = own  # type: ignore[attr-defined]

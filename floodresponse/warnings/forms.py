"""What a person types about warnings; whether it holds is judged by the services."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet

from floodresponse.incidentforms import MOMENT
from floodresponse.models import FloodWarning
from floodresponse.services.warnings import WarningContent
from floodresponse.warnings.capfile import CapFile
from organizations.models import Department

USUAL_SPAN = timedelta(hours=24)
DECISIONS = [("yes", "发布"), ("no", "不发布")]


def text_field(label: str, longest: int, *, rows: int = 0) -> forms.CharField:
    """One line, or several."""
    widget = (
        forms.Textarea(attrs={"class": "field", "rows": rows})
        if rows
        else forms.TextInput({"class": "field"})
    )
    return forms.CharField(label=label, max_length=longest, widget=widget)


class WarningForm(forms.Form):
    """A warning as it came in."""

    issuer = forms.ModelChoiceField(
        label="来源单位",
        queryset=Department.objects.none(),
        empty_label="请选择",
        widget=forms.Select(attrs={"class": "field"}),
    )
    kind = forms.ChoiceField(
        label="类别", choices=FloodWarning.Kind.choices, widget=forms.Select(attrs={"class": "field"})
    )
    colour = forms.TypedChoiceField(
        label="预警颜色", choices=FloodWarning.Colour.choices, coerce=int, widget=forms.RadioSelect
    )
    text = text_field("内容", 5000, rows=5)
    valid_from = forms.DateTimeField(label="起", widget=MOMENT)
    valid_to = forms.DateTimeField(label="止", widget=MOMENT)
    exercise = forms.BooleanField(label="演练", required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, issuers: QuerySet[Department], at: datetime, **kwargs: Any) -> None:
        own = list(issuers[:2])
        begins = at.replace(second=0, microsecond=0)
        kwargs["initial"] = {
            "issuer": own[0] if len(own) == 1 else None,
            "valid_from": begins,
            "valid_to": begins + USUAL_SPAN,
            "key": uuid.uuid4(),
            **kwargs.get("initial", {}),
        }
        super().__init__(*args, **kwargs)
        self.fields["issuer"].queryset = issuers  # type: ignore[attr-defined]  # a ModelChoiceField

    def content(self) -> WarningContent:
        """As the service takes it."""
        return WarningContent(**self.cleaned_data)


class CapForm(forms.Form):
    """A warning as a file."""

    file = forms.FileField(
        label="预警文件", widget=forms.ClearableFileInput({"accept": ".xml,application/xml,text/xml"})
    )


def read_from(file: CapFile, issuers: QuerySet[Department]) -> dict[str, Any]:
    """What the form is filled in with; what the file does not say keeps the usual value."""
    known = next((unit for unit in issuers if unit.name in file.sender), None)
    said = {
        "issuer": known,
        "kind": file.kind,
        "colour": file.colour,
        "text": file.text,
        "valid_from": file.valid_from,
        "valid_to": file.valid_to,
        "exercise": file.exercise,
        "key": file.key,
    }
    return {name: value for name, value in said.items() if value is not None}


class AssessForm(forms.Form):
    """Whether it goes out, and why."""

    decision = forms.ChoiceField(label="研判结论", choices=DECISIONS, widget=forms.RadioSelect)
    note = text_field("研判意见", 500, rows=3)


class IssueForm(forms.Form):
    """To whom it goes."""

    units = forms.ModelMultipleChoiceField(
        label="发布范围", queryset=Department.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, units: QuerySet[Department], **kwargs: Any) -> None:
        kwargs["initial"] = {"units": units}
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = units  # type: ignore[attr-defined]  # a ModelMultipleChoiceField


class LiftForm(forms.Form):
    """Why it is lifted."""

    reason = text_field("解除原因", 300)

"""What a person types about readings; whether it can be is judged by the services."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet

from floodresponse.incidentforms import AGO, MOMENT, WHEN, when_opened
from floodresponse.models import Station

UNIT_CHOICES = [("mm", "毫米"), ("cm", "厘米")]
SHEETS = ".csv,.xlsx"


class SheetForm(forms.Form):
    """A table of readings."""

    file = forms.FileField(
        label="表格（CSV 或 xlsx）", widget=forms.FileInput(attrs={"class": "field", "accept": SHEETS})
    )


class ReadingForm(forms.Form):
    """One reading by hand: station, value with its unit, when."""

    station = forms.ModelChoiceField(
        label="站点",
        queryset=Station.objects.none(),
        empty_label="请选择",
        widget=forms.Select(attrs={"class": "field"}),
    )
    value = forms.CharField(
        label="数值",
        max_length=20,
        widget=forms.TextInput(attrs={"class": "field", "inputmode": "decimal", "autocomplete": "off"}),
    )
    unit = forms.ChoiceField(label="单位", choices=UNIT_CHOICES, widget=forms.RadioSelect)
    when = forms.ChoiceField(label="观测时间", choices=WHEN, widget=forms.RadioSelect)
    observed_at = forms.DateTimeField(label="自选时间", required=False, widget=MOMENT)
    opened_at = forms.FloatField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, stations: QuerySet[Station], at: datetime, initial: dict[str, Any], **kwargs: Any
    ) -> None:
        kwargs["initial"] = {"when": "now", "opened_at": at.timestamp(), **initial}
        super().__init__(*args, **kwargs)
        self.at = at
        self.fields["station"].queryset = stations  # type: ignore[attr-defined]  # a ModelChoiceField

    def clean(self) -> dict[str, Any]:
        """A chosen moment needs to be written."""
        cleaned = super().clean() or {}
        if cleaned.get("when") == "other" and not cleaned.get("observed_at") and not self.errors:
            self.add_error("observed_at", "请填写观测时间。")
        return cleaned

    def moment(self) -> datetime:
        """When it was read, to the minute."""
        given = self.cleaned_data
        if given["when"] == "other":
            moment: datetime = given["observed_at"]
            return moment
        then = when_opened(given["opened_at"], self.at) - timedelta(minutes=AGO[given["when"]])
        return then.replace(second=0, microsecond=0)


class CorrectionForm(forms.Form):
    """Another value for a moment, and why; ``seen`` is the value that the person saw."""

    value = forms.CharField(
        label="更正为",
        max_length=20,
        widget=forms.TextInput(attrs={"class": "field", "inputmode": "decimal", "autocomplete": "off"}),
    )
    reason = forms.CharField(
        label="更正理由", max_length=200, widget=forms.TextInput(attrs={"class": "field"})
    )
    seen = forms.DecimalField(widget=forms.HiddenInput)

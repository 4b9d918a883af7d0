"""What a person types about readings; whether it can be is judged by the services."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet

from floodresponse.incidentforms import AGO, MOMENT, WHEN, when_opened
from floodresponse.models import Station

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Station]
else:
    ModelForm = forms.ModelForm

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


class StationForm(ModelForm):
    """A station; once it is registered its code and kind stay, and a change has a reason."""

    reason = forms.CharField(
        label="修改理由", max_length=200, widget=forms.TextInput(attrs={"class": "field"})
    )

    class Meta:
        model = Station
        fields = (
            "code", "kind", "name", "street", "network", "interval_minutes", "longitude", "latitude",
            "is_urban", "is_low_spot", "is_active",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("code", "kind") if self.instance.pk else ("is_active", "reason"):
            del self.fields[name]
        for field in self.fields.values():
            if not isinstance(field, forms.BooleanField):
                field.widget.attrs["class"] = "field"

    def clean_interval_minutes(self) -> int:
        """At least a minute."""
        minutes: int = self.cleaned_data["interval_minutes"]
        if minutes < 1:
            raise forms.ValidationError("应报间隔至少 1 分钟。")
        return minutes

    def clean(self) -> dict[str, Any]:
        """A position is on the earth, and whole."""
        cleaned = super().clean() or {}
        for name, most in (("longitude", 180), ("latitude", 90)):
            value = cleaned.get(name)
            if value is not None and abs(value) > most:
                self.add_error(name, f"应在 −{most} 至 {most} 之间。")
        if (cleaned.get("longitude") is None) != (cleaned.get("latitude") is None) and not self.errors:
            self.add_error("latitude", "经度和纬度请一起填写，或都留空。")
        return cleaned

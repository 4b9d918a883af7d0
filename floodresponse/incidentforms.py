"""What a person types about incidents and reports; what was typed stays when something is refused."""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from floodresponse.models import Incident, IncidentReport
from floodresponse.reportcontent import FIGURES, MEASURED
from floodresponse.services.incidents import IncidentContent
from floodresponse.services.reports import ReportContent
from organizations.models import Department

MOMENT = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local", "class": "field"})
AGO = {"now": 0, "10": 10, "30": 30}
WHEN = [("now", "刚刚"), ("10", "10 分钟前"), ("30", "30 分钟前"), ("other", "自选")]
# A form that was open for longer counts its “10 minutes ago” from now.
OPEN_FOR_AT_MOST = timedelta(hours=6)
COUNT = forms.NumberInput(attrs={"class": "field", "inputmode": "numeric", "min": 0, "placeholder": "未核"})
# Numbers of the phone form that an incident itself does not hold: they go into its first report.
FIGURES_ONLY = ("trapped", "injured")
MEDIA_TYPES = "image/jpeg,image/png,image/webp,image/gif,video/mp4,video/quicktime,video/webm"


class SeveralFiles(forms.ClearableFileInput):
    """A field for several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """A list of uploaded files; empty when none was chosen."""

    widget = SeveralFiles(attrs={"accept": MEDIA_TYPES, "multiple": True})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Each file on its own."""
        chosen = data if isinstance(data, list | tuple) else [data]
        return [clean for one in chosen if one and (clean := super(FilesField, self).clean(one, initial))]


def count_field(label: str) -> forms.IntegerField:
    """A number of people; blank is “not counted yet”."""
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=10**6, widget=COUNT)


def when_opened(stamp: float | None, at: datetime) -> datetime:
    """When a form was opened, from its hidden field; now where that cannot be."""
    try:
        opened = datetime.fromtimestamp(stamp or 0, tz=UTC)
    except (OverflowError, ValueError, OSError):
        return at
    return opened if at - OPEN_FOR_AT_MOST <= opened <= at else at


class IncidentForm(forms.Form):
    """Three answers send it: when, where, how deep; the rest may follow."""

    unit = forms.ModelChoiceField(
        label="单位",
        queryset=Department.objects.none(),
        empty_label="请选择",
        widget=forms.Select(attrs={"class": "field"}),
    )
    kind = forms.ChoiceField(label="类型", choices=Incident.Kind.choices, widget=forms.RadioSelect)
    when = forms.ChoiceField(label="发生时间", choices=WHEN, widget=forms.RadioSelect)
    occurred_at = forms.DateTimeField(label="自选时间", required=False, widget=MOMENT)
    location = forms.CharField(
        label="地点",
        max_length=200,
        widget=forms.TextInput(attrs={"class": "field", "list": "places", "autocomplete": "off"}),
    )
    depth_cm = forms.IntegerField(
        label="积水深度",
        required=False,
        min_value=0,
        max_value=1000,
        widget=forms.NumberInput(attrs={"class": "field", "inputmode": "numeric", "placeholder": "未测"}),
    )
    street = forms.ModelChoiceField(
        label="所在街道",
        queryset=Department.objects.none(),
        required=False,
        empty_label="未注明",
        widget=forms.Select(attrs={"class": "field"}),
    )
    severity = forms.ChoiceField(label="等级", choices=Incident.Severity.choices, widget=forms.RadioSelect)
    unclear = forms.BooleanField(label="情况不明", required=False)
    trapped = count_field("被困")
    injured = count_field("受伤")
    missing = count_field("失踪")
    dead = count_field("死亡")
    pictures = FilesField(label="图片和视频", required=False)
    keep_position = forms.BooleanField(label="保留拍摄位置", required=False)
    summary = forms.CharField(
        label="情况",
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"class": "field", "rows": 3}),
    )
    by_phone = forms.BooleanField(label="本次来电即电话报告", required=False)
    exercise = forms.BooleanField(label="演练", required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)
    opened_at = forms.FloatField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, units: QuerySet[Department], at: datetime, **kwargs: Any) -> None:
        first = units.first() if units.count() == 1 else None
        initial = {
            "unit": first,
            "kind": Incident.Kind.WATERLOGGING,
            "when": "now",
            "severity": Incident.Severity.ORDINARY,
            "key": uuid.uuid4(),
            "opened_at": at.timestamp(),
        }
        kwargs["initial"] = {**initial, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]  # a ModelChoiceField
        streets = Department.objects.active().filter(kind=Department.Kind.STREET)
        self.fields["street"].queryset = streets.order_by("order", "name")  # type: ignore[attr-defined]
        # A street's own incident is in that street.
        self.asks_street = units.exclude(kind=Department.Kind.STREET).exists()
        self.at = at

    def clean(self) -> dict[str, Any]:
        """The moment it happened."""
        cleaned = super().clean() or {}
        if cleaned.get("when") == "other" and not cleaned.get("occurred_at") and not self.errors:
            self.add_error("occurred_at", "请填写发生时间。")
        return cleaned

    @property
    def people(self) -> list[forms.BoundField]:
        """The fields that count people; blank is “not counted yet”."""
        return [self[name] for name in ("trapped", "injured", "missing", "dead")]

    def figures(self) -> dict[str, int]:
        """The numbers that were given, as a report takes them."""
        names = (*FIGURES_ONLY, "missing", "dead")
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data[name] is not None}

    def content(self) -> IncidentContent:
        """As the service takes it."""
        given = dict(self.cleaned_data)
        when, chosen = given.pop("when"), given.pop("occurred_at")
        opened = when_opened(given.pop("opened_at"), self.at)
        for name in ("by_phone", "pictures", "keep_position", *FIGURES_ONLY):
            given.pop(name)
        occurred_at = chosen if when == "other" else opened - timedelta(minutes=AGO[when])
        return IncidentContent(occurred_at=occurred_at, **given)


class ReportForm(forms.Form):
    """A report: how, which stage, the text, the figures."""

    channel = forms.ChoiceField(
        label="方式", choices=IncidentReport.Channel.choices, widget=forms.Select(attrs={"class": "field"})
    )
    stage = forms.ChoiceField(
        label="阶段", choices=IncidentReport.Stage.choices, widget=forms.Select(attrs={"class": "field"})
    )
    reported_at = forms.DateTimeField(label="报告时间", required=False, widget=MOMENT)
    text = forms.CharField(
        label="内容",
        required=False,
        max_length=20000,
        widget=forms.Textarea(attrs={"class": "field", "rows": 4}),
    )
    explanation = forms.CharField(
        label="数字减少的说明",
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"class": "field"}),
    )
    pictures = FilesField(label="图片和视频", required=False)
    keep_position = forms.BooleanField(label="保留拍摄位置", required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        for name, label in FIGURES.items():
            mode = "decimal" if name in MEASURED else "numeric"
            widget = forms.TextInput(attrs={"class": "field", "inputmode": mode, "placeholder": "未核"})
            self.fields[name] = forms.CharField(label=label, required=False, max_length=20, widget=widget)

    @property
    def figures(self) -> list[forms.BoundField]:
        """The fields of the figures."""
        return [self[name] for name in FIGURES]

    def content(self) -> ReportContent:
        """As the service takes it; blank figures were not given."""
        given = dict(self.cleaned_data)
        figures = {name: value for name in FIGURES if (value := given.pop(name).strip())}
        return ReportContent(figures=figures, **given)


class GradeForm(forms.Form):
    """Grade, clearness and casualties as they are known now."""

    severity = forms.ChoiceField(
        label="等级", choices=Incident.Severity.choices, widget=forms.Select(attrs={"class": "field"})
    )
    unclear = forms.BooleanField(label="情况不明", required=False)
    dead = count_field("死亡")
    missing = count_field("失踪")
    reason = forms.CharField(
        label="核减原因（人数减少时必填）",
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"class": "field", "autocomplete": "off"}),
    )

    @classmethod
    def of(cls, incident: Incident, data: Mapping[str, Any] | None = None) -> "GradeForm":
        """Filled in with what is known."""
        known = {name: getattr(incident, name) for name in cls.base_fields if name != "reason"}
        return cls(data, initial=known, prefix="grade")


class ReasonForm(forms.Form):
    """Why something late is excused."""

    reason = forms.CharField(
        label="免责理由", max_length=300, widget=forms.TextInput(attrs={"class": "field"})
    )


class CallForm(forms.Form):
    """Who was called on which number."""

    called = forms.CharField(
        label="呼叫对象", max_length=80, required=False, widget=forms.TextInput(attrs={"class": "field"})
    )
    number = forms.CharField(
        label="号码", max_length=40, required=False, widget=forms.TextInput(attrs={"class": "field"})
    )


class DailyForm(forms.Form):
    """A zero report or a weather report."""

    text = forms.CharField(
        label="内容", max_length=5000, widget=forms.Textarea(attrs={"class": "field", "rows": 3})
    )


def now_as_typed(at: datetime) -> str:
    """A moment as the browser's field shows it."""
    return f"{timezone.localtime(at):%Y-%m-%dT%H:%M}"

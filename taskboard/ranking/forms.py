"""What is chosen and filled in around the ranking."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms

from taskboard.looks import check_shown
from taskboard.models import AssessmentWeight, TaskList
from taskboard.plausible import FIRST_YEAR, LAST_YEAR
from taskboard.ranking.scoring import DEFAULTS

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def spans_of(today: date) -> list[tuple[str, date, date]]:
    """Periods that are asked for most: name, first and last day."""
    month = today.replace(day=1)
    before = month - timedelta(days=1)
    quarter = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    return [
        ("本月", month, today),
        ("上月", before.replace(day=1), before),
        ("本季度", quarter, today),
        ("本年", date(today.year, 1, 1), today),
        ("上年", date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
    ]


class PeriodForm(forms.Form):
    """First and last day, and a list; without days the year so far."""

    start = forms.DateField(label="自", required=False, widget=DAY)
    end = forms.DateField(label="至", required=False, widget=DAY)
    list = forms.ModelChoiceField(
        TaskList.objects.exclude(state=TaskList.State.DRAFT),
        label="清单",
        required=False,
        empty_label="全部清单",
    )

    as_of = forms.DateField(label="截至", required=False, widget=DAY, validators=[check_shown])

    def __init__(self, data: Mapping[str, Any], *, today: date) -> None:
        self.today = today
        super().__init__(data, auto_id="p-%s")

    def clean(self) -> dict[str, Any]:
        """The days in order."""
        given = super().clean() or {}
        as_of = given.get("as_of") or self.today
        start = given.get("start") or date((given.get("end") or as_of).year, 1, 1)
        end = given.get("end") or max(start, as_of)
        if start > end:
            self.add_error("start", "起始日期应不晚于结束日期。")
        if not FIRST_YEAR <= start.year <= end.year <= LAST_YEAR and start <= end:
            self.add_error("start", f"年份应为 {FIRST_YEAR} 到 {LAST_YEAR}。")
        return {**given, "start": start, "end": end, "as_of": as_of}


class WeightsForm(forms.Form):
    """The points of each figure."""

    basis = forms.CharField(label="依据", max_length=200, required=False)
    confirmed = forms.BooleanField(label="已经确认，不再标“待确认”", required=False)

    def __init__(self, *args: Any, values: Mapping[str, Decimal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = dict(AssessmentWeight.Key.choices)
        points = {
            key: forms.DecimalField(
                label=labels[key],
                initial=values[key].normalize(),
                min_value=0,
                max_value=100,
                decimal_places=1,
                max_digits=4,
                widget=forms.NumberInput(attrs={"step": "0.1", "inputmode": "decimal"}),
            )
            for key in DEFAULTS
        }
        self.fields = {**points, **self.fields}

    @property
    def points(self) -> dict[str, Decimal]:
        """By figure."""
        return {key: self.cleaned_data[key] for key in DEFAULTS}

"""What is filled in for an issue."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings

from gazette.models import Issue

MONTH = forms.DateInput(attrs={"type": "month", "placeholder": "2023-05"}, format="%Y-%m")
MONTHS = ["%Y-%m", "%Y-%m-%d", "%Y年%m月"]
WRONG_MONTH = {"invalid": "请写成 2023-05 这样的年月。", "required": "请选定月份。"}


class IssueForm(forms.Form):
    """Name, number and months."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label="刊名", max_length=60)
    year = forms.IntegerField(label="年度", min_value=1949, max_value=2200)
    number = forms.IntegerField(label="期号", min_value=1, max_value=999)
    first_month = forms.DateField(
        label="大事记自", widget=MONTH, input_formats=MONTHS, error_messages=WRONG_MONTH
    )
    last_month = forms.DateField(
        label="大事记至", widget=MONTH, input_formats=MONTHS, error_messages=WRONG_MONTH
    )

    def clean_first_month(self) -> date:
        """Its first day."""
        return self.cleaned_data["first_month"].replace(day=1)  # type: ignore[no-any-return]

    def clean_last_month(self) -> date:
        """Its first day."""
        return self.cleaned_data["last_month"].replace(day=1)  # type: ignore[no-any-return]

    @property
    def values(self) -> dict[str, Any]:
        """What the service is handed, without the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


def initial_of(issue: Issue) -> dict[str, Any]:
    """An issue as the form shows it."""
    names = ("version", "title", "year", "number", "first_month", "last_month")
    return {name: getattr(issue, name) for name in names}


def initial_on(day: date) -> dict[str, Any]:
    """A new issue: the month before the day, the number after the last of its year."""
    month = date(day.year - (day.month == 1), (day.month - 2) % 12 + 1, 1)
    last = Issue.objects.filter(year=month.year).order_by("-number").first()
    named = Issue.objects.order_by("-year", "-number").first()
    return {
        "title": named.title if named else f"{settings.CITY_NAME}人民政府公报",
        "year": month.year,
        "number": last.number + 1 if last else 1,
        "first_month": month,
        "last_month": month,
    }

"""What is typed into the roster: conditions, a month of names, a sheet, a swap."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from floodresponse.models import DutyShift
from floodresponse.services.roster import OnDuty, Slot
from organizations.models import Department

STATES = [
    ("", "全部"),
    ("gap", "空缺"),
    ("late", "未签到"),
    ("waiting", "未到班"),
    ("signed", "已签到"),
    ("signed_late", "迟签到"),
]
FIELD = {"class": "field"}


class DayFilter(forms.Form):
    """Conditions of the list of a day."""

    day = forms.DateField(label="日期", required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    q = forms.CharField(label="姓名、单位或电话", required=False, max_length=40)
    state = forms.ChoiceField(label="签到", required=False, choices=STATES)


class MonthField(forms.Field):
    """``2023-07`` as the first day of the month; empty or wrong: None."""

    def to_python(self, value: Any) -> date | None:
        """The first day."""
        try:
            return date.fromisoformat(f"{value}-01") if value else None
        except ValueError:
            raise forms.ValidationError("月份应形如 2023-07。") from None


class MonthFilter(forms.Form):
    """Which month."""

    month = MonthField(label="月份", required=False, widget=forms.TextInput({"type": "month"}))


class RosterGrid(forms.Form):
    """A month of one unit: a name with its number for each day and role, as one line of text.

    Beside each stands, hidden, what the page showed: only what the person touched is written.
    """

    reason = forms.CharField(
        label="理由（改动今天的值班时必填）",
        required=False,
        max_length=200,
        widget=forms.TextInput(FIELD),
    )

    def __init__(self, *args: Any, days: Sequence[date], held: Mapping[Slot, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.slots: dict[str, Slot] = {}
        for day in days:
            for role in DutyShift.Role:
                name = f"{role.value}-{day.isoformat()}"
                self.slots[name] = (day, role.value)
                self.fields[_seen(name)] = forms.CharField(
                    required=False, initial=held.get((day, role.value), ""), widget=forms.HiddenInput
                )
                self.fields[name] = forms.CharField(
                    label=f"{day.month}月{day.day}日{role.label}",
                    required=False,
                    max_length=80,
                    initial=held.get((day, role.value), ""),
                    widget=forms.TextInput({**FIELD, "list": "known-people", "autocomplete": "off"}),
                )

    @property
    def lines(self) -> list[tuple[date, list[forms.BoundField]]]:
        """The fields by day."""
        by_day: dict[date, list[forms.BoundField]] = {}
        for name, (day, _) in self.slots.items():
            by_day.setdefault(day, []).append(self[name])
        return list(by_day.items())

    @property
    def touched(self) -> dict[Slot, OnDuty | None]:
        """What was typed where it is not what the page showed."""
        return {
            slot: person_in(self.cleaned_data[name])
            for name, slot in self.slots.items()
            if _even(self.cleaned_data[name]) != _even(self.cleaned_data[_seen(name)])
        }

    @property
    def seen(self) -> dict[Slot, str]:
        """What the page showed."""
        return {slot: _even(self.cleaned_data[_seen(name)]) for name, slot in self.slots.items()}

    def tell_stale(self, stored: Mapping[Slot, str]) -> None:
        """Say beside each place who is there by now; what was typed stays, and may be sent knowingly."""
        sent: Any = self.data
        data = sent.copy()
        for name, slot in self.slots.items():
            if slot in stored:
                now = f"“{stored[slot]}”" if stored[slot] else "空缺"
                self.add_error(name, f"他人已改为{now}。要保留请照此填写；再次保存则以您所填为准。")
                data[_seen(name)] = stored[slot]
        self.data = data


def _seen(name: str) -> str:
    return f"seen-{name}"


def _even(text: str) -> str:
    return " ".join(text.split())


def person_in(text: str) -> OnDuty | None:
    """``林某某 13800000000``: the name, then the number; only a name will do; None for nothing."""
    words = text.split()
    number = next((place for place, word in enumerate(words) if word[0].isdigit()), len(words))
    name = " ".join(words[:number])
    return OnDuty(name, " ".join(words[number:])) if name else None


class RosterSheet(forms.Form):
    """A filled-in workbook."""

    file = forms.FileField(label="值班表（xlsx）", widget=forms.ClearableFileInput({"accept": ".xlsx"}))
    reason = forms.CharField(
        label="理由（改动今天的值班时必填）",
        required=False,
        max_length=200,
        widget=forms.TextInput(FIELD),
    )


class SwapForm(forms.Form):
    """With whom to swap, and why."""

    other = forms.ModelChoiceField(
        DutyShift.objects.none(), label="对方的班", empty_label="请选择", widget=forms.Select(FIELD)
    )
    reason = forms.CharField(label="换班理由", max_length=200, widget=forms.TextInput(FIELD))

    def __init__(self, *args: Any, shift: DutyShift, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = DutyShift.objects.filter(unit=shift.unit, role=shift.role, day__gt=today, user__isnull=False)
        self.fields["other"].queryset = others.exclude(name=shift.name).order_by("day")  # type: ignore[attr-defined]
        self.fields["other"].label_from_instance = (  # type: ignore[attr-defined]
            lambda other: f"{other.day:%m月%d日} {other.name}"
        )


class AnswerForm(forms.Form):
    """A word with the answer."""

    note = forms.CharField(label="说明", required=False, max_length=200, widget=forms.TextInput(FIELD))


def units_named(units: Sequence[Department]) -> dict[str, Department]:
    """Units by each name that a sheet may use."""
    named = {unit.short_name: unit for unit in units if unit.short_name}
    return named | {unit.name: unit for unit in units}

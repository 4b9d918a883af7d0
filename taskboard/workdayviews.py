"""The calendar of working days in the browser: how far it reaches, what was entered, and a date reckoned."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages as notes
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from foundation.errors import DomainError
from organizations.access import StaffRequest, staff_page
from taskboard.duedates import Reckoning, in_a_sentence, reckon_trigger
from taskboard.models import CalendarDay, CalendarYear
from taskboard.services.workdays import (
    CHANGE,
    confirm_calendar_year,
    remove_calendar_day,
    save_calendar_day,
)
from taskboard.workcalendar import current_calendar
from taskboard.workdays import WorkCalendar, count_workdays

PERMISSION, READING = "taskboard.view_task", "查看工作日日历"
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ReckonForm(forms.Form):
    """From when how many working days."""

    trigger = forms.DateField(label="收到日期", widget=DAY)
    days = forms.IntegerField(label="工作日数", min_value=1, max_value=1000)
    clause = forms.CharField(label="条款", max_length=200, initial="自收到之日起")


class DayForm(forms.Form):
    """A day that is not as its weekday is."""

    day = forms.DateField(label="日期", widget=DAY)
    name = forms.CharField(label="名称", max_length=40)
    is_working = forms.BooleanField(label="上班（补班）", required=False)


class YearForm(forms.Form):
    """A year that was entered whole."""

    year = forms.IntegerField(label="年份")
    source = forms.CharField(label="依据（放假通知）", max_length=200)


class RemoveForm(forms.Form):
    """An entered day to take out again."""

    row = forms.ModelChoiceField(CalendarDay.objects.all(), label="日期")


Write = Callable[..., Any]
STEPS: Mapping[str, tuple[type[forms.Form], Write]] = {
    "day": (DayForm, save_calendar_day),
    "year": (YearForm, confirm_calendar_year),
    "remove": (RemoveForm, remove_calendar_day),
}


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(PERMISSION, READING)
def calendar(request: StaffRequest) -> HttpResponse:
    """The calendar; what is posted goes to the service of its step."""
    shown = {name: form() for name, (form, _) in STEPS.items()}
    status = 200
    step = request.POST.get("step", "")
    if request.method == "POST" and step in STEPS:
        form, status = _take(request, step)
        if status == 302:
            return redirect("taskboard:workdays")
        shown[step] = form
    now = current_calendar()
    reckon = ReckonForm(request.GET if "trigger" in request.GET else None)
    context = {
        "last_year": now.last_year,
        "marks": _marks_of(now, request.GET.get("year")),
        "entered": CalendarDay.objects.all(),
        "years": CalendarYear.objects.all(),
        "may_change": request.user.has_perm(CHANGE),
        "forms": shown,
        "reckon": reckon,
        **_reckoned(reckon, now),
    }
    return render(request, "taskboard/workdays.html", context, status=status)


def _take(request: StaffRequest, step: str) -> tuple[forms.Form, int]:
    """The form of the step and how it ended: 302 when it was written."""
    kind, write = STEPS[step]
    form = kind(request.POST)
    if not form.is_valid():
        return form, 400
    try:
        write(actor=request.user, at=timezone.now(), **form.cleaned_data)
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return form, refusal.status
    notes.success(request, "日历已更新。")
    return form, 302


def _marks_of(now: WorkCalendar, wanted: str | None) -> dict[str, Any]:
    """Holidays and days made up of one year."""
    chosen = int(wanted) if wanted and wanted.isascii() and wanted.isdigit() and len(wanted) == 4 else None
    year = chosen or timezone.localdate().year
    found = sorted(day for day in now.marks if day.year == year)
    return {
        "year": year,
        "known": year in now.years,
        "days": [(day, now.marks[day]) for day in found],
        "all_years": sorted(now.years | {year}, reverse=True),
    }


def _reckoned(form: ReckonForm, now: WorkCalendar) -> dict[str, Any]:
    """The date that was asked for, with the steps that lead to it."""
    if not form.is_bound or not form.is_valid():
        return {}
    trigger: date = form.cleaned_data["trigger"]
    clause: str = form.cleaned_data["clause"]
    try:
        count = count_workdays(trigger, form.cleaned_data["days"], now)
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return {}
    reckoning: Reckoning = reckon_trigger(count, clause)
    return {"reckoning": reckoning, "sentence": in_a_sentence(count, clause)}

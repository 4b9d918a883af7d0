"""The roster in the browser: a day, a month, a unit's month to fill in, sheets."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from floodresponse.downloads import workbook_response
from floodresponse.models import DutyShift, DutySwap
from floodresponse.numbers import for_reader, sees_numbers
from floodresponse.roster import board, sheets
from floodresponse.roster.days import HANDOVER, days_of_month, duty_day
from floodresponse.roster.forms import DayFilter, MonthFilter, RosterGrid, RosterSheet, units_named
from floodresponse.roster.reads import own_shifts, units_with_roster
from floodresponse.services.roster import (
    Slot,
    StaleRoster,
    accounts_of,
    require_keeping,
    save_roster,
    save_rosters,
    shown_in,
)
from floodresponse.standing import acts_for
from foundation.errors import DomainError, InvalidInput
from foundation.filetypes import XLSX
from foundation.services.attachments import check_file
from foundation.workbooks import table_from
from organizations.access import StaffRequest, staff_page
from organizations.models import Department

PERMISSION, READING = "floodresponse.view_command_post", "查看值班表"
KEEPING, KEEP = "floodresponse.keep_roster", "登记值班表"
PAGE_SIZE, MOST_KNOWN = 50, 60
# The worst first.
RANK = ("gap", "none", "late", "waiting", "signed_late", "signed")


@require_safe
@staff_page(PERMISSION, READING)
def index(request: StaffRequest) -> HttpResponse:
    """Who is on duty on a day, now without a day: a list to call from."""
    now = timezone.now()
    form, day, lines = _day_asked(request, now)
    page = Paginator(lines, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "day": day,
        "numbers": sees_numbers(request.user),
        "today": duty_day(timezone.localtime(now)),
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "form": form,
        "filtered": any(request.GET.get(name) for name in ("q", "state", "gaps")),
        "order": request.GET.get("sort", ""),
        "gaps": sum(line.gaps for line in lines),
        "handover": HANDOVER,
        "keeps": request.user.has_perm(KEEPING),
        "here": "roster",
        "own": own_shifts(request.user, now),
        "waiting": DutySwap.objects.waiting_for(request.user).select_related("shift", "other"),
    }
    return render(request, "floodresponse/roster/index.html", context)


def _day_asked(request: StaffRequest, now: datetime) -> tuple[DayFilter, date, list[board.UnitDay]]:
    today = duty_day(timezone.localtime(now))
    form = DayFilter(
        {"day": today.isoformat(), **{name: value for name, value in request.GET.items() if value}}
    )
    chosen = form.cleaned_data if form.is_valid() else {}
    day = chosen.get("day") or today
    shifts = DutyShift.objects.visible_to(request.user).filter(day=day)
    seen = for_reader(shifts, request.user)
    lines = list(board.unit_days(units_with_roster(now), [day], seen, now))
    if word := chosen.get("q", "").strip():
        lines = [line for line in lines if _holds(line, word)]
    state = "gap" if request.GET.get("gaps") else chosen.get("state", "")
    if state:
        lines = [line for line in lines if any(place.state == state for place in line.places)]
    return form, day, _sorted(lines, request.GET.get("sort", ""))


def _holds(line: board.UnitDay, word: str) -> bool:
    texts = [line.unit.name, line.unit.short_name, line.unit.office_phone]
    texts += [text for place in line.places if place.shift for text in (place.shift.name, place.shift.phone)]
    return any(word in text for text in texts)


def _sorted(lines: list[board.UnitDay], order: str) -> list[board.UnitDay]:
    falling = order.startswith("-")
    if order.removeprefix("-") == "unit":
        return sorted(lines, key=lambda line: line.unit.name, reverse=falling)
    if order.removeprefix("-") == "state":
        worst = {state: place for place, state in enumerate(RANK)}
        return sorted(lines, key=lambda line: min(worst[p.state] for p in line.places), reverse=falling)
    return lines


def month_asked(request: StaffRequest) -> date:
    """The first day of the month in the address, else of this month."""
    form = MonthFilter(request.GET)
    asked: date | None = form.cleaned_data["month"] if form.is_valid() else None
    return asked or timezone.localdate().replace(day=1)


def _month_links(month: date) -> dict[str, Any]:
    return {
        "month": month,
        "previous_month": month - timedelta(days=1),
        "next_month": month + timedelta(days=32),
        "today": duty_day(timezone.localtime(timezone.now())),
    }


@require_safe
@staff_page(PERMISSION, READING)
def month(request: StaffRequest) -> HttpResponse:
    """All units in a month: where somebody is entered, where nobody."""
    first, now = month_asked(request), timezone.now()
    shown = days_of_month(first)
    shifts = DutyShift.objects.visible_to(request.user).of_days(shown[0], shown[-1])
    rows = board.month_rows(units_with_roster(now), shown, shifts, now)
    links = _month_links(first)
    context = {
        "days": shown,
        "rows": rows,
        "gaps": sum(row.gaps for row in rows),
        "running": links["today"].replace(day=1) == first,
        **links,
    }
    return render(request, "floodresponse/roster/month.html", context)


@staff_page(PERMISSION, READING)
def unit(request: StaffRequest, slug: str) -> HttpResponse:
    """A unit's month: to read, and for those who keep it to fill in."""
    found = get_object_or_404(Department, slug=slug)
    first, now = month_asked(request), timezone.now()
    shown = days_of_month(first)
    kept = DutyShift.objects.visible_to(request.user).filter(unit=found).of_days(shown[0], shown[-1])
    shifts = for_reader(kept, request.user)
    may_keep = request.user.has_perm(KEEPING) and acts_for(request.user, found)
    open_days = [day for day in shown if day >= duty_day(timezone.localtime(now))] if may_keep else []
    grid = _grid(request, open_days, shifts)
    if request.method == "POST":
        require_keeping(request.user, found, KEEP)
        if grid.is_valid() and _saved(request, found, grid, now):
            return redirect(f"{request.path}?month={first:%Y-%m}")
    context = {
        "unit": found,
        "numbers": sees_numbers(request.user),
        "lines": list(board.unit_days([found], shown, shifts, now)),
        "grid": grid if open_days else None,
        "known": _known_people(found) if may_keep else [],
        **_month_links(first),
    }
    return render(request, "floodresponse/roster/unit.html", context, status=400 if grid.errors else 200)


def _grid(request: StaffRequest, open_days: Sequence[date], shifts: Iterable[DutyShift]) -> RosterGrid:
    held: dict[Slot, str] = {(shift.day, shift.role): shown_in(shift) for shift in shifts}
    return RosterGrid(request.POST if request.method == "POST" else None, days=open_days, held=held)


def _saved(request: StaffRequest, found: Department, grid: RosterGrid, now: datetime) -> bool:
    try:
        changed = save_roster(
            actor=request.user,
            unit=found,
            entries=grid.touched,
            at=now,
            reason=grid.cleaned_data["reason"],
            seen=grid.seen,
        )
    except StaleRoster as refusal:
        grid.add_error(None, refusal.message)
        grid.tell_stale(refusal.stored)
        return False
    except InvalidInput as refusal:
        grid.add_error("reason" if "reason" in refusal.fields else None, refusal.message)
        return False
    except DomainError as refusal:
        grid.add_error(None, refusal.message)
        return False
    notes.success(request, f"已保存，改动 {changed} 处。" if changed else "没有改动。")
    return True


def _known_people(found: Department) -> list[str]:
    """Who was on duty before with the number, then the unit's accounts: the field's suggestions."""
    before = DutyShift.objects.filter(unit=found).order_by("name", "phone")
    people = list(before.values_list("name", "phone").distinct()[:MOST_KNOWN])
    known = {name for name, _ in people}
    # Spelt as the account is, the person can sign in and answer swaps.
    accounts = [name for name in accounts_of(found) if name not in known]
    return [f"{name} {phone}".strip() for name, phone in people] + accounts


@require_safe
@staff_page(PERMISSION, "导出值班表")
def roster_xlsx(request: StaffRequest) -> HttpResponse:
    """A month, or with ``day`` the list of a day as it is filtered; of one unit with ``unit``."""
    now = timezone.now()
    if request.GET.get("month"):
        shown = days_of_month(month_asked(request))
        units = [u for u in units_with_roster(now) if request.GET.get("unit", u.slug) == u.slug]
        shifts = DutyShift.objects.visible_to(request.user).of_days(shown[0], shown[-1])
        seen = for_reader(shifts, request.user)
        lines, name = list(board.unit_days(units, shown, seen, now)), f"值班表 {shown[0]:%Y-%m}"
    else:
        _, day, lines = _day_asked(request, now)
        name = f"值班表 {day}"
    header = (*sheets.HEADER, *sheets.SIGNED)
    return workbook_response(name, "roster", header, sheets.rows_of(lines))


@staff_page(KEEPING, "导入值班表")
def roster_import(request: StaffRequest) -> HttpResponse:
    """A filled-in sheet: all of it or nothing."""
    form = RosterSheet(*((request.POST, request.FILES) if request.method == "POST" else ()))
    units = [u for u in units_with_roster(timezone.now()) if acts_for(request.user, u)]
    if form.is_valid():
        try:
            changed = _take_in(request, form, units)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            notes.success(request, f"已导入，改动 {changed} 处。")
            return redirect("floodresponse:roster_month")
    context = {"form": form, "header": sheets.HEADER, "units": units, "month": timezone.localdate()}
    return render(request, "floodresponse/roster/import.html", context, status=400 if form.errors else 200)


def _take_in(request: StaffRequest, form: RosterSheet, units: Sequence[Department]) -> int:
    checked = check_file(form.cleaned_data["file"])
    if checked.kind != XLSX:
        raise InvalidInput("请选择 Excel 表格（xlsx）。")
    lines = table_from(checked.content, most_rows=sheets.MOST_ROWS + 1, most_columns=sheets.MOST_COLUMNS)
    found = sheets.read_roster(lines, units_named(units))
    reason = form.cleaned_data["reason"]
    return save_rosters(actor=request.user, rosters=found, at=timezone.now(), reason=reason)

"""Stations: the list with who is silent, and one with its last 24 hours as a drawing and a table."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from floodresponse.assessing import silence_limit
from floodresponse.gauges.dayplot import depth_plot, rain_plot
from floodresponse.gauges.filters import StationFilter
from floodresponse.gauges.forms import StationForm
from floodresponse.gauges.rows import line_of, shown_number
from floodresponse.models import Criterion, Plan, Reading, Station
from floodresponse.ownstations import is_own, own_names, require_own
from floodresponse.readings import UNITS
from floodresponse.seen import FIELD, StalePage, carry_seen, show_anew
from floodresponse.services.stations import (
    CHANGEABLE,
    StationContent,
    change_station,
    register_station,
)
from foundation.errors import InvalidInput, StateConflict
from organizations.access import StaffRequest, staff_page
from taskboard.ledgers.forms import show_refusal

PERMISSION, LOOKING = "floodresponse.view_command_post", "查看监测站点"
CHANGE = "floodresponse.change_station"
PAGE_SIZE = 50
WINDOW = timedelta(hours=6)
MOST_ROWS = 50
SORTS = {"code": ("code",), "-code": ("-code",), "heard": ("last_at", "code"), "-heard": ("-last_at", "code")}


@require_safe
@staff_page(PERMISSION, LOOKING)
def stations(request: StaffRequest) -> HttpResponse:
    """Gauges and points with the last word of each."""
    now = timezone.now()
    filtered = StationFilter(request.GET, queryset=Station.objects.with_last_heard(now), request=request)
    order = request.GET.get("sort", "code")
    order = order if order in SORTS else "code"
    page = Paginator(filtered.qs.order_by("-is_active", "-kind", *SORTS[order]), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    limit = silence_limit(now, now - WINDOW)
    context = {
        "page": page,
        "rows": [(station, _last(station), _silent(station, now, limit)) for station in page],
        "form": filtered.form,
        "filtered": any(request.GET.get(name) for name in filtered.filters),
        "order": order,
        "may_change": request.user.has_perm(CHANGE),
        "limit_minutes": int(limit.total_seconds() // 60),
    }
    return render(request, "floodresponse/gauges/stations.html", context)


def _last(station: Any) -> str:
    return f"{shown_number(station.last_value)} {UNITS[station.kind]}" if station.last_at else ""


def _silent(station: Any, now: datetime, limit: timedelta) -> bool:
    """A gauge that is overdue; points report when there is something to report."""
    gauge = station.kind == Station.Kind.RAIN and station.is_active
    return gauge and (station.last_at is None or now - station.last_at > limit)


@require_safe
@staff_page(PERMISSION, LOOKING)
def station(request: StaffRequest, code: str) -> HttpResponse:
    """One station and its last 24 hours."""
    now = timezone.localtime()
    found = get_object_or_404(Station, code=code)
    rows = Reading.objects.between(now - timedelta(days=1), now).filter(station=found)
    readings = list(rows.select_related("station").order_by("-observed_at", "-pk"))
    measured = [(timezone.localtime(reading.observed_at), reading.value) for reading in readings]
    rain = found.kind == Station.Kind.RAIN
    own = is_own(found, own_names(request.user))
    context = {
        "station": found,
        "unit": UNITS[found.kind],
        "plot": rain_plot(measured, now) if rain else depth_plot(measured, now, _depths(now)),
        "sums": [(hours, _sum(measured, now, hours)) for hours in (1, 3, 6, 24)] if rain else [],
        "highest": shown_number(max(value for _, value in measured)) if measured else "",
        "lines": [line_of(reading) for reading in readings[:MOST_ROWS]],
        "more": max(len(readings) - MOST_ROWS, 0),
        "count": len(readings),
        "expected": 24 * 60 // found.interval_minutes if found.interval_minutes else 0,
        "counted": Station.objects.counted().filter(pk=found.pk).exists(),
        "now": now,
        "may_enter": own and request.user.has_perm("floodresponse.enter_observations"),
        "may_change": own and request.user.has_perm(CHANGE),
    }
    return render(request, "floodresponse/gauges/station.html", context)


@staff_page(CHANGE, "登记监测站点")
def register(request: StaffRequest) -> HttpResponse:
    """Register a station."""
    form = StationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = register_station(
                actor=request.user, at=timezone.now(), content=StationContent(**form.cleaned_data)
            )
        except (InvalidInput, StateConflict) as refusal:
            show_refusal(form, refusal)
        else:
            notes.success(request, "已登记，可以报送数据。")
            return redirect("floodresponse:station", code=made.code)
    return _form_page(request, form, None)


@staff_page(CHANGE, "修改监测站点")
def change(request: StaffRequest, code: str) -> HttpResponse:
    """Change a station."""
    found = get_object_or_404(Station, code=code)
    require_own(request.user, found, "修改这个站点")
    form = StationForm(
        request.POST if request.method == "POST" else None, instance=get_object_or_404(Station, code=code)
    )
    carry_seen(form, found, CHANGEABLE)
    if form.is_valid():
        given = dict(form.cleaned_data)
        reason, seen = given.pop("reason"), given.pop(FIELD)
        try:
            change_station(
                actor=request.user,
                at=timezone.now(),
                station=found,
                changes=given,
                reason=reason,
                seen=seen,
            )
        except StalePage as refusal:
            show_anew(form, refusal)
        except InvalidInput as refusal:
            show_refusal(form, refusal)
        else:
            notes.success(request, "已修改。")
            return redirect("floodresponse:station", code=code)
    return _form_page(request, form, found)


def _form_page(request: StaffRequest, form: StationForm, found: Station | None) -> HttpResponse:
    context = {"form": form, "station": found}
    status = 400 if form.errors else 200
    return render(request, "floodresponse/gauges/station_form.html", context, status=status)


def _sum(measured: list[tuple[datetime, Decimal]], now: datetime, hours: int) -> str:
    begins = now - timedelta(hours=hours)
    return shown_number(sum((value for moment, value in measured if moment > begins), Decimal(0)))


def _depths(now: datetime) -> list[Decimal]:
    plan = Plan.objects.holding_in(now.year)
    rules = Criterion.objects.filter(plan=plan, kind=Criterion.Kind.PONDING)
    return sorted(set(rules.values_list("lower", flat=True)))

"""Handing in readings: one by hand on a phone, a table after a look at it."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages as notes
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from floodresponse.downloads import workbook_response
from floodresponse.gauges.forms import ReadingForm, SheetForm
from floodresponse.gauges.rows import shown_number
from floodresponse.gauges.sheets import (
    HEADER,
    MOST_COLUMNS,
    MOST_LINES,
    SheetLine,
    lines_of_csv,
    read_lines,
)
from floodresponse.models import Station
from floodresponse.ownstations import own_stations
from floodresponse.readings import CLOCK_SKEW, KINDS, UNITS, check_unit
from floodresponse.services.entering import Foreseen, enter_reading, enter_sheet, foresee_readings
from foundation.errors import DomainError, InvalidInput, StateConflict
from foundation.filetypes import CSV, TEXT, XLSX
from foundation.services.attachments import check_file
from foundation.workbooks import table_from
from organizations.access import StaffRequest, staff_page
from taskboard.ledgers.forms import show_refusal

PERMISSION, ENTERING = "floodresponse.enter_observations", "报送雨量和积水数据"
SALT = "floodresponse.readings.sheet"
# A preview that was left open longer is read again.
MAX_AGE_SECONDS = 4 * 60 * 60
# Lines with an error come first; the rest of a long table is counted, not drawn.
MOST_SHOWN = 300


@staff_page(PERMISSION, ENTERING)
def new(request: StaffRequest) -> HttpResponse:
    """One reading by hand; the form stays at its station for the next."""
    now = timezone.now()
    stations = own_stations(request.user).order_by("-kind", "code")
    asked = stations.filter(code=request.GET.get("station", "")).first()
    initial = {"station": asked, "unit": UNITS[asked.kind]} if asked else {}
    posted = request.POST if request.method == "POST" else None
    form = ReadingForm(posted, stations=stations, at=now, initial=initial)
    if form.is_bound and form.is_valid() and (station := _entered(request, form)):
        return redirect(f"{request.path}?station={station.code}")
    context = {
        "form": form,
        "units": {station.pk: UNITS[station.kind] for station in stations},
        "now": now,
        "skew_seconds": int(CLOCK_SKEW.total_seconds()),
    }
    status = 400 if form.errors else 200
    return render(request, "floodresponse/gauges/new.html", context, status=status)


def _entered(request: StaffRequest, form: ReadingForm) -> Station | None:
    """The station whose reading was kept; None when it was refused, with the sentences in the form."""
    station: Station = form.cleaned_data["station"]
    try:
        check_unit(form.cleaned_data["unit"], station.kind)
    except InvalidInput as refusal:
        form.add_error("unit", refusal.message)
        return None
    try:
        reading = enter_reading(
            actor=request.user,
            at=timezone.now(),
            station=station,
            observed_at=form.moment(),
            value=form.cleaned_data["value"],
        )
    except (InvalidInput, StateConflict) as refusal:
        show_refusal(form, refusal)
        return None
    what = f"{KINDS[station.kind]} {shown_number(reading.value)} {UNITS[station.kind]}"
    notes.success(
        request, f"已记录：{station.name} {timezone.localtime(reading.observed_at):%m-%d %H:%M} {what}。"
    )
    return station


@require_safe
@staff_page(PERMISSION, ENTERING)
def template(request: StaffRequest) -> HttpResponse:
    """An empty table with every station that the person reports."""
    stations = own_stations(request.user).order_by("-kind", "code")
    rows = [(station.code, "", "", UNITS[station.kind]) for station in stations]
    return workbook_response("观测数据模板", "readings-template", HEADER, rows)


@staff_page(PERMISSION, ENTERING)
def upload(request: StaffRequest) -> HttpResponse:
    """Hand in a table; nothing is written before it was looked at."""
    form = SheetForm(request.POST, request.FILES) if request.method == "POST" else SheetForm()
    if form.is_bound and form.is_valid():
        try:
            return _preview(request, form)
        except DomainError as refusal:
            show_refusal(form, refusal)
    context = {"form": form, "most_lines": MOST_LINES}
    return render(request, "floodresponse/gauges/import.html", context, status=400 if form.is_bound else 200)


def _preview(request: StaffRequest, form: SheetForm) -> HttpResponse:
    checked = check_file(form.cleaned_data["file"])
    kinds = dict(Station.objects.values_list("code", "kind"))
    cells = _cells(checked.kind, checked.content)
    lines = read_lines(cells, kinds, timezone.get_current_timezone())
    rows = [line.row for line in lines if line.row is not None]
    foreseen = foresee_readings(actor=request.user, at=timezone.now(), rows=rows)
    judged = _judged(lines, foreseen)
    good = [line.row for line, outcome in judged if not outcome.error and not outcome.known]
    context = {
        "file_name": checked.name,
        "judged": judged[:MOST_SHOWN],
        "left_out": max(len(judged) - MOST_SHOWN, 0),
        "good": len(good),
        "bad": sum(bool(outcome.error) for _, outcome in judged),
        "known": sum(outcome.known for _, outcome in judged),
        "corrections": sum(outcome.corrects for _, outcome in judged),
        "payload": signing.dumps(
            {"user": request.user.pk, "file": checked.name, "rows": good}, salt=SALT, compress=True
        ),
    }
    return render(request, "floodresponse/gauges/import_preview.html", context)


def _cells(kind: Any, content: bytes) -> list[list[str]]:
    if kind == XLSX:
        return table_from(content, most_rows=MOST_LINES + 1, most_columns=MOST_COLUMNS)
    if kind in (CSV, TEXT):
        return lines_of_csv(content)
    sentence = "请选择 CSV 或 Excel（xlsx）表格。"
    raise InvalidInput(sentence, fields={"file": [sentence]})


def _judged(lines: Sequence[SheetLine], foreseen: Sequence[Foreseen]) -> list[tuple[SheetLine, Foreseen]]:
    """Each line with what would become of it; those with an error first."""
    outcomes = iter(foreseen)
    judged = [
        (line, next(outcomes) if line.row is not None else Foreseen(error=line.error)) for line in lines
    ]
    return sorted(judged, key=lambda pair: not pair[1].error)


@require_POST
@staff_page(PERMISSION, ENTERING)
def confirm(request: StaffRequest) -> HttpResponse:
    """Hand in the lines that were shown without errors."""
    try:
        shown = _unpacked(request)
        intake = enter_sheet(
            actor=request.user,
            at=timezone.now(),
            rows=shown["rows"],
            file_name=shown["file"],
            reason=request.POST.get("reason", ""),
        )
    except DomainError as refusal:
        notes.error(request, refusal.message)
        return redirect("floodresponse:readings_import")
    words = f"已写入 {intake.accepted} 条"
    words += f"，其中更正 {intake.corrected} 条" if intake.corrected else ""
    notes.success(
        request, f"{words}。" + (f"另有 {len(intake.rejected)} 条被拒收。" if intake.rejected else "")
    )
    return redirect("floodresponse:readings")


def _unpacked(request: StaffRequest) -> dict[str, Any]:
    try:
        shown: dict[str, Any] = signing.loads(
            request.POST.get("payload", ""), salt=SALT, max_age=MAX_AGE_SECONDS
        )
    except signing.BadSignature:
        raise StateConflict("预览已经过期，没有写入任何内容。请重新选择表格。") from None
    if shown["user"] != request.user.pk:
        raise StateConflict("这份预览不是您做的，没有写入任何内容。请重新选择表格。")
    return shown

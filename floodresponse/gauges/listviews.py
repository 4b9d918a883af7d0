"""Readings: the list with its exports, one with its history and its correction."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from floodresponse.downloads import workbook_response
from floodresponse.gauges.filters import ReadingFilter, since
from floodresponse.gauges.forms import CorrectionForm
from floodresponse.gauges.rows import HEADER, cells_of, line_of, shown_number
from floodresponse.models import DrillReading, Reading, ReadingRevision, StormReplay
from floodresponse.ownstations import is_own, own_names
from floodresponse.readings import UNITS
from floodresponse.services.entering import correct_reading
from foundation.errors import InvalidInput, StateConflict
from foundation.spreadsheets import csv_table
from organizations.access import StaffRequest, staff_page
from taskboard.ledgers.forms import show_refusal

PERMISSION, LOOKING = "floodresponse.view_command_post", "查看观测数据"
ENTERING = "floodresponse.enter_observations"
PAGE_SIZE = 50
MOST_EXPORTED = 20_000
SORTS = {
    "observed": ("observed_at", "pk"),
    "-observed": ("-observed_at", "-pk"),
    "value": ("value", "-observed_at", "pk"),
    "-value": ("-value", "-observed_at", "pk"),
    "received": ("received_at", "pk"),
    "-received": ("-received_at", "-pk"),
}
USUAL = "-observed"


def _filtered(request: StaffRequest, at: datetime) -> tuple[ReadingFilter, QuerySet[Reading], str]:
    """The filters, what passes them in the chosen order, and that order."""
    readings = Reading.objects.select_related("station", "batch")
    filtered = ReadingFilter(request.GET, queryset=readings, request=request)
    found = filtered.qs
    if not filtered.has_times():
        found = found.filter(observed_at__gt=since(at))
    order = request.GET.get("sort", USUAL)
    order = order if order in SORTS else USUAL
    return filtered, found.order_by(*SORTS[order]), order


@require_safe
@staff_page(PERMISSION, LOOKING)
def readings(request: StaffRequest) -> HttpResponse:
    """Readings of the last day, or of the time asked for."""
    filtered, found, order = _filtered(request, timezone.now())
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    replaced = ReadingRevision.objects.filter(reading__in=[reading.pk for reading in page])
    revised = Counter(replaced.values_list("reading_id", flat=True))
    context = {
        "page": page,
        "lines": [(line_of(reading), revised[reading.pk]) for reading in page],
        "form": filtered.form,
        "filtered": any(request.GET.get(name) for name in filtered.filters),
        "has_times": filtered.has_times(),
        "order": order,
        "may_enter": request.user.has_perm(ENTERING),
        "replay": StormReplay.objects.running(),
    }
    return render(request, "floodresponse/gauges/readings.html", context)


@require_safe
@staff_page(PERMISSION, "导出观测数据")
def readings_csv(request: StaffRequest) -> HttpResponse:
    """What the list shows, as CSV."""
    lines = csv_table(HEADER, cells_of(_exported(request), timezone.get_current_timezone()))
    response = HttpResponse("".join(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="readings.csv"'
    return response


@require_safe
@staff_page(PERMISSION, "导出观测数据")
def readings_xlsx(request: StaffRequest) -> HttpResponse:
    """What the list shows, as a workbook."""
    rows = cells_of(_exported(request), timezone.get_current_timezone())
    return workbook_response("观测数据", "readings", HEADER, rows)


def _exported(request: StaffRequest) -> QuerySet[Reading]:
    """Refused where it would be too long, with what to do."""
    _, found, _ = _filtered(request, timezone.now())
    if found[MOST_EXPORTED : MOST_EXPORTED + 1].exists():
        raise InvalidInput(f"符合条件的数据超过 {MOST_EXPORTED} 条，没有导出。请缩小时间范围后再导出。")
    return found.annotate(revised=Count("revisions", distinct=True))


@require_safe
@staff_page(PERMISSION, LOOKING)
def drill_readings(request: StaffRequest) -> HttpResponse:
    """What the latest storm of a drill has written: apart from all that was measured."""
    replay = StormReplay.objects.running() or StormReplay.objects.first()
    rows = DrillReading.objects.filter(replay=replay).select_related("station")
    page = Paginator(rows.order_by("-observed_at", "-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "lines": [line_of(reading) for reading in page], "replay": replay}
    return render(request, "floodresponse/gauges/drill.html", context)


@staff_page(PERMISSION, LOOKING)
def reading(request: StaffRequest, pk: int) -> HttpResponse:
    """One reading with every value before; who may enter readings corrects it here."""
    found = get_object_or_404(Reading.objects.select_related("station", "batch__received_by"), pk=pk)
    may_correct = request.user.has_perm(ENTERING) and is_own(found.station, own_names(request.user))
    form = CorrectionForm(request.POST if request.method == "POST" else None, initial={"seen": found.value})
    if form.is_bound and form.is_valid():
        try:
            correct_reading(actor=request.user, at=timezone.now(), reading=found, **form.cleaned_data)
        except (InvalidInput, StateConflict) as refusal:
            show_refusal(form, refusal)
        else:
            notes.success(request, "已更正，原值留存在下面的更正记录里。")
            return redirect("floodresponse:reading", pk=pk)
    context: dict[str, Any] = {
        "line": line_of(found),
        "unit": UNITS[found.station.kind],
        "revisions": [
            (revision, shown_number(revision.value))
            for revision in found.revisions.select_related("batch__received_by").order_by(
                "-replaced_at", "-pk"
            )
        ],
        "form": form if may_correct else None,
    }
    status = 400 if form.errors else 200
    return render(request, "floodresponse/gauges/reading.html", context, status=status)

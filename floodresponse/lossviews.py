"""Figures of incidents by street and for the city (灾情统计), as a page and as a workbook."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from floodresponse.downloads import workbook_response
from floodresponse.filters import LossFilter
from floodresponse.losses import CITY, OWN, Total, counted, totals_by_street
from floodresponse.models import Incident
from floodresponse.reportcontent import FIGURES
from floodresponse.standing import keeps_office
from organizations.access import StaffRequest, staff_page

PERMISSION = "floodresponse.view_command_post"
PAIRS = [(name, f"{name}未核（起）") for name in FIGURES.values()]
HEADER = ("演练", "街道", "险情（起）", *(label for pair in PAIRS for label in pair))


def _asked(request: StaffRequest) -> tuple[LossFilter, list[Total], int]:
    """The filter, the lines, and how many are left out as told twice."""
    seen = Incident.objects.visible_to(request.user).select_related("unit", "street")
    filtered = LossFilter(request.GET, queryset=seen, request=request)
    found: QuerySet[Any] = filtered.qs
    incidents = list(found)
    totals = totals_by_street(incidents, of_all=CITY if keeps_office(request.user) else OWN)
    return filtered, totals, len(incidents) - len(counted(incidents))


@require_safe
@staff_page(PERMISSION, "查看灾情统计")
def index(request: StaffRequest) -> HttpResponse:
    """A line for each street and one for all."""
    filtered, totals, twins = _asked(request)
    context = {
        "form": filtered.form,
        "totals": totals,
        "names": list(FIGURES.values()),
        "twins": twins,
        "whole": keeps_office(request.user),
        "drill": filtered.form.data.get("exercise") == "true",
    }
    return render(request, "floodresponse/losses.html", context)


@require_safe
@staff_page(PERMISSION, "导出灾情统计")
def losses_xlsx(request: StaffRequest) -> HttpResponse:
    """The lines asked for, as a workbook; a drill is marked in each."""
    filtered, totals, _ = _asked(request)
    drill = "【演练】" if filtered.form.data.get("exercise") == "true" else ""
    return workbook_response("灾情统计", "flood-losses", HEADER, _lines(totals, drill))


def _lines(totals: Sequence[Total], drill: str) -> Iterator[list[str | Decimal]]:
    for total in totals:
        cells: list[str | Decimal] = [drill, total.name, str(total.incidents)]
        for value, uncounted in total.cells:
            cells += ["" if value is None else value, str(uncounted)]
        yield cells

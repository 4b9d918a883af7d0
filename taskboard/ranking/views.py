"""Ranking of departments with the numbers behind it, and the weights."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from foundation.errors import DomainError
from foundation.workbooks import CONTENT_TYPE
from organizations.access import StaffRequest, staff_page
from taskboard.models import TaskList
from taskboard.plausible import FIRST_YEAR, LAST_YEAR
from taskboard.ranking import sheets
from taskboard.ranking.figures import Period, figures_of, seen_on
from taskboard.ranking.forms import PeriodForm, WeightsForm, spans_of
from taskboard.ranking.scoring import FIGURES, LABELS, MEANINGS, Ranked, ranking_of
from taskboard.ranking.weights import Weights, current_weights
from taskboard.services.weights import SET_WEIGHTS, set_weights

PERMISSION, READING = "taskboard.supervise_task", "查看部门排名"
PAGE_SIZE = 50
SORTS = ("score", "name", *FIGURES)


@dataclass(frozen=True, slots=True)
class Board:
    """The ranking of a period."""

    form: PeriodForm
    period: Period
    task_list: TaskList | None
    rows: Sequence[Ranked]
    weights: Weights


def _board(request: StaffRequest) -> Board:
    today = timezone.localdate()
    form = PeriodForm(request.GET, today=today)
    if form.is_valid():
        given = form.cleaned_data
        period, task_list = seen_on(given["start"], given["end"], given["as_of"], today), given["list"]
    else:
        period, task_list = Period(date(today.year, 1, 1), today, today), None
    weights = current_weights()
    rows = ranking_of(figures_of(period, task_list), weights.values)
    return Board(form, period, task_list, rows, weights)


def sorted_by(rows: Sequence[Ranked], sort: str) -> list[Ranked]:
    """By score, name or a figure's rate, the best first; ``-`` before it turns the order round."""
    key, falling = sort.removeprefix("-"), sort.startswith("-")
    if key not in SORTS:
        return list(rows)
    if key == "name":
        return sorted(rows, key=lambda row: row.name, reverse=falling)
    # Who has no such figure stands last either way.
    value = {row.slug: _value(row, key) for row in rows}
    having = [row for row in rows if value[row.slug] is not None]
    having.sort(key=lambda row: value[row.slug], reverse=not falling)
    return having + [row for row in rows if value[row.slug] is None]


def _value(row: Ranked, key: str) -> Any:
    return row.score if key == "score" else row.scored[FIGURES.index(key)].rate


@require_safe
@staff_page(PERMISSION, READING)
def ranking(request: StaffRequest) -> HttpResponse:
    """Departments by score, with every number that made it."""
    board = _board(request)
    sort = request.GET.get("sort", "score")
    page = Paginator(sorted_by(board.rows, sort), PAGE_SIZE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    context = {
        "board": board,
        "page": page,
        "heads": [(key, LABELS[key], board.weights.values[key], MEANINGS[key]) for key in FIGURES],
        "late_worth": board.weights.values["late"],
        "sort": sort,
        "spans": spans_of(today),
        "year": board.period.end.year,
        "may_set": request.user.has_perm(SET_WEIGHTS),
    }
    return render(request, "taskboard/ranking/ranking.html", context)


@require_safe
@staff_page(PERMISSION, "导出部门排名")
def ranking_xlsx(request: StaffRequest) -> HttpResponse:
    """The ranking as a workbook, in the order of the page."""
    board = _board(request)
    rows = sorted_by(board.rows, request.GET.get("sort", "score"))
    content = sheets.ranking_workbook(rows, board.period.start, board.period.end)
    return _as_file(content, f"部门排名-{board.period.start}-{board.period.end}", "ranking")


@require_safe
@staff_page(PERMISSION, "导出年度考核表")
def assessment_xlsx(request: StaffRequest, year: int) -> HttpResponse:
    """The year-end assessment sheet."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    today = timezone.localdate()
    weights = current_weights()
    period = Period(date(year, 1, 1), date(year, 12, 31), today)
    rows = ranking_of(figures_of(period), weights.values)
    content = sheets.assessment_workbook(rows, weights, year, settings.SITE_OWNER, today)
    return _as_file(content, f"{year}年度考核表", f"assessment-{year}")


def _as_file(content: bytes, name: str, plain: str) -> HttpResponse:
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    full = quote(f"{name}.xlsx")
    response["Content-Disposition"] = f"attachment; filename=\"{plain}.xlsx\"; filename*=UTF-8''{full}"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(SET_WEIGHTS, "设置考核分值")
def weights(request: StaffRequest) -> HttpResponse:
    """What each figure counts for."""
    now = current_weights()
    initial = {"basis": now.basis, "confirmed": not now.provisional}
    posted = request.POST if request.method == "POST" else None
    form = WeightsForm(posted, values=now.values, initial=initial, auto_id="w-%s")
    status = 400 if form.is_bound else 200
    if form.is_valid():
        try:
            set_weights(
                actor=request.user,
                at=timezone.now(),
                values=form.points,
                confirmed=form.cleaned_data["confirmed"],
                basis=form.cleaned_data["basis"],
            )
        except DomainError as refusal:
            for field, sentences in refusal.fields.items():
                form.add_error(field, sentences)
            status = refusal.status
        else:
            notes.success(request, "考核分值已保存，排名按新分值计算。")
            return redirect("taskboard:ranking")
    return render(request, "taskboard/ranking/weights.html", {"form": form, "now": now}, status=status)

"""A task list on paper: a working paper for meetings, as of a day."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone

from directives.numbers import INNER_MARKS
from organizations.access import StaffRequest, staff_page
from organizations.models import User
from printing import Layout
from printing.access import pdf_page
from printing.delivery import NothingToPrint, deliver
from printing.printouts import Printout
from printing.titles import title_lines
from taskboard import boards
from taskboard.listviews.reading import WITH_DUTIES
from taskboard.looks import strict_look_of
from taskboard.models import TaskList
from taskboard.overviews import overview_of
from taskboard.views import PERMISSION

# Units of the plot's drawing.
NAME_WIDTH, BAR_WIDTH, ROW_HEIGHT, BAR_HEIGHT = 150.0, 250.0, 15.0, 9.0


@dataclass(frozen=True, slots=True)
class PlotRow:
    """A department's bar, with its place in the drawing."""

    bar: boards.DepartmentBar
    top: float
    middle: float
    lead_end: float
    lead_width: float
    support_width: float
    end: float


@pdf_page
@staff_page(PERMISSION, "打印任务清单")
def report(request: StaffRequest, pk: int) -> HttpResponse:
    """The list by part with its lights, counts and the plot of its departments."""
    found = TaskList.objects.visible_to(request.user).select_related("directive").filter(pk=pk).first()
    if found is None:
        raise NothingToPrint("没有这份任务清单，或者它已被删除。")
    as_of = strict_look_of(request).day
    return deliver(request, report_of(found, request.user, as_of))


def report_of(task_list: TaskList, user: User, as_of: date) -> Printout:
    """The list set as a working paper."""
    name = f"{task_list.title}进展通报（{as_of.year}年{as_of.month}月{as_of.day}日）"
    html = render_to_string("taskboard/report.html", _context(task_list, user, as_of))
    return Printout(html, Layout.REPORT, name, name)


def _context(task_list: TaskList, user: User, as_of: date) -> dict[str, Any]:
    title = f"{task_list.title}进展通报"
    visible = task_list.tasks.visible_to(user).seen(as_of, timezone.localdate())
    tasks = visible.select_related("task_list").prefetch_related(WITH_DUTIES)
    overview = overview_of(task_list, as_of)
    rows = plot_rows(overview["plot"])
    return {
        "title": title,
        "title_lines": title_lines(title),
        "author": settings.SITE_OWNER,
        "created": as_of,
        "site_name": settings.SITE_NAME,
        "running": f"{settings.SITE_NAME} · 内部工作材料",
        "task_list": task_list,
        "basis": task_list.directive.title.translate(INNER_MARKS) if task_list.directive else "",
        "as_of": as_of,
        "parts": boards.grouped(tasks.order_by("order"), as_of),
        "rows": rows,
        "plot_height": len(rows) * ROW_HEIGHT,
        **overview,
    }


def plot_rows(plot: boards.Plot) -> list[PlotRow]:
    """Departments from top to bottom, the longest bar as wide as the plot."""
    return [_plot_row(at, bar) for at, bar in enumerate((*plot.leading, *plot.supporting))]


def _plot_row(at: int, bar: boards.DepartmentBar) -> PlotRow:
    lead, support = bar.lead_width * BAR_WIDTH / 100, bar.support_width * BAR_WIDTH / 100
    top = at * ROW_HEIGHT
    return PlotRow(
        bar=bar,
        top=top + (ROW_HEIGHT - BAR_HEIGHT) / 2,
        middle=top + ROW_HEIGHT * 0.72,
        lead_end=NAME_WIDTH + lead,
        lead_width=lead,
        support_width=support,
        end=NAME_WIDTH + lead + support + 5,
    )

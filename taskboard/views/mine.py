"""My department: what to do now, in order."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from foundation.workbooks import CONTENT_TYPE
from organizations.access import StaffRequest, staff_page
from organizations.models import Department
from taskboard import exports, mywork
from taskboard.acting import holders_of, units_of
from taskboard.bulletins.naming import bulletins_of
from taskboard.listviews.reading import WITH_DUTIES
from taskboard.looks import Look, look_of, strict_look_of
from taskboard.models import ProgressReport, Task
from taskboard.querysets import TaskQuerySet
from taskboard.supervision.demands import demands_on
from taskboard.urgency import GOING
from taskboard.views.reading import PERMISSION

READING = "查看本单位任务"
# More cards than a person works off in a day are rows below.
CARDS, ROWS = 40, 200


@staff_page(PERMISSION, READING)
def mine(request: StaffRequest) -> HttpResponse:
    """What waits for the reader's departments, then what is going on, then what they support."""
    units, look = units_of(request.user), look_of(request)
    context: dict[str, Any] = {"units": units, **look.context()}
    if units:
        keys = {key for held in holders_of(units).values() for key in held}
        context |= _work(_running(request, units, look), look)
        then: Any = _seen(request, look).of_departments(keys, look.moment)
        context["closed"] = then.filter(stood=Task.State.CLOSED).count()
        departments = [unit.pk for unit in units]
        context["demands"] = demands_on(request.user, departments, look.day, look.moment)
    return render(request, "taskboard/mine.html", context)


@require_safe
@staff_page(PERMISSION, "导出本单位任务")
def mine_xlsx(request: StaffRequest) -> HttpResponse:
    """What the reader's departments lead or support and have not finished, as a workbook."""
    look = strict_look_of(request)
    tasks: Any = _running(request, units_of(request.user), look).select_related("task_list")
    ordered = tasks.prefetch_related(WITH_DUTIES).order_by("-leads_it", "due", "task_list", "order")
    content = exports.workbook("我的任务", ordered, look.day)
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    name = quote(f"我的任务-{look.day}.xlsx")
    response["Content-Disposition"] = f"attachment; filename=\"mine.xlsx\"; filename*=UTF-8''{name}"
    return response


def _seen(request: StaffRequest, look: Look) -> TaskQuerySet:
    return Task.objects.visible_to(request.user).seen(look.day, look.today)


def _running(request: StaffRequest, units: Sequence[Department], look: Look) -> TaskQuerySet:
    """Of the departments, lit, as they stood on the day."""
    return _seen(request, look).with_light(look.day).as_work_of(holders_of(units), look.moment)


def _work(tasks: TaskQuerySet, look: Look) -> dict[str, Any]:
    day, counts = look.day, tasks.count_work()
    listed = tasks.select_related("task_list")
    unsigned = listed.still_unsigned()[:ROWS]
    led = list(listed.led_by_urgency()[: CARDS + ROWS])
    waiting = [task for task in led if mywork.rank_of(task, day) != GOING][:CARDS]
    shown = {task.pk for task in waiting}
    reports = ProgressReport.objects.filter(task__in=shown).order_by("at", "pk")
    if look.moment:
        reports = reports.filter(at__lt=look.moment)
    supported = list(listed.only_supported()[:ROWS])
    named = bulletins_of((task.pk for task in (*led, *supported)), look.moment)
    return {
        "cards": mywork.in_order(mywork.sign_cards(counts, unsigned), waiting, reports, named, day),
        "going": [mywork.row_of(task, named, day) for task in led if task.pk not in shown],
        "going_count": sum(n for _, _, leads, waits, _, _, n in counts if leads and not waits) - len(shown),
        "supported": [mywork.row_of(task, named, day) for task in supported],
        "supported_count": sum(n for _, _, leads, waits, _, _, n in counts if not leads and not waits),
    }

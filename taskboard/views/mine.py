"""My department: what to do now, in order."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from organizations.access import StaffRequest, staff_page
from taskboard import mywork
from taskboard.acting import holders_of, units_of
from taskboard.bulletins.naming import bulletins_of
from taskboard.models import ProgressReport, Task
from taskboard.querysets import TaskQuerySet
from taskboard.supervision.demands import demands_on
from taskboard.urgency import GOING
from taskboard.views.reading import PERMISSION

# More cards than a person works off in a day are rows below.
CARDS, ROWS = 40, 200


@staff_page(PERMISSION, "查看本单位任务")
def mine(request: StaffRequest) -> HttpResponse:
    """What waits for the reader's departments, then what is going on, then what they support."""
    units = units_of(request.user)
    today = timezone.localdate()
    context: dict[str, Any] = {"units": units, "today": today}
    if units:
        holders = holders_of(units)
        visible = Task.objects.visible_to(request.user)
        context |= _work(visible.with_light(today).as_work_of(holders), today)
        keys = {key for held in holders.values() for key in held}
        context["closed"] = visible.of_departments(keys).filter(state=Task.State.CLOSED).count()
        context["demands"] = demands_on(request.user, [unit.pk for unit in units], today)
    return render(request, "taskboard/mine.html", context)


def _work(tasks: TaskQuerySet, today: date) -> dict[str, Any]:
    counts = tasks.count_work()
    listed = tasks.select_related("task_list")
    unsigned = listed.still_unsigned()[:ROWS]
    led = list(listed.led_by_urgency()[: CARDS + ROWS])
    waiting = [task for task in led if mywork.rank_of(task, today) != GOING][:CARDS]
    shown = {task.pk for task in waiting}
    reports = ProgressReport.objects.filter(task__in=shown).order_by("at", "pk")
    supported = list(listed.only_supported()[:ROWS])
    named = bulletins_of(task.pk for task in (*led, *supported))
    return {
        "cards": mywork.in_order(mywork.sign_cards(counts, unsigned), waiting, reports, named, today),
        "going": [mywork.row_of(task, named, today) for task in led if task.pk not in shown],
        "going_count": sum(n for _, _, leads, waits, _, _, n in counts if leads and not waits) - len(shown),
        "supported": [mywork.row_of(task, named, today) for task in supported],
        "supported_count": sum(n for _, _, leads, waits, _, _, n in counts if not leads and not waits),
    }

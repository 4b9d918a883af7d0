"""Task lists and tasks, for signed-in staff."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.core.paginator import Page, Paginator
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import render

from foundation.errors import InvalidInput
from organizations.access import StaffRequest, staff_page
from organizations.models import User
from taskboard import boards, duedates, exports
from taskboard.acting import holders_of, units_of
from taskboard.listviews.reading import PRINTED, WITH_DUTIES, listed
from taskboard.looks import look_of
from taskboard.models import Extension, Task, TaskList
from taskboard.querysets import TaskQuerySet
from taskboard.workcalendar import current_calendar
from taskboard.workdays import count_workdays

PERMISSION, READING = "taskboard.view_task", "查看任务清单"
# Up to this many tasks stand on one page, so that a list is read and printed whole.
PAGE_SIZE = 200
LISTS_ON_A_PAGE = 20
URGENT = 6


@staff_page(PERMISSION, READING)
def index(request: StaffRequest) -> HttpResponse:
    """All lists, with how many tasks stand in which light and state."""
    look = look_of(request)
    on_day = look.day
    tasks = Task.objects.visible_to(request.user).seen(on_day, look.today)
    lists = TaskList.objects.visible_to(request.user).select_related("directive")
    page = Paginator(lists, LISTS_ON_A_PAGE).get_page(request.GET.get("page"))
    of_list: dict[int, list[tuple[str, str, int]]] = defaultdict(list)
    for key, colour, state, number in tasks.filter(task_list__in=list(page)).count_by_light(on_day):
        of_list[key].append((colour, state, number))
    context = {
        "page": page,
        "lists": [(found, boards.counts_of(of_list[found.pk])) for found in page],
        "counts": boards.counts_of(tasks.count_all_by_light(on_day)),
        "urgent": _urgent(tasks, on_day),
        **look.context(),
    }
    return render(request, "taskboard/index.html", context)


def _urgent(tasks: TaskQuerySet, on_day: date) -> list[boards.Row]:
    first = tasks.pressing(on_day).select_related("task_list").prefetch_related(WITH_DUTIES)[:URGENT]
    return [boards.Row(task, boards.light_of(task, on_day)) for task in first]


@staff_page(PERMISSION, READING)
def task_list(request: StaffRequest, pk: int) -> HttpResponse:
    """One list by part and subsection, or in another order; filtered, with the plot of its departments."""
    asked = listed(request, pk)
    page = Paginator(asked.tasks, PAGE_SIZE).get_page(request.GET.get("page"))
    printed = asked.sort == PRINTED
    rows = boards.grouped(page.object_list, asked.filter.day, _last_part_before(asked.tasks, page))
    # What is seen as of a past day is read, not worked on.
    may_work = asked.moment is None and request.user.has_perm("taskboard.work_on_task")
    context = {
        "view": "table",
        "may_work": may_work,
        "picking": may_work or (asked.moment is None and request.user.has_perm("taskboard.issue_list")),
        "parts": rows if printed else (),
        "rows": () if printed else [boards.Row(t, boards.light_of(t, asked.filter.day)) for t in page],
        "page": page,
        "unsigned": _unsigned(asked.task_list, request.user) if may_work else 0,
        **asked.context(),
    }
    return render(request, "taskboard/task_list.html", context)


def _unsigned(found: TaskList, user: User) -> int:
    """How many tasks of the list wait for the signature of the reader's departments."""
    units = units_of(user)
    return found.tasks.all().to_sign(holders_of(units)).count() if units else 0


def _last_part_before(tasks: TaskQuerySet, page: Page[Task]) -> str | None:
    """The part in which the page before this one ended."""
    if page.number == 1:
        return None
    before: Task = tasks[page.start_index() - 2]
    return before.part


@staff_page(PERMISSION, "导出任务清单")
def task_list_csv(request: StaffRequest, pk: int) -> HttpResponse:
    """The filtered list as a table."""
    asked = listed(request, pk)
    lines = exports.csv_lines(asked.tasks, asked.filter.day)
    response = HttpResponse("".join(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="tasks-{pk}-{asked.filter.day}.csv"'
    return response


def reckoning_of(task: Task, extensions: Sequence[Extension] = ()) -> duedates.Reckoning:
    """How the task's due date came about; ``extensions`` are those granted, the first one first."""
    found = task.task_list
    own = extensions[0].old_due if extensions else task.due_on
    if own is None or (extensions and extensions[0].old_inherited):
        reckoning = duedates.reckon_inherited(
            extensions[0].old_due if extensions else found.ends_on,
            found.ends_on_note,
            provisional=found.ends_on_provisional,
        )
    elif task.trigger_on is not None and task.trigger_days is not None:
        reckoning = _reckoned(task.trigger_on, task.trigger_days, task.trigger_clause, own)
    else:
        issued_on = found.directive.issued_on if found.directive else None
        reckoning = duedates.reckon_own(own, task.due_text, issued_on)
    for extension in extensions:
        reckoning = duedates.extended(reckoning, extension.until, extension.reason)
    return reckoning


def _reckoned(trigger: date, days: int, clause: str, own: date) -> duedates.Reckoning:
    """Working days counted again; where the calendar says otherwise by now, that is said."""
    try:
        counted = duedates.reckon_trigger(count_workdays(trigger, days, current_calendar()), clause)
    except InvalidInput as unknown:
        steps = (duedates.Step("依据", f"“{clause}”"), duedates.Step("注意", unknown.message))
        return duedates.Reckoning(own, False, steps)
    if counted.due == own:
        return counted
    said = f"工作日日历后来改过，现在推算为 {counted.due}；时限仍按登记时的 {own}"
    return duedates.Reckoning(own, False, (*counted.steps, duedates.Step("注意", said)))


def neighbours_of(task: Task) -> dict[str, Task | None]:
    """The tasks before and after it in its list."""
    others = task.task_list.tasks.only("pk", "title", "order", "task_list_id")
    return {
        "previous": others.filter(order__lt=task.order).order_by(F("order").desc()).first(),
        "next": others.filter(order__gt=task.order).order_by("order").first(),
    }

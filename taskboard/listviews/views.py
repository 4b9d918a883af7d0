"""A list as columns by state, along a line of time, and as departments against states."""

from datetime import date, datetime

from django.core.paginator import Paginator
from django.db.models import Max, Min
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from foundation.workbooks import CONTENT_TYPE, workbook_of
from organizations.access import StaffRequest, staff_page
from taskboard.listviews import board, matrix, timeline
from taskboard.listviews.reading import Listed, listed
from taskboard.models import TaskDepartment, TaskTransition

PERMISSION, READING = "taskboard.view_task", "查看任务清单"
BARS, DEPARTMENTS = 50, 50
SORTS = (("total", "合计，多的在前"), ("red", "逾期，多的在前"), ("name", "部门名称"))


@staff_page(PERMISSION, READING)
def board_page(request: StaffRequest, pk: int) -> HttpResponse:
    """Columns by state; a card goes to another one by the step that leads there."""
    asked = listed(request, pk)
    page = _number(request.GET.get("page"))
    context = {
        "view": "board",
        "board": board.board_of(asked.tasks, asked.ordering, page, asked.filter.day),
        "may_move": asked.moment is None
        and (
            request.user.has_perm("taskboard.work_on_task")
            or request.user.has_perm("taskboard.supervise_task")
        ),
        **asked.context(),
    }
    return render(request, "taskboard/board.html", context)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 9 else 1


@staff_page(PERMISSION, READING)
def timeline_page(request: StaffRequest, pk: int) -> HttpResponse:
    """Stages and tasks from start to due day, milestones, and today."""
    asked = listed(request, pk)
    page = Paginator(asked.tasks.prefetch_related("milestones"), BARS).get_page(request.GET.get("page"))
    stages = list(asked.task_list.stages.all())
    day = asked.filter.day
    issued = _issued([task.pk for task in page])
    scale = timeline.scale_of([*_days(asked), *timeline.days_of_stages(stages), *issued.values()], day)
    context = {
        "view": "timeline",
        "page": page,
        "bars": [timeline.bar_of(task, issued, scale, day) for task in page],
        "stages": [timeline.stage_bar_of(stage, scale, day) for stage in stages],
        "ticks": timeline.ticks_of(scale),
        "day_x": scale.at(day) if scale.holds(day) else "",
        **asked.context(),
    }
    return render(request, "taskboard/timeline.html", context)


def _days(asked: Listed) -> list[date | None]:
    """The first and last due day and milestone of all tasks that pass the filters."""
    ends = (Min("due"), Max("due"), Min("milestones__on"), Max("milestones__on"))
    days: dict[str, date | None] = asked.tasks.order_by().aggregate(*ends)
    return list(days.values())


def _issued(keys: list[int]) -> dict[int, date]:
    """By task the day on which it was issued first."""
    steps = TaskTransition.objects.filter(task__in=keys, action=TaskTransition.Action.ISSUE).order_by()
    rows: list[tuple[int, datetime]] = list(steps.values_list("task").annotate(first=Min("at")))
    return {pk: timezone.localdate(at) for pk, at in rows}


@staff_page(PERMISSION, READING)
def matrix_page(request: StaffRequest, pk: int) -> HttpResponse:
    """Counts that lead to the tasks they count."""
    asked = listed(request, pk)
    role, found = _matrix(asked)
    page = Paginator(found.rows, DEPARTMENTS).get_page(request.GET.get("page"))
    context = {
        **asked.context(),
        "view": "matrix",
        "matrix": found,
        "page": page,
        "role": role,
        "role_word": matrix.ROLES[role],
        "sorts": [*SORTS, *_by_state(found)],
        "sort": request.GET.get("sort", matrix.TOTAL),
    }
    return render(request, "taskboard/matrix.html", context)


def _by_state(found: matrix.Matrix) -> list[tuple[str, str]]:
    return [(state, f"{word}，多的在前") for state, word in found.columns]


def _matrix(asked: Listed) -> tuple[str, matrix.Matrix]:
    given = asked.request.GET
    role = TaskDepartment.Role.SUPPORT if given.get("role") == "support" else TaskDepartment.Role.LEAD
    return role.value, matrix.matrix_of(
        asked.tasks, role.value, given.get("sort", matrix.TOTAL), asked.moment
    )


@staff_page(PERMISSION, "导出任务清单")
def matrix_xlsx(request: StaffRequest, pk: int) -> HttpResponse:
    """The counts as a workbook."""
    asked = listed(request, pk)
    role, found = _matrix(asked)
    content = workbook_of(asked.task_list.title, found.header(role), found.lines())
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    name = f"departments-{pk}-{asked.filter.day}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response

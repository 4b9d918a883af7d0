"""Due dates of a month as a calendar, and the addresses for calendar programs."""

from calendar import Calendar
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from foundation.days import day_from
from foundation.workbooks import CONTENT_TYPE
from organizations.access import StaffRequest, staff_page
from organizations.models import Department
from taskboard import exports
from taskboard.acting import SUPERVISE, units_of
from taskboard.boards import Row, light_of
from taskboard.duecalendar.reading import ALL, MINE, Day, clocked, days_of, of_departments, of_reader
from taskboard.listviews.reading import WITH_DUTIES
from taskboard.looks import Look, look_of, strict_look_of
from taskboard.models import CalendarKey, TaskList
from taskboard.plausible import is_plausible
from taskboard.services.calendarkeys import end_calendar_key, renew_calendar_key

PERMISSION, READING = "taskboard.view_task", "查看任务日历"
PAGE_SIZE = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    look: Look
    first: date
    last: date
    scope: str
    department: Department | None
    task_list: TaskList | None
    tasks: "QuerySet[Any]"


@staff_page(PERMISSION, READING)
def calendar(request: StaffRequest) -> HttpResponse:
    """The month, and the whole of one day where it is asked for."""
    look = look_of(request)
    asked = _asked(request, look)
    days = days_of(asked.tasks, asked.first, asked.last, look.day)
    weeks = Calendar().monthdatescalendar(asked.first.year, asked.first.month)
    context = {
        "asked": asked,
        "weeks": [[_cell(day, asked.first.month, days) for day in week] for week in weeks],
        "total": sum(day.count for day in days.values()),
        "before": _month_word(asked.first, -1),
        "after": _month_word(asked.first, 1),
        "departments": Department.objects.filter(task_duties__isnull=False).distinct().order_by("name"),
        "lists": TaskList.objects.visible_to(request.user).filter(state="issued"),
        "has_own": bool(units_of(request.user)) or request.user.has_perm(SUPERVISE),
        "key": _addresses(request),
        **_one_day(request, asked),
        **look.context(),
    }
    return render(request, "taskboard/calendar.html", context)


def _asked(request: StaffRequest, look: Look) -> Asked:
    given = request.GET
    first = _month_from(given.get("month")) or (day_from(given.get("day")) or look.day).replace(day=1)
    last = _last_of(first)
    tasks = clocked(request.user, look.day, look.today)
    department = Department.objects.filter(slug=given.get("department", "")).first()
    found = _list_of(request, given.get("list", ""))
    scope = given.get("scope", "")
    if scope not in (MINE, ALL):
        scope = MINE if units_of(request.user) else ALL
    if department is not None:
        tasks = of_departments(tasks, [department], look.moment)
    elif scope == MINE:
        tasks = of_reader(tasks, request.user, look.moment)
    if found is not None:
        tasks = tasks.filter(task_list=found)
    return Asked(look, first, last, scope, department, found, tasks)


def _list_of(request: StaffRequest, text: str) -> TaskList | None:
    if not (text.isascii() and text.isdecimal() and len(text) < 16):
        return None
    return TaskList.objects.visible_to(request.user).filter(pk=int(text)).first()


def _month_from(text: str | None) -> date | None:
    day = day_from(f"{text}-01") if text else None
    return day if day and is_plausible(day) else None


def _last_of(first: date) -> date:
    following = _month_after(first, 1)
    return date.fromordinal(following.toordinal() - 1)


def _month_after(first: date, months: int) -> date:
    number = first.year * 12 + first.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def _month_word(first: date, months: int) -> str:
    return f"{_month_after(first, months):%Y-%m}"


def _cell(day: date, month: int, days: dict[date, Day] | Any) -> Day | None:
    """A day of the month; None for one of a neighbouring month."""
    return days.get(day, Day(day, 0, ())) if day.month == month else None


def _one_day(request: StaffRequest, asked: Asked) -> dict[str, Any]:
    day = day_from(request.GET.get("day"))
    if day is None:
        return {"day": None}
    tasks = asked.tasks.filter(due=day).select_related("task_list").prefetch_related(WITH_DUTIES)
    page = Paginator(tasks.order_by("task_list", "order"), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [Row(task, light_of(task, asked.look.day)) for task in page]
    return {"day": day, "page": page, "rows": rows}


def _addresses(request: StaffRequest) -> dict[str, Any] | None:
    """The reader's own address and those of his departments; None before he made one."""
    key = CalendarKey.objects.filter(user=request.user).first()
    if key is None:
        return None

    def whole(name: str, *args: str) -> str:
        return request.build_absolute_uri(reverse(f"taskboard:{name}", args=[key.secret, *args]))

    units = units_of(request.user)
    return {
        "made_at": key.made_at,
        "personal": whole("personal_feed"),
        "departments": [(unit.name, whole("department_feed", unit.slug)) for unit in units],
    }


@staff_page(PERMISSION, READING)
def calendar_xlsx(request: StaffRequest) -> HttpResponse:
    """What falls due in the month as a workbook."""
    asked = _asked(request, strict_look_of(request))
    tasks = asked.tasks.filter(due__gte=asked.first, due__lte=asked.last).select_related("task_list")
    ordered = tasks.prefetch_related(WITH_DUTIES).order_by("due", "task_list", "order")
    content = exports.workbook(f"{asked.first:%Y-%m} 到期任务", ordered, asked.look.day)
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="due-{asked.first:%Y-%m}.xlsx"'
    return response


@require_POST
@staff_page(PERMISSION, "订阅任务日历")
def renew(request: StaffRequest) -> HttpResponse:
    """Make the reader's address, a new one, or none any more."""
    if "end" in request.POST:
        ended = end_calendar_key(actor=request.user, at=timezone.now())
        notes.success(request, "订阅地址已停用。" if ended else "您还没有订阅地址。")
    else:
        renew_calendar_key(actor=request.user, at=timezone.now())
        notes.success(request, "订阅地址已生成，旧地址（如有）即刻失效。")
    return redirect(f"{reverse('taskboard:calendar')}#subscribe")

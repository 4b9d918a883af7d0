"""The supervisor's desk: what waits, in the order in which it is worked off."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from foundation.errors import DomainError, InvalidInput
from foundation.workbooks import CONTENT_TYPE
from organizations.access import StaffRequest, staff_page
from taskboard import services
from taskboard.acting import SUPERVISE
from taskboard.desk import reading, sheets
from taskboard.desk.filters import NARROWING, DeskFilter
from taskboard.desk.forms import USUAL, UrgeForm
from taskboard.desk.queues import KEYS, Queue, hint_of
from taskboard.desk.reading import Scope
from taskboard.models import Extension, ReportObligation, Task, TaskList
from taskboard.pasttasks import moment_of
from taskboard.views.ways import way_back

FIRST_ROWS, PAGE_SIZE = 5, 50
# Of one queue; the rest is counted in a line of its own.
MOST_EXPORTED = 3000


@require_safe
@staff_page(SUPERVISE, "使用督查工作台")
def desk(request: StaffRequest) -> HttpResponse:
    """All queues with their first rows, or one of them page by page."""
    view = _looked_at(request)
    filters, scope = view.filters, view.scope
    chosen = request.GET.get("queue", "")
    context = _frame(request, filters, scope)
    if chosen in KEYS:
        totals = reading.totals_of(scope)
        page = Paginator(scope.of(chosen), PAGE_SIZE).get_page(request.GET.get("page"))
        rows = reading.rows_of(scope, chosen, page)
        context["queues"] = [
            Queue(key, totals[key], hint_of(key, scope.day), rows if key == chosen else []) for key in KEYS
        ]
        context |= {"page": page, "chosen": chosen}
    else:
        context["queues"] = reading.overview(scope, FIRST_ROWS)
        context["weeks"] = reading.red_weeks(scope.day, _list_of(filters))
    context["matrix"] = reading.matrix(view.everybody)
    return render(request, "taskboard/desk/desk.html", context)


@dataclass(frozen=True, slots=True)
class View:
    """What the reader asked for: the filters as read, the desk, and the same for all departments."""

    filters: DeskFilter
    scope: Scope
    everybody: Scope


def _looked_at(request: StaffRequest) -> View:
    issued = Task.objects.visible_to(request.user).of_issued_lists()
    asked = {name: request.GET[name] for name in (*NARROWING, "as_of") if name in request.GET}
    lead, today = asked.pop("lead", ""), timezone.localdate()
    filters = DeskFilter(asked, issued)
    tasks: Any = filters.qs
    moment = moment_of(filters.day, today)
    extensions = Extension.objects.visible_to(request.user).undecided(moment)
    owed = ReportObligation.objects.visible_to(request.user).overdue(filters.day, moment)
    owed = owed.filter(task_list__state=TaskList.State.ISSUED)
    if chosen := _list_of(filters):
        owed = owed.filter(task_list=chosen)
    if asked.get("part") or asked.get("q"):
        # Parts and words are those of tasks; what is owed for a list as a whole has neither.
        owed = owed.none()
    everybody = Scope(tasks, extensions, owed, filters.day, today)
    if lead:
        tasks = filters.with_duty(tasks, "lead", lead)
        owed = owed.filter(department__slug=lead)
    if lead or any(asked.get(name) for name in NARROWING):
        extensions = extensions.filter(task__in=tasks.order_by().values("pk"))
    else:
        extensions = extensions.filter(task__task_list__state=TaskList.State.ISSUED)
    scope = Scope(tasks, extensions, owed, filters.day, today)
    # Without a department they hold the same tasks; of a past day those are read once.
    return View(filters, scope, everybody if lead else scope)


def _list_of(filters: DeskFilter) -> int | None:
    found = filters.form.cleaned_data.get("list")
    return found.pk if found else None


def _frame(request: StaffRequest, filters: DeskFilter, scope: Scope) -> dict[str, Any]:
    chosen = _list_of(filters)
    lists = TaskList.objects.visible_to(request.user).filter(state=TaskList.State.ISSUED)
    parts = Task.objects.filter(task_list=chosen).exclude(part="").order_by("part") if chosen else None
    narrowed = any(request.GET.get(name) for name in NARROWING)
    return {
        "form": filters.form,
        "lead": request.GET.get("lead", ""),
        "lists": lists.order_by("title").values_list("pk", "title"),
        "parts": list(parts.values_list("part", flat=True).distinct()) if parts is not None else [],
        "chosen_list": chosen,
        "as_of": scope.day,
        "today": scope.today,
        "past": scope.moment is not None,
        "narrowed": narrowed,
        "usual": USUAL,
        "here": request.get_full_path(),
        "chosen": "",
    }


@require_safe
@staff_page(SUPERVISE, "导出督查工作台")
def desk_xlsx(request: StaffRequest) -> HttpResponse:
    """The desk, or one of its queues, as a workbook."""
    scope = _looked_at(request).scope
    chosen = request.GET.get("queue", "")
    tables = [_whole(scope, chosen)] if chosen in KEYS else reading.overview(scope, MOST_EXPORTED)
    response = HttpResponse(sheets.workbook(scope.day, tables), content_type=CONTENT_TYPE)
    name = quote(f"督查工作台-{scope.day}.xlsx")
    response["Content-Disposition"] = f"attachment; filename=\"desk.xlsx\"; filename*=UTF-8''{name}"
    return response


def _whole(scope: Scope, key: str) -> Queue:
    rows = reading.rows_of(scope, key, scope.of(key)[:MOST_EXPORTED])
    return Queue(key, reading.totals_of(scope)[key], "", rows)


@require_POST
@staff_page(SUPERVISE, "催办任务")
def urge(request: StaffRequest) -> HttpResponse:
    """Urge what was chosen; back to where it was chosen."""
    tasks = Task.objects.visible_to(request.user).select_related("task_list")
    owed = ReportObligation.objects.visible_to(request.user).select_related("task_list", "department")
    form = UrgeForm(request.POST, tasks=tasks, obligations=owed)
    back = way_back(request, reverse("taskboard:desk"))
    try:
        if not form.is_valid():
            raise InvalidInput(" ".join(str(e) for errors in form.errors.values() for e in errors))
        values = form.cleaned_data
        done = services.urge(
            actor=request.user,
            at=timezone.now(),
            text=values["text"],
            tasks=values["task"],
            signing=values["signing"],
            obligations=values["obligation"],
        )
    except DomainError as refusal:
        if refusal.status == 403:
            raise
        notes.error(request, refusal.message)
        return redirect(back)
    notes.success(request, f"已催办 {done.number} 项，承办部门会收到提醒。")
    for sentence in done.refusals:
        notes.warning(request, sentence)
    return redirect(back)

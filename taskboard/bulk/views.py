"""Several tasks at once: sign, report, issue. Each task says what became of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from foundation.days import day_from
from foundation.errors import DomainError
from organizations.access import StaffRequest, staff_page
from taskboard.acting import WORK, holders_of, units_of
from taskboard.boards import light_of
from taskboard.listviews.reading import WITH_DUTIES
from taskboard.models import Task, TaskList
from taskboard.moves import MOVES
from taskboard.querysets import TaskQuerySet
from taskboard.services.bulk import MOST, Outcome, Progress, issue_tasks, report_tasks, sign_tasks

PAGE_SIZE = 100
ISSUE = "taskboard.issue_list"


@dataclass(frozen=True, slots=True)
class BulkRow:
    """A task that can be chosen; ``percent`` and ``text`` are what was typed."""

    task: Task
    light: Any
    chosen: bool
    percent: str = ""
    text: str = ""


@staff_page(WORK, "签收任务")
def sign(request: StaffRequest) -> HttpResponse:
    """Choose among all that waits for the signature of one's departments."""
    if request.method == "POST":
        return _done(request, "签收", sign_tasks, lambda: {"tasks": _chosen(request)})
    units = units_of(request.user)
    waiting = _visible(request).to_sign(holders_of(units)) if units else _visible(request).none()
    return _choice(request, "sign", waiting, all_chosen=True)


@staff_page(WORK, "报进展")
def report(request: StaffRequest) -> HttpResponse:
    """Say of each task how far it is; rows without words are left alone."""
    if request.method == "POST":
        return _done(request, "报进展", report_tasks, lambda: {"reports": _reports(request)})
    units = units_of(request.user)
    return _choice(request, "report", _reportable(request, units) if units else _visible(request).none())


@staff_page(ISSUE, "下发任务")
def issue(request: StaffRequest) -> HttpResponse:
    """Choose among draft tasks of all lists."""
    if request.method == "POST":
        ends_on = day_from(request.POST.get("ends_on"))
        return _done(request, "下发", issue_tasks, lambda: {"tasks": _chosen(request), "ends_on": ends_on})
    drafts = _visible(request).filter(state=Task.State.DRAFT).exclude(task_list__state="archived")
    return _choice(request, "issue", drafts)


def _visible(request: StaffRequest) -> TaskQuerySet:
    today = timezone.localdate()
    found: TaskQuerySet = Task.objects.visible_to(request.user).with_light(today).select_related("task_list")
    return found.prefetch_related(WITH_DUTIES)


def _reportable(request: StaffRequest, units: Sequence[Any]) -> TaskQuerySet:
    """What one's departments lead, have signed and work on."""
    work: Any = _visible(request).as_work_of(holders_of(units))
    found: TaskQuerySet = work.filter(leads_it=True, unsigned=False, state__in=MOVES["progress"].starts)
    return found


def _choice(
    request: StaffRequest, step: str, tasks: TaskQuerySet, *, all_chosen: bool = False
) -> HttpResponse:
    named = _numbers(request.GET.getlist("task"))
    of_list = next(iter(_numbers(request.GET.getlist("list"))), None)
    found: QuerySet[Any] = tasks.filter(pk__in=named) if named else tasks
    found = found.filter(task_list=of_list) if of_list else found
    page = Paginator(found.order_by("due", "task_list", "order"), PAGE_SIZE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    rows = [
        BulkRow(task, light_of(task, today), all_chosen or task.pk in named, str(task.percent))
        for task in page
    ]
    lists = TaskList.objects.filter(pk__in=tasks.order_by().values("task_list")).order_by("title")
    context = {
        "step": step,
        "rows": rows,
        "page": page,
        "lists": lists,
        "of_list": of_list,
        "missing": len(named) - page.paginator.count if named and not of_list else 0,
        "today": today,
    }
    return render(request, "taskboard/bulk.html", context)


def _numbers(texts: Sequence[str]) -> list[int]:
    plain = [text for text in texts if text.isascii() and text.isdecimal() and len(text) < 16]
    return list(dict.fromkeys(int(text) for text in plain))[: MOST + 1]


def _chosen(request: StaffRequest) -> list[Task]:
    """The tasks that were ticked, in the order of the page; what is not visible is left out."""
    keys = _numbers(request.POST.getlist("task"))
    known = _visible(request).in_bulk(keys)
    return [known[key] for key in keys if key in known]


def _reports(request: StaffRequest) -> list[Progress]:
    """Rows with words; a percentage that is none is refused by the service, row by row."""
    found = []
    for task in _chosen(request):
        text = request.POST.get(f"text-{task.pk}", "").strip()
        typed = request.POST.get(f"percent-{task.pk}", "").strip()
        percent = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 5 else -1
        if text:
            found.append(Progress(task, percent, text))
    return found


def _done(
    request: StaffRequest,
    word: str,
    service: Callable[..., list[Outcome]],
    values: Callable[[], dict[str, Any]],
) -> HttpResponse:
    """The outcome of each task; a sentence where nothing could be tried."""
    context: dict[str, Any] = {"word": word, "outcomes": [], "again": request.get_full_path()}
    status = 200
    try:
        context["outcomes"] = service(actor=request.user, at=timezone.now(), **values())
    except DomainError as refusal:
        context["refusal"], status = refusal.message, refusal.status
    context["done"] = sum(outcome.done for outcome in context["outcomes"])
    if context["outcomes"] and not context["done"]:
        status = 409
    return render(request, "taskboard/bulk_done.html", context, status=status)

"""Listed supervision in the browser: what is on the list, putting on, taking off."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any

from django.contrib import messages as notes
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from foundation.errors import DomainError
from organizations.access import StaffRequest, staff_page
from organizations.models import Department, User
from taskboard.acting import SUPERVISE, WORK
from taskboard.ledgers.forms import show_refusal
from taskboard.looks import Look, look_of, strict_look_of
from taskboard.models import Listing, Task
from taskboard.models.ledgers import LedgerRow
from taskboard.services.supervision.listings import (
    list_matter,
    prolong_listing,
    report_on_listing,
    unlist_matter,
)
from taskboard.services.supervision.steps import unit_among
from taskboard.supervision.forms import (
    ListingFilter,
    ListingForm,
    ListingReportForm,
    ProlongForm,
    UnlistForm,
)
from taskboard.supervision.lights import listing_mark
from taskboard.supervision.past import as_it_stood
from taskboard.supervision.querysets import ListingQuerySet
from taskboard.supervision.steps import Refused, Step, panels_of, take_step
from taskboard.supervision.tables import Cell, Head, Spec, of_words, table_page, table_workbook

PERMISSION, READING = "taskboard.view_task", "查看挂牌督办"
MAX_WORDS = 8
STEPS = {
    "report": Step(
        "报送办理情况",
        ListingReportForm,
        lambda u, at, r, v: report_on_listing(actor=u, at=at, listing=r, text=v["text"], upload=v["file"]),
        "已报送办理情况。",
    ),
    "unlist": Step(
        "摘牌",
        UnlistForm,
        lambda u, at, r, v: unlist_matter(actor=u, at=at, listing=r, reason=v["reason"], upload=v["file"]),
        "已摘牌。",
    ),
    "prolong": Step(
        "调整期限",
        ProlongForm,
        lambda u, at, r, v: prolong_listing(actor=u, at=at, listing=r, **v),
        "已调整期限，并通知责任单位。",
    ),
}


def _line(row: Listing, today: date, query: str = "") -> Sequence[Cell]:
    as_it_stood(row)
    kind = row.task.task_list.title if row.task else row.ledger_row.ledger.title if row.ledger_row else ""
    return (
        Cell(str(row.matter), f"{row.get_absolute_url()}{query}", small=kind),
        Cell(of_words(unit.name for unit in row.departments)),
        Cell(row.leader),
        Cell(day=timezone.localdate(row.listed_at)),
        Cell(day=row.deadline),
        Cell(mark=listing_mark(row, today)),
    )


SPEC = Spec(
    title="挂牌督办",
    name="taskboard:listings",
    heads=(
        Head("事项"),
        Head("责任单位"),
        Head("责任领导", "leader"),
        Head("挂牌日期", "listed"),
        Head("办结期限", "due"),
        Head("状态", "state"),
    ),
    orders={
        "leader": ["leader", "deadline_then"],
        "listed": ["listed_at"],
        "due": ["deadline_then"],
        "state": ["state_then", "deadline_then"],
    },
    line=_line,
    empty="没有挂牌督办的事项。督查人员在任务页或台账条目页挂牌后列在这里。",
)


def _spec(look: Look) -> Spec:
    return replace(SPEC, day=look.day, line=partial(_line, query=look.query))


@require_safe
@staff_page(PERMISSION, READING)
def index(request: StaffRequest) -> HttpResponse:
    """What stands on the list first, the earliest deadline first; of the day."""
    look = look_of(request)
    rows, form = _filtered(request, look)
    return table_page(request, _spec(look), rows, form, **look.context())


@require_safe
@staff_page(PERMISSION, "导出挂牌督办")
def workbook(request: StaffRequest) -> HttpResponse:
    """The same as a workbook."""
    look = strict_look_of(request)
    return table_workbook(request, _spec(look), _filtered(request, look)[0])


def _filtered(request: StaffRequest, look: Look) -> tuple[ListingQuerySet, ListingFilter]:
    led = Q(task_duties__role="lead", task_duties__task__listings__isnull=False)
    units = Department.objects.filter(led | Q(ledger_rows__listings__isnull=False)).distinct()
    form = ListingFilter(request.GET, departments=list(units.values_list("slug", "name")))
    chosen = form.chosen
    # 已摘牌 sorts behind 挂牌中: "listed" comes before "unlisted".
    rows: Any = Listing.objects.visible_to(request.user).with_matter().seen(look.moment)
    rows = rows.order_by("state_then", "deadline_then", "pk")
    for word in chosen.get("q", "").split()[:MAX_WORDS]:
        matter = Q(task__title__icontains=word) | Q(ledger_row__title__icontains=word)
        rows = rows.filter(matter | Q(leader__icontains=word) | Q(notice__icontains=word))
    if chosen.get("state"):
        rows = rows.filter(state_then=chosen["state"])
    if chosen.get("matter"):
        rows = rows.filter(**{f"{chosen['matter']}__isnull": False})
    if chosen.get("department"):
        rows = rows.of_departments(
            Department.objects.filter(slug=chosen["department"]).values_list("pk", flat=True)
        )
    return rows, form


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(SUPERVISE, "挂牌督办")
def new(request: StaffRequest) -> HttpResponse:
    """Put a task (``?task=``) or an entry of a ledger (``?row=``) on the list."""
    matter = _matter(request)
    form = ListingForm(request.POST if request.method == "POST" else None)
    status = 400 if form.is_bound else 200
    if form.is_valid():
        try:
            listing = list_matter(actor=request.user, at=timezone.now(), matter=matter, **form.cleaned_data)
        except DomainError as refusal:
            show_refusal(form, refusal)
            status = refusal.status
        else:
            notes.success(request, "已挂牌督办，并通知责任单位。")
            return redirect(listing)
    context = {
        "title": "挂牌督办",
        "about": matter,
        "form": form,
        "button": "挂牌",
        "crumb": ("挂牌督办", "taskboard:listings"),
        "back": matter.get_absolute_url(),
    }
    return render(request, "taskboard/supervision/form.html", context, status=status)


def _matter(request: StaffRequest) -> Task | LedgerRow:
    """What is to be listed: a task or an entry, by its number."""
    if task := _number(request, "task"):
        tasks = Task.objects.visible_to(request.user).select_related("task_list")
        return get_object_or_404(tasks, pk=task)
    rows = LedgerRow.objects.visible_to(request.user).select_related("department", "ledger")
    return get_object_or_404(rows, pk=_number(request, "row"))


def _number(request: StaffRequest, name: str) -> int:
    """A key in the address; 0, which nothing has, where there is none."""
    asked = request.GET.get(name, "")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 16 else 0


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(PERMISSION, READING)
def listing(request: StaffRequest, pk: int) -> HttpResponse:
    """One listed matter with its history."""
    if request.method == "POST":
        return take_step(request, _found(request, pk), STEPS, lambda *refused: _page(request, pk, *refused))
    return _page(request, pk)


def _found(request: StaffRequest, pk: int, moment: datetime | None = None) -> Listing:
    rows = Listing.objects.visible_to(request.user).with_matter().seen(moment)
    return as_it_stood(get_object_or_404(rows, pk=pk))


def _page(request: StaffRequest, pk: int, refused: Refused | None = None, status: int = 200) -> HttpResponse:
    look = look_of(request)
    found = _found(request, pk, look.moment)
    events = found.events.select_related("actor", "department", "file")
    context: dict[str, Any] = {
        "listing": found,
        "mark": listing_mark(found, look.day),
        "events": events.filter(at__lt=look.moment) if look.moment else events,
        "panels": panels_of(found, STEPS, [] if look.moment else _possible(request.user, found), refused),
        **look.context(),
    }
    return render(request, "taskboard/supervision/listing.html", context, status=status)


def _possible(user: User, found: Listing) -> list[str]:
    if found.state != Listing.State.LISTED:
        return []
    if user.has_perm(SUPERVISE):
        return ["unlist", "prolong"]
    own = user.has_perm(WORK) and unit_among(user, found.departments) is not None
    return ["report"] if own else []

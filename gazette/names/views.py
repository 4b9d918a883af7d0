"""The page on which corrected names are carried into the records that stand."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from foundation.background import give
from foundation.errors import DomainError
from gazette import tasks
from gazette.models import NamesRun
from gazette.names.carrying import AT_ONCE, carry_department, carry_people
from gazette.names.planning import (
    Change,
    change_of_member,
    change_of_official,
    entries_mentioning,
    members_meant_otherwise,
    officials_meant_otherwise,
)
from gazette.services.namesruns import BUSY, start_names_run
from organizations.access import StaffRequest, staff_page
from organizations.models import Department, Person

PERMISSION, WHAT = "organizations.change_names", "回填名称"
PAGE_SIZE = 50
LATEST_RUNS = 5
KINDS = {"officials": "条目中的人员", "members": "名单中的人员", "department": "条目中的部门"}


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(PERMISSION, WHAT)
def names(request: StaffRequest) -> HttpResponse:
    """What would change, and the press that changes it."""
    kind = request.GET.get("kind", "officials")
    kind = kind if kind in KINDS else "officials"
    department = _department(request) if kind == "department" else None
    if request.method == "POST":
        return _all(request, kind, department) if "all" in request.POST else _carry(request, department)
    people = {"officials": officials_meant_otherwise(), "members": members_meant_otherwise()}
    context: dict[str, Any] = {
        "kind": kind,
        "kinds": KINDS,
        "counts": {key: rows.count() for key, rows in people.items()},
        "departments": Department.objects.order_by("order", "name") if kind == "department" else [],
        "department": department,
        "at_once": AT_ONCE,
        "runs": NamesRun.objects.select_related("started_by", "department")[:LATEST_RUNS],
        "busy": BUSY,
    }
    if kind == "department":
        changes = entries_mentioning(department, AT_ONCE + 1) if department else []
        context |= {"changes": changes[:AT_ONCE], "more": len(changes) > AT_ONCE}
    else:
        page = Paginator(people[kind], PAGE_SIZE).get_page(request.GET.get("page"))
        context |= {"page": page, "changes": _changes(list(page.object_list), kind)}
        context["more"] = page.paginator.num_pages > 1
    return render(request, "gazette/names/names.html", context)


@require_safe
@staff_page(PERMISSION, WHAT)
def names_run(request: StaffRequest, pk: int) -> HttpResponse:
    """How far a run is; asks for a fresh page when it has ended."""
    run = get_object_or_404(NamesRun.objects.select_related("started_by", "department"), pk=pk)
    if not request.headers.get("HX-Request"):
        return render(request, "gazette/names/run.html", {"run": run, "busy": run.state in BUSY})
    response = render(request, "gazette/names/_run_progress.html", {"run": run})
    if run.state not in BUSY:
        response["HX-Refresh"] = "true"
    return response


def _all(request: StaffRequest, kind: str, department: Department | None) -> HttpResponseRedirect:
    try:
        run = start_names_run(actor=request.user, at=timezone.now(), kind=kind, department=department)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect(f"{reverse('gazette:names')}?{request.GET.urlencode()}")
    give(tasks.carry_names, run.pk)
    return redirect("gazette:names_run", run.pk)


def _department(request: HttpRequest) -> Department | None:
    slug = request.GET.get("department", "")
    return get_object_or_404(Department, slug=slug) if slug else None


def _changes(lines: list[Any], kind: str) -> list[Change]:
    wanted = {line.meant for line in lines}
    called = dict(Person.objects.filter(pk__in=wanted).values_list("pk", "name"))
    change = change_of_official if kind == "officials" else change_of_member
    return [change(line, called) for line in lines]


def _carry(request: StaffRequest, department: Department | None) -> HttpResponseRedirect:
    keys = request.POST.getlist("key")
    chosen: dict[str, Any] = {"actor": request.user, "at": timezone.now(), "keys": keys}
    try:
        done = carry_department(department=department, **chosen) if department else carry_people(**chosen)
        left = len(keys) - done
        rest = f"另有 {left} 条已由他人改过，没有重复改动。" if left else ""
        messages.success(request, f"已回填 {done} 条，原文所印字样不变。{rest}")
    except DomainError as refusal:
        messages.error(request, refusal.message)
    query = request.GET.urlencode()
    return redirect(f"{reverse('gazette:names')}{'?' if query else ''}{query}")

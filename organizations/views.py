"""Pages of people and departments."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from foundation.tables import refuse_errors, table_file
from organizations import exports
from organizations.filters import DepartmentFilter, PersonFilter
from organizations.models import Department, Person
from organizations.pages import TASK_LISTS, department_page, person_page

PAGE_SIZE = 50
PEOPLE_ORDERS: dict[str, tuple[Any, ...]] = {
    "name": ("sort_key", "name", "qualifier", "pk"),
    "-name": ("-sort_key", "-name", "-qualifier", "-pk"),
    "entries": ("entries", "sort_key", "pk"),
    "-entries": ("-entries", "sort_key", "pk"),
    "rosters": ("rosters", "sort_key", "pk"),
    "-rosters": ("-rosters", "sort_key", "pk"),
    "last_on": (F("last_on").asc(nulls_last=True), "sort_key", "pk"),
    "-last_on": (F("last_on").desc(nulls_last=True), "sort_key", "pk"),
}
DEPARTMENT_ORDERS: dict[str, tuple[Any, ...]] = {
    "order": ("order", "name"),
    "name": ("sort_key", "name"),
    "-name": ("-sort_key", "-name"),
    "kind": ("kind", "order", "name"),
    "-kind": ("-kind", "order", "name"),
    **{
        f"{sign}{count}": (f"{sign}{count}", "order", "name")
        for count in ("entries", "people", "leads", "supports")
        for sign in ("", "-")
    },
}


def people(request: HttpRequest) -> HttpResponse:
    """All people whom the visitor may see, filtered, sorted and in pages."""
    found, order = _people(request)
    context = {
        "page": Paginator(found.qs, PAGE_SIZE).get_page(request.GET.get("page")),
        "form": found.form,
        "order": order,
        "filtered": any(request.GET.get(name) for name in found.filters),
    }
    return render(request, "organizations/people.html", context)


def people_table(request: HttpRequest, form: str) -> HttpResponseBase:
    """The filtered people as ``csv`` or ``xlsx``."""
    found, _ = _people(request)
    refuse_errors(found.form)
    stem = f"people-{timezone.localdate()}"
    rows = exports.people_rows(found.qs)
    return table_file(form, stem=stem, title="人员", header=exports.PEOPLE, rows=rows)


def _people(request: HttpRequest) -> tuple[PersonFilter, str]:
    order = _order(request, PEOPLE_ORDERS, "name")
    visible = Person.objects.visible_to(request.user).with_appearances(request.user)
    visible = visible.with_posts(request.user).prefetch_related("variants").order_by(*PEOPLE_ORDERS[order])
    return PersonFilter(request.GET, queryset=visible, request=request), order


def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: posts, printed variants and where the records name them."""
    found = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    context = person_page(found, request.user, request.GET.get("page"))
    return render(request, "organizations/person.html", context)


def departments(request: HttpRequest) -> HttpResponse:
    """All departments in use that the visitor may see, filtered, sorted and in pages."""
    found, order, with_tasks = _departments(request)
    context = {
        "page": Paginator(found.qs, PAGE_SIZE).get_page(request.GET.get("page")),
        "form": found.form,
        "order": order,
        "with_tasks": with_tasks,
        "filtered": any(request.GET.get(name) for name in found.filters),
    }
    return render(request, "organizations/departments.html", context)


def departments_table(request: HttpRequest, form: str) -> HttpResponseBase:
    """The filtered departments as ``csv`` or ``xlsx``."""
    found, _, with_tasks = _departments(request)
    refuse_errors(found.form)
    stem = f"departments-{timezone.localdate()}"
    header = exports.department_header(with_tasks=with_tasks)
    rows = exports.department_rows(found.qs, with_tasks=with_tasks)
    return table_file(form, stem=stem, title="部门", header=header, rows=rows)


def _departments(request: HttpRequest) -> tuple[DepartmentFilter, str, bool]:
    order = _order(request, DEPARTMENT_ORDERS, "order")
    visible = Department.objects.active().visible_to(request.user)
    active = visible.with_counts(request.user).with_aliases().select_related("parent")
    found = DepartmentFilter(
        request.GET, queryset=active.order_by(*DEPARTMENT_ORDERS[order]), request=request
    )
    return found, order, request.user.has_perm(TASK_LISTS)


def department(request: HttpRequest, slug: str) -> HttpResponse:
    """One department: names, people, entries and, for staff, its tasks; a merged one leads to the other."""
    if now := Department.objects.filter(merged_from__slug=slug).first():
        return redirect(now, permanent=True)
    visible = Department.objects.visible_to(request.user).select_related("parent")
    found = get_object_or_404(visible, slug=slug)
    context = department_page(found, request.user, request.GET.get("page"), timezone.localdate())
    return render(request, "organizations/department.html", context)


def _order(request: HttpRequest, orders: dict[str, tuple[Any, ...]], default: str) -> str:
    asked = request.GET.get("sort", default)
    return asked if asked in orders else default

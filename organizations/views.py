"""Pages of people and departments."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

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


def people_csv(request: HttpRequest) -> HttpResponse:
    """The filtered people as a table."""
    found, _ = _people(request)
    return _csv("".join(exports.people_lines(found.qs)), f"people-{timezone.localdate()}.csv")


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


def departments_csv(request: HttpRequest) -> HttpResponse:
    """The filtered departments as a table."""
    found, _, with_tasks = _departments(request)
    lines = exports.department_lines(found.qs, with_tasks=with_tasks)
    return _csv("".join(lines), f"departments-{timezone.localdate()}.csv")


def _departments(request: HttpRequest) -> tuple[DepartmentFilter, str, bool]:
    order = _order(request, DEPARTMENT_ORDERS, "order")
    visible = Department.objects.active().visible_to(request.user)
    active = visible.with_counts(request.user).with_aliases().select_related("parent")
    found = DepartmentFilter(
        request.GET, queryset=active.order_by(*DEPARTMENT_ORDERS[order]), request=request
    )
    return found, order, request.user.has_perm(TASK_LISTS)


def department(request: HttpRequest, slug: str) -> HttpResponse:
    """One department: names, people, entries and, for staff, its tasks."""
    visible = Department.objects.visible_to(request.user).select_related("parent")
    found = get_object_or_404(visible, slug=slug)
    context = department_page(found, request.user, request.GET.get("page"), timezone.localdate())
    return render(request, "organizations/department.html", context)


def _order(request: HttpRequest, orders: dict[str, tuple[Any, ...]], default: str) -> str:
    asked = request.GET.get("sort", default)
    return asked if asked in orders else default


def _csv(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response

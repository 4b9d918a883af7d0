"""Supervision at a glance: a page of its own, and a part of the supervisor's desk."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organizations.access import StaffRequest, staff_page
from taskboard.looks import look_of
from taskboard.supervision.demands import sections_for_desk


@require_safe
@staff_page("taskboard.view_task", "查看督查事项")
def overview(request: StaffRequest) -> HttpResponse:
    """Listed supervision, look-backs, rectifications; the sections alone when a page fetches them."""
    look = look_of(request)
    sections = sections_for_desk(request.user, look.day, look.moment)
    partial = bool(getattr(request, "htmx", False))
    template = "taskboard/supervision/_desk.html" if partial else "taskboard/supervision/overview.html"
    return render(request, template, {"supervision": sections, **look.context()})

"""Today's reminders and named tasks: a page, and a part of the desk."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from organizations.access import StaffRequest, staff_page
from taskboard.acting import SUPERVISE
from taskboard.desk.today import today_of


@require_safe
@staff_page(SUPERVISE, "查看今天的提醒")
def today(request: StaffRequest) -> HttpResponse:
    """Who was reminded, which named tasks are still owed; the part alone when the desk fetches it."""
    day = timezone.localdate()
    partial = bool(getattr(request, "htmx", False))
    template = "taskboard/desk/_today.html" if partial else "taskboard/desk/today.html"
    return render(request, template, {"told": today_of(request.user, day), "day": day})

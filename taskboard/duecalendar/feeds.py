"""Due dates for calendar programs (RFC 5545), under a secret address."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_safe
from icalendar import Calendar, Event

from events.subscribing import BEFORE_ANY_ENTRY, answered, held
from organizations.models import Department, User
from taskboard.duecalendar.reading import clocked, of_departments, of_reader
from taskboard.models import CalendarKey, Task
from taskboard.querysets import TaskQuerySet

CONTENT_TYPE = "text/calendar; charset=utf-8"
REFRESH_AFTER = timedelta(hours=4)
MOST_TASKS = 5000
# Titles in the description of a day on which many tasks of a list fall due.
MOST_NAMED = 40


@require_safe
@conditional_page
def personal_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """What the owner of the address has to do, by due date."""
    owner = _owner(request, secret)
    today = timezone.localdate()
    tasks = of_reader(clocked(owner, today, today), owner)
    return _calendar(request, tasks, f"{settings.SITE_NAME} 我的任务", "mine")


@require_safe
@conditional_page
def department_feed(request: HttpRequest, secret: str, slug: str) -> HttpResponse:
    """What a department has to do, for whoever may read tasks."""
    owner = _owner(request, secret)
    department = get_object_or_404(Department, slug=slug)
    today = timezone.localdate()
    tasks = of_departments(clocked(owner, today, today), [department])
    return _calendar(request, tasks, f"{settings.SITE_NAME} {department.name}任务", slug)


def _owner(request: HttpRequest, secret: str) -> User:
    """The person of an address, whose fetching goes on record.

    One who is gone or may not read tasks any more is not found.
    """
    key = CalendarKey.objects.select_related("user").filter(secret=secret).first()
    if key is None or not key.user.is_active or not key.user.has_perm("taskboard.view_task"):
        raise Http404
    request.user = key.user
    return key.user


def _calendar(request: HttpRequest, tasks: TaskQuerySet, name: str, scope: str) -> HttpResponse:
    open_ones: QuerySet[Any] = tasks.exclude(state="closed").select_related("task_list")
    found = list(open_ones.order_by("due", "task_list", "order")[:MOST_TASKS])
    made = Calendar()
    made.add("prodid", f"-//{settings.SITE_DOMAIN}//tasks//ZH")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    for key in ("name", "x-wr-calname"):
        made.add(key, name)
    made.add("refresh-interval", REFRESH_AFTER, parameters={"VALUE": "DURATION"})
    bundles: dict[tuple[int, date], list[Task]] = defaultdict(list)
    for task in found:
        bundles[task.task_list_id, task.due].append(task)
    for (list_id, due), bundle in bundles.items():
        made.add_component(_entry(request, bundle, due, f"{list_id}-{scope}"))
    changed = max((task.updated_at for task in found), default=BEFORE_ANY_ENTRY)
    response = answered(made.to_ical(), CONTENT_TYPE, changed)
    response["Content-Disposition"] = 'inline; filename="tasks.ics"'
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response


def _entry(request: HttpRequest, tasks: Sequence[Task], due: date, scope: str) -> Event:
    """One all-day entry a list and due date, so that a hundred tasks of one day do not hide the calendar."""
    first, made = tasks[0], Event()
    alone = len(tasks) == 1
    made.add("uid", f"due-{scope}-{due.isoformat()}@{settings.SITE_DOMAIN}")
    made.add("dtstamp", _second(max(task.updated_at for task in tasks)))
    made.add("dtstart", due)
    if due < date.max:
        # The end of an all-day entry is the day after.
        made.add("dtend", due + timedelta(days=1))
    what = first.title if alone else f"{len(tasks)} 项任务"
    made.add("summary", held(f"到期：{what}（{first.task_list.title}）"))
    titles = [f"{task.title}，{task.get_state_display()} {task.percent}%" for task in tasks[:MOST_NAMED]]
    if len(tasks) > MOST_NAMED:
        titles.append(f"另有 {len(tasks) - MOST_NAMED} 项")
    made.add("description", held("\n".join(titles)))
    where = first.get_absolute_url() if alone else first.task_list.get_absolute_url()
    made.add("url", request.build_absolute_uri(where))
    made.add("transp", "TRANSPARENT")
    return made


def _second(moment: datetime) -> datetime:
    """In UTC and whole seconds, as the format has it."""
    return moment.astimezone(UTC).replace(microsecond=0)

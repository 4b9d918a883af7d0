"""This day in all years (历史上的今天)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from events.models import Event
from events.reading import Entry, read_entries
from events.sameday import LEAP_YEAR, day_of_any_year, of_the_day

PAGE_SIZE = 60


@dataclass(frozen=True, slots=True)
class YearOfDay:
    """What a year has of the day."""

    year: int
    entries: Sequence[Entry]


@require_safe
def on_this_day(request: HttpRequest) -> HttpResponse:
    """Entries that begin on the day in any year, and ranges that cover it, the newest year first."""
    today = timezone.localdate()
    asked = request.GET.get("day", "")
    read = day_of_any_year(asked)
    day = read or today
    visible = Event.objects.visible_to(request.user)
    found = of_the_day(visible, day).order_by("-start_date", "position", "pk")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    entries = read_entries(
        found[page.start_index() - 1 : page.end_index()] if page else visible.none(), request.user
    )
    within = day.replace(year=LEAP_YEAR)
    context: dict[str, Any] = {
        "day": day,
        "is_today": (day.month, day.day) == (today.month, today.day),
        "unread": bool(asked) and read is None,
        "page": page,
        "years": [YearOfDay(year, list(rows)) for year, rows in groupby(entries, lambda e: e.start.year)],
        "before": (within - timedelta(days=1)).strftime("%m-%d"),
        "later": (within + timedelta(days=1)).strftime("%m-%d"),
        "condition": f"month_day={within:%m-%d}",
    }
    return render(request, "events/on_this_day.html", context)

"""This day in all years (历史上的今天)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.db.models import F, Max, Min, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from events.models import Event
from events.reading import Entry, read_entries
from foundation.days import day_from

PAGE_SIZE = 60
LONGEST_RANGE = timedelta(days=366)
# A year that has 29 February, to step through days without losing it.
LEAP_YEAR = 2000
DAY_OF_ANY_YEAR = re.compile(r"(\d{1,2})[-月/.](\d{1,2})[日号]?", re.ASCII)


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
    day = day_from(asked) or _month_day(asked) or today
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
        "unread": bool(asked) and not (day_from(asked) or _month_day(asked)),
        "page": page,
        "years": [YearOfDay(year, list(rows)) for year, rows in groupby(entries, lambda e: e.start.year)],
        "before": (within - timedelta(days=1)).strftime("%m-%d"),
        "later": (within + timedelta(days=1)).strftime("%m-%d"),
    }
    return render(request, "events/on_this_day.html", context)


def _month_day(text: str) -> date | None:
    """A day without its year: 07-26, 7月26日 and the like."""
    named = DAY_OF_ANY_YEAR.fullmatch(text.strip())
    return day_from(f"{LEAP_YEAR}-{int(named[1]):02}-{int(named[2]):02}") if named else None


def of_the_day(visible: QuerySet[Event], day: date) -> QuerySet[Event]:
    """Entries of that month and day in the years that the chronicle covers."""
    ends = visible.aggregate(first=Min("start_date"), last=Max("end_date"))
    if ends["first"] is None:
        return visible.none()
    wanted = Q(start_date__month=day.month, start_date__day=day.day)
    for year in range(ends["first"].year, ends["last"].year + 1):
        try:
            here = day.replace(year=year)
        except ValueError:  # 29 February
            continue
        wanted |= Q(
            start_date__gt=here - LONGEST_RANGE,
            start_date__lt=here,
            end_date__gte=here,
            end_date__gt=F("start_date"),
        )
    return visible.filter(wanted)

"""Pages of the chronicle."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Max, Q, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from events import linkeddata
from events.exports import HEADER, rows_of
from events.filters import EventFilter
from events.finding.linked import links_of
from events.foundpage import found_page, is_filtered
from events.models import Event
from events.monthgrid import next_month
from events.monthpage import grid_of, month_page, neighbours, touching
from events.plots import year_map
from events.reading import Entry, read_entries
from events.services import move_event
from events.writing.desk import desk_of, withdrawn_at
from foundation.linkeddata import block, canonical
from foundation.pagecache import kept_for_visitors
from foundation.publishing import Rights, step_on_page, steps_for
from foundation.tables import refuse_errors, table_file
from organizations.access import StaffRequest

LATEST_ENTRIES = 8
RIGHTS = Rights(change="events.change_event", sign="events.publish_event")
MonthCounts = dict[int, list[tuple[date, int]]]


def index(request: HttpRequest) -> HttpResponse:
    """Years and months with their counts, and the latest month; with conditions, what fits them."""
    visible = Event.objects.visible_to(request.user)
    if is_filtered(request.GET):
        return render(request, "events/found.html", {"found": found_page(request.GET, visible, request.user)})
    days = days_with_counts(visible)
    latest = max(days).replace(day=1) if days else None
    context: dict[str, Any] = {"years": years_of(days), "total": sum(days.values()), "latest": latest}
    if latest:
        entries = read_entries(touching(visible, latest).order_by("-start_date", "-position"), request.user)
        context |= {"grid": grid_of(latest, entries), "entries": entries[:LATEST_ENTRIES]}
    return render(request, "events/index.html", context)


def year(request: HttpRequest, year: int) -> HttpResponse:
    """The months of a year with their counts."""
    visible = Event.objects.visible_to(request.user)
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    days = days_with_counts(visible.filter(start_date__gte=first, start_date__lt=after))
    before, later = neighbours(visible, first, after)
    context = {
        "year": year,
        "months": years_of(days).get(year) or _empty_year(year),
        "total": sum(days.values()),
        "recorded_days": len(days),
        "map": year_map(year, days),
        "before": before,
        "later": later,
    }
    return render(request, "events/year.html", context)


def days_with_counts(events: QuerySet[Event]) -> dict[date, int]:
    """How many entries begin on each day that has any."""
    rows = events.order_by("start_date").values_list("start_date").annotate(n=Count("pk"))
    return dict(rows)


def years_of(days: dict[date, int]) -> MonthCounts:
    """Of each year with entries its twelve months with their counts, the newest year first."""
    months: Counter[date] = Counter()
    for day, number in days.items():
        months[day.replace(day=1)] += number
    years: MonthCounts = defaultdict(list)
    for year in sorted({month.year for month in months}, reverse=True):
        years[year] = [(first, months[first]) for first, _ in _empty_year(year)]
    return dict(years)


def _empty_year(year: int) -> list[tuple[date, int]]:
    return [(date(year, month, 1), 0) for month in range(1, 13)]


def state_of_month(year: int, month: int) -> str:
    """Tells of entries written past the services too, and of the day that is marked as today."""
    first = _day(year, month, 1)
    found = Event.objects.published().filter(start_date__gte=first, start_date__lt=next_month(first))
    state = found.aggregate(n=Count("pk"), latest=Max("updated_at"))
    return "/".join(str(part) for part in (*state.values(), timezone.localdate()))


@kept_for_visitors(state_of_month)
def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """One month; asked by htmx, only its list."""
    first = _day(year, month, 1)
    visible = Event.objects.visible_to(request.user)
    found = month_page(first, request.GET, visible, request.user)
    context: dict[str, Any] = {"month": found, "first": first, "today": timezone.localdate()}
    if request.htmx and not request.htmx.boosted:  # type: ignore[attr-defined]  # set by its middleware
        return render(request, "events/_month_list.html", context)
    before, later = neighbours(visible, first, next_month(first))
    return render(request, "events/month.html", {**context, "before": before, "later": later})


def entries_table(request: HttpRequest, form: str, year: int = 0, month: int = 0) -> HttpResponseBase:
    """The filtered chronicle, or one month of it, as ``csv`` or ``xlsx``."""
    events = Event.objects.visible_to(request.user)
    name = "chronicle"
    if year:
        first = _day(year, month, 1)
        events = events.filter(start_date__gte=first, start_date__lt=next_month(first))
        name = f"chronicle-{first:%Y-%m}"
    found = EventFilter(request.GET, queryset=events, request=request)
    refuse_errors(found.form)
    rows = rows_of(found.qs, request.user)
    return table_file(form, stem=name, title="大事记", header=HEADER, rows=rows)


def day(request: HttpRequest, year: int, month: int, day: int) -> HttpResponse:
    """What began on a day, and the ranges that cover it."""
    asked = _day(year, month, day)
    visible = Event.objects.visible_to(request.user)
    entries = read_entries(touching(visible, asked.replace(day=1)), request.user)
    before, later = neighbours(visible, asked, asked + timedelta(days=1))
    context = {
        "day": asked,
        "grid": grid_of(asked.replace(day=1), entries),
        "own": [entry for entry in entries if entry.start == asked],
        "covering": [entry for entry in entries if entry.start < asked <= entry.end],
        "before": before,
        "later": later,
        "today": timezone.localdate(),
    }
    return render(request, "events/day.html", context)


def event(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry with all it mentions."""
    visible = Event.objects.visible_to(request.user)
    found = read_entries(visible.filter(pk=pk), request.user)
    if not found:
        return _withdrawn(request, pk)
    before, after = entries_around(visible, found[0])
    page = canonical(request, found[0].url)
    steps = steps_for(request.user, found[0].publication, RIGHTS)
    context = {
        "linked_data": block(linkeddata.facts_of(found[0], page, settings.CITY_NAME)),
        "entry": found[0],
        "before": before,
        "after": after,
        "steps": steps,
        "links": links_of(pk, request.user),
        "desk": desk_of(found[0], request.user),
    }
    return render(request, "events/event.html", context)


def _withdrawn(request: HttpRequest, pk: int) -> HttpResponse:
    """An old address stays and says that the entry was withdrawn, not what it said."""
    moment = withdrawn_at(pk)
    if moment is None:
        raise Http404("没有这条大事记，或者它尚未发布。")
    return render(request, "events/withdrawn.html", {"moment": moment}, status=410)


def entries_around(visible: QuerySet[Event], entry: Entry) -> tuple[Event | None, Event | None]:
    """The entries before and after one in the chronicle's order: one query."""
    place = (entry.start, entry.position, entry.pk)
    same_day, same_place = Q(start_date=entry.start), Q(start_date=entry.start, position=entry.position)
    earlier = Q(start_date__lt=entry.start) | same_day & Q(position__lt=entry.position)
    later = Q(start_date__gt=entry.start) | same_day & Q(position__gt=entry.position)
    before = visible.filter(earlier | same_place & Q(pk__lt=entry.pk))
    after = visible.filter(later | same_place & Q(pk__gt=entry.pk))
    nearest = Q(pk=Subquery(before.order_by("-start_date", "-position", "-pk").values("pk")[:1]))
    nearest |= Q(pk=Subquery(after.order_by("start_date", "position", "pk").values("pk")[:1]))
    around = {(e.start_date, e.position, e.pk) > place: e for e in visible.filter(nearest)}
    return around.get(False), around.get(True)


def _day(year: int, month: int, day: int) -> date:
    """The day, or 404 when the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError as error:
        raise Http404(f"日历上没有{year}年{month}月{day}日。") from error


@require_POST
@login_required
def event_step(request: StaffRequest, pk: int, step: str) -> HttpResponse:
    """Submit, publish, return, withdraw or reopen."""

    def move(found: Event, reason: str) -> None:
        move_event(actor=request.user, at=timezone.now(), event=found, step=step, reason=reason, seen=seen)

    seen = request.POST.get("version", "")
    visible = Event.objects.visible_to(request.user)
    return step_on_page(request, visible=visible, pk=pk, step=step, move=move, elsewhere="events:index")

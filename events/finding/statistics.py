"""The chronicle's months in numbers: plots by year, and what was filed under which subject and department."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from directives.models import Topic
from events.filters import EventFilter
from events.foundpage import chosen_in, is_filtered
from events.models import Event
from events.plots import YearChart, year_chart
from foundation.tables import Row, refuse_errors, table_file
from organizations.models import Department

YEARS_A_PAGE = 6
MOST_NAMES = 12
HEADER = ("年份", "月份", "条数")


@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    """Entries by month of their first day, a plot for each year; the list's filters choose among them."""
    visible = Event.objects.visible_to(request.user)
    found = EventFilter(request.GET, queryset=visible, request=request)
    charts = charts_of(by_month(found.qs))
    page = Paginator(charts, YEARS_A_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "page": page,
        "total": sum(chart.total for chart in charts),
        "form": found.form,
        "chosen": chosen_in(request.GET, request.user),
        "filtered": is_filtered(request.GET),
        "topics": Topic.objects.all(),
        "by_topic": by_topic(found.qs),
        "by_department": by_department(found.qs),
    }
    return render(request, "events/statistics.html", context)


@require_safe
def statistics_table(request: HttpRequest, form: str) -> HttpResponseBase:
    """The same numbers by month."""
    found = EventFilter(request.GET, queryset=Event.objects.visible_to(request.user), request=request)
    refuse_errors(found.form)
    rows = _rows(charts_of(by_month(found.qs)))
    return table_file(form, stem="chronicle-months", title="大事记按月条数", header=HEADER, rows=rows)


def _rows(charts: list[YearChart]) -> Iterator[Row]:
    for chart in charts:
        for bar in chart.bars:
            yield (str(chart.year), f"{bar.first.month}月", str(bar.count))


def by_month(events: QuerySet[Event]) -> dict[date, int]:
    """How many entries begin in each month that has any; one query."""
    rows = events.order_by().annotate(month=TruncMonth("start_date")).values_list("month")
    return dict(rows.annotate(n=Count("pk", distinct=True)))


def charts_of(months: dict[date, int]) -> list[YearChart]:
    """A plot for each year with entries, the newest first, all on one scale."""
    years: dict[int, dict[date, int]] = defaultdict(dict)
    for month, number in months.items():
        years[month.year][month] = number
    most = max(months.values(), default=0)
    return [year_chart(year, years[year], most) for year in sorted(years, reverse=True)]


def by_topic(events: QuerySet[Event]) -> list[Any]:
    """Slug, name and number of the subjects that entries are filed under, the most first."""
    filed = Event.topics.through.objects.filter(event__in=events.order_by().values("pk"))
    counted: Any = filed.values_list("topic__slug", "topic__name").annotate(n=Count("pk"))
    return list(counted.order_by("-n", "topic__name")[:MOST_NAMES])


def by_department(events: QuerySet[Event]) -> list[Any]:
    """Slug, name and number of the departments that entries name, the most first."""
    found = Department.objects.filter(event_mentions__event__in=events.order_by().values("pk"))
    named = (
        found.order_by().values_list("slug", "name").annotate(n=Count("event_mentions__event", distinct=True))
    )
    return list(named.order_by("-n", "name")[:MOST_NAMES])

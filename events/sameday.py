"""One day of the month in all years: how it is typed, and what the chronicle has of it."""

import re
from datetime import date, timedelta

from django.db.models import F, Max, Min, Q, QuerySet

from events.models import Event
from foundation.days import day_from

LONGEST_RANGE = timedelta(days=366)
# A year that has 29 February, so that a day without its year can be that one too.
LEAP_YEAR = 2000
DAY_OF_ANY_YEAR = re.compile(r"(\d{1,2})[-月/.](\d{1,2})[日号]?", re.ASCII)


def day_of_any_year(text: str) -> date | None:
    """07-26, 7月26日 and the like, or a whole date; None for what is no day."""
    named = DAY_OF_ANY_YEAR.fullmatch(text.strip())
    return day_from(f"{LEAP_YEAR}-{int(named[1]):02}-{int(named[2]):02}") if named else day_from(text)


def of_the_day(events: QuerySet[Event], day: date) -> QuerySet[Event]:
    """Those of that month and day in the years that they cover."""
    ends = events.aggregate(first=Min("start_date"), last=Max("end_date"))
    if ends["first"] is None:
        return events.none()
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
    return events.filter(wanted)

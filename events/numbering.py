"""The numbers that the public sees: 1, 2, 3 … within a month, without gaps.

``Event.position`` only says what stands before what. Drafts and withdrawn
entries have one too, so it cannot be the number: that is counted over what is
published, for everybody the same.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Count, OuterRef, Q, Subquery, Value
from django.db.models.functions import TruncMonth

from events.models import Event
from events.monthgrid import next_month

# Beyond so many months one stretch of time is read instead of month by month.
MONTHS_APART = 24
UNNUMBERED = "未发布，不编号"


def number_words(number: int | None) -> str:
    """第 3 条; what is not before the public has no number."""
    return UNNUMBERED if number is None else f"第 {number} 条"


def numbers_on(days: Iterable[date]) -> dict[int, int]:
    """The numbers of all published entries of the months of these days, by key: one query."""
    months = sorted({day.replace(day=1) for day in days})
    if not months:
        return {}
    # SQLite would read all that is published rather than these months, so what is not is passed over here.
    rows = Event.objects.filter(_within(months)).order_by("start_date", "position", "pk")
    counts: Counter[date] = Counter()
    numbers = {}
    for pk, day, publication in rows.values_list("pk", "start_date", "publication"):
        if publication == Event.Publication.PUBLISHED:
            counts[day.replace(day=1)] += 1
            numbers[pk] = counts[day.replace(day=1)]
    return numbers


def numbers_of(keys: Iterable[int]) -> dict[int, int]:
    """The numbers of some entries, by key: one query, which reads no others and counts in the database."""
    wanted = list(keys)
    if not wanted:
        return {}
    day = OuterRef("start_date")
    earlier = Q(start_date__lt=day) | Q(position__lt=OuterRef("position"))
    earlier |= Q(position=OuterRef("position"), pk__lte=OuterRef("pk"))
    before = Event.objects.filter(earlier, start_date__gte=OuterRef("month"), start_date__lte=day).order_by()
    # What is not published is passed over in counting, so that the index of days is used.
    number = Count("pk", filter=Q(publication=Event.Publication.PUBLISHED))
    counted = before.annotate(whole=Value(1)).values("whole").annotate(n=number).values("n")
    known = Event.objects.published().filter(pk__in=wanted).order_by()
    rows = known.annotate(month=TruncMonth("start_date"), number=Subquery(counted))
    return dict(rows.values_list("pk", "number"))


def _within(months: Sequence[date]) -> Q:
    if len(months) > MONTHS_APART:
        return Q(start_date__gte=months[0], start_date__lt=next_month(months[-1]))
    found = Q()
    for first in months:
        found |= Q(start_date__gte=first, start_date__lt=next_month(first))
    return found

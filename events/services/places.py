"""Where an entry stands among those of its day: no two share a place."""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db.models import Count, Max

from events.models import Event
from foundation.errors import StateConflict
from foundation.services.audit import record_change
from organizations.models import User

ASIDE = "与公报条目次序相同，移到当日最后"


def last_place(day: date) -> int:
    """The place behind all others of the day; within a day without entries, of its month so far."""
    same_month = Event.objects.filter(start_date__year=day.year, start_date__month=day.month)
    of_day = same_month.filter(start_date=day).aggregate(last=Max("position"))["last"]
    if of_day is not None:
        return int(of_day) + 1
    before = same_month.filter(start_date__lt=day).aggregate(last=Max("position"))["last"]
    return int(before or 0) + 1


def refuse_taken_place(day: date, position: int, *, but: int | None = None) -> None:
    """Raise StateConflict when another entry of the day (than the one with the key) stands there."""
    there = Event.objects.filter(start_date=day, position=position)
    taken = (there if but is None else there.exclude(pk=but)).first()
    if taken is not None:
        raise StateConflict(
            f"{day.month}月{day.day}日已有次序为 {position} 的条目“{taken.title}”，未保存。"
            f"请另填次序，排在当日最后可填 {last_place(day)}。"
        )


def part_places(*, actor: User | None, at: datetime, days: Iterable[date], keep: Collection[int]) -> None:
    """Where entries of a day share a place, those whose keys are kept stay; others go to the day's end."""
    for day in _shared_days(set(days)):
        held: set[int] = set()
        rows = Event.objects.select_for_update().filter(start_date=day).order_by("position", "pk")
        for event in sorted(rows, key=lambda event: event.pk not in keep):
            if event.position in held:
                _move_to_end(actor, at, event)
            held.add(event.position)


def _shared_days(days: set[date]) -> list[date]:
    """The days of these on which two entries have the same place: one query."""
    if not days:
        return []
    rows = Event.objects.filter(start_date__gte=min(days), start_date__lte=max(days)).order_by("start_date")
    shared = rows.values("start_date", "position").annotate(n=Count("pk")).filter(n__gt=1)
    return sorted({row["start_date"] for row in shared} & days)


def _move_to_end(actor: User | None, at: datetime, event: Event) -> None:
    before, event.position = event.position, last_place(event.start_date)
    event._change_reason = ASIDE  # type: ignore[attr-defined]  # read by django-simple-history
    event.save()
    record_change(
        actor=actor,
        action="event.place",
        target=event,
        at=at,
        before={"position": before},
        after={"position": event.position},
        reason=ASIDE,
    )

"""Synthetic entries of the chronicle: month by month, in order, in batches."""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from random import Random

from django.db import transaction
from django.db.models import Max

from directives.models import Topic
from events.models import Event, EventDepartment, EventDirective, EventOfficial
from zalantun.synthetic.cast import Cast
from zalantun.synthetic.wording import SOURCE, Story, dice_for, story

# All of it lies before the first gazette, so no month of the real chronicle changes.
FIRST_YEAR, LAST_YEAR = 1950, 2021
A_MONTH = 40
BATCH = 2_000
RANGE_SHARE, LONGEST_RANGE = 0.04, 6
# Small enough for SQLite's number of variables in one statement.
ROWS = 500

Draft = tuple[Event, Story]


def write_events(number: int, seed: int, cast: Cast) -> Iterator[int]:
    """Write entries after those that are there; yields how many each batch wrote."""
    topics = list(Topic.objects.values_list("pk", flat=True))
    drafts = _drafts(number, seed, cast)
    while batch := list(islice(drafts, BATCH)):
        first, _ = batch[0]
        _write(batch, dice_for(seed, "topics", first.start_date, first.position), topics, cast)
        yield len(batch)


def months_for(number: int) -> list[tuple[date, int]]:
    """First days of months with how many entries each gets: as many months as needed, the latest ones."""
    months = [date(year, month, 1) for year in range(FIRST_YEAR, LAST_YEAR + 1) for month in range(1, 13)]
    needed = min(len(months), -(-number // A_MONTH))
    if not needed:
        return []
    share, more = divmod(number, needed)
    return [(first, share + (n < more)) for n, first in enumerate(months[-needed:])]


def _drafts(number: int, seed: int, cast: Cast) -> Iterator[Draft]:
    positions = last_positions()
    for first, share in months_for(number):
        dice = dice_for(seed, "events", first)
        length = monthrange(first.year, first.month)[1]
        days = sorted(dice.randint(1, length) for _ in range(share))
        for place, day in enumerate(days, start=positions.get((first.year, first.month), 0) + 1):
            told = story(dice, cast.actors, cast.bodies)
            yield _event(first.replace(day=day), place, told, dice), told


def last_positions() -> dict[tuple[int, int], int]:
    """The last position in each month that has entries."""
    rows = Event.objects.order_by().values_list("start_date__year", "start_date__month")
    return {(year, month): last for year, month, last in rows.annotate(last=Max("position"))}


def _event(start: date, position: int, told: Story, dice: Random) -> Event:
    more = dice.randint(1, LONGEST_RANGE) if dice.random() < RANGE_SHARE else 0
    return Event(
        start_date=start,
        end_date=start + timedelta(days=more),
        position=position,
        title=told.title,
        text=told.text,
        source=SOURCE,
        publication=Event.Publication.PUBLISHED,
    )


@transaction.atomic
def _write(batch: Sequence[Draft], dice: Random, topics: Sequence[int], cast: Cast) -> None:
    Event.objects.bulk_create((event for event, _ in batch), batch_size=ROWS)
    EventOfficial.objects.bulk_create(
        (
            EventOfficial(
                event_id=event.pk,
                person_id=cast.people[actor.name],
                order=order,
                printed_name=actor.name,
                post=f"{actor.body}{actor.post}",
            )
            for event, told in batch
            for order, actor in enumerate(told.people, start=1)
        ),
        batch_size=ROWS,
    )
    EventDepartment.objects.bulk_create(
        (
            EventDepartment(event_id=event.pk, department_id=cast.departments[name])
            for event, told in batch
            for name in told.bodies
        ),
        batch_size=ROWS,
    )
    EventDirective.objects.bulk_create(
        (EventDirective(event_id=event.pk, title=told.cited) for event, told in batch if told.cited),
        batch_size=ROWS,
    )
    link = Event.topics.through
    if topics:
        rows = (link(event_id=event.pk, topic_id=dice.choice(topics)) for event, _ in batch)
        link.objects.bulk_create(rows, batch_size=ROWS)

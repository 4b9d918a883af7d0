"""The daily snapshot of all lights, written by the database in one statement."""

from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Case, CharField, DateField, F, OuterRef, Q, QuerySet, Subquery, Value, When

from taskboard.lights import CLOSED_WORD, GREEN, GREY, LATE_WORD, RED, WITHOUT_CLOCK, WORDS, YELLOW
from taskboard.models import LightSnapshot, Task

COLUMNS = ("task_id", "day", "colour", "word", "state", "due")


def snapshot_lights(*, on_day: date) -> int:
    """Keep every light of the day; returns how many rows are new.

    A second run of the same day adds what is missing and changes nothing.
    Drafts have no light yet; a closed task is kept once, not every day.
    """
    select, values = _lit(on_day).query.sql_with_params()
    quote = connection.ops.quote_name
    table, columns = quote(LightSnapshot._meta.db_table), ", ".join(quote(name) for name in COLUMNS)
    with connection.cursor() as cursor:
        # The names are the model's own; every value travels as a parameter.
        cursor.execute(f"INSERT INTO {table} ({columns}) {select} ON CONFLICT DO NOTHING", values)
        return max(int(cursor.rowcount), 0)


def _lit(on_day: date) -> "QuerySet[Task, tuple[Any, ...]]":
    """Task, day, colour, word, state, due of every task whose light is kept on the day."""
    before = LightSnapshot.objects.filter(task=OuterRef("pk")).order_by("-day")
    tasks = Task.objects.exclude(state=Task.State.DRAFT).with_light(on_day).order_by()
    kept = tasks.annotate(last_state=Subquery(before.values("state")[:1]), word=_word())
    closed = Task.State.CLOSED
    wanted = kept.filter(~Q(state=closed) | Q(last_state=None) | ~Q(last_state=closed))
    day = Value(on_day, output_field=DateField())
    return wanted.annotate(day=day).values_list("pk", "day", "light", "word", "state", "due")


def _word() -> Case:
    """The word that ``taskboard.lights`` says, computed by the database."""
    late = Q(submitted_on__gt=F("due"))
    return Case(
        When(late, state=Task.State.CLOSED, then=Value(LATE_WORD)),
        When(state=Task.State.CLOSED, then=Value(CLOSED_WORD)),
        When(Q(state__in=WITHOUT_CLOCK) | Q(due__isnull=True), then=Value(WORDS[GREY])),
        When(late, state=Task.State.SUBMITTED, light=RED, then=Value(LATE_WORD)),
        *(When(light=colour, then=Value(WORDS[colour])) for colour in (RED, YELLOW, GREEN)),
        default=Value(WORDS[GREY]),
        output_field=CharField(),
    )

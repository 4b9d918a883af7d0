"""A list in columns by state, and which way a card may go."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, F, OrderBy, Window
from django.db.models.functions import RowNumber

from taskboard.boards import Row, light_of
from taskboard.models import Task
from taskboard.moves import RUNNING
from taskboard.querysets import TaskQuerySet

State = Task.State
CARDS = 25
# Suspended and draft tasks stand at the ends: they are not under way.
ORDER = (
    *(State.DRAFT, State.ISSUED, State.SIGNED, State.IN_PROGRESS),
    *(State.SUBMITTED, State.RETURNED, State.CLOSED, State.SUSPENDED),
)
ISSUE = "issue"
# The step that takes a card from one column to another. A suspended card goes back to where it was.
WAYS: Mapping[tuple[str, str], str] = {
    ("draft", "issued"): ISSUE,
    ("issued", "signed"): "sign",
    ("signed", "in_progress"): "progress",
    ("returned", "in_progress"): "progress",
    ("in_progress", "submitted"): "submit",
    ("returned", "submitted"): "submit",
    ("submitted", "returned"): "return",
    ("submitted", "closed"): "close",
    ("closed", "in_progress"): "reopen",
    **{(state, "suspended"): "suspend" for state in RUNNING},
    **{("suspended", state): "resume" for state in RUNNING},
}


@dataclass(slots=True)
class BoardColumn:
    """Tasks in one state: those of this page, and how many there are."""

    state: str
    word: str
    count: int
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Board:
    """All columns, with the number of pages that the longest one takes."""

    columns: Sequence[BoardColumn]
    page: int
    pages: int


def board_of(tasks: TaskQuerySet, ordering: Sequence[OrderBy], page: int, on_day: date) -> Board:
    """The same page of every column: two queries, and one for the departments."""
    seen: Any = tasks.order_by()
    counts = dict(seen.values_list("stood").annotate(n=Count("pk")))
    pages = max(1, -(-max(counts.values(), default=0) // CARDS))
    page = min(max(page, 1), pages)
    placed = tasks.annotate(place=Window(RowNumber(), partition_by=F("stood"), order_by=list(ordering)))
    shown = placed.filter(place__gt=(page - 1) * CARDS, place__lte=page * CARDS).order_by("place")
    return Board(_columns(counts, shown, on_day), page, pages)


def _columns(counts: Mapping[str, int], shown: Iterable[Task], on_day: date) -> list[BoardColumn]:
    rows: dict[str, list[Row]] = defaultdict(list)
    for task in shown:
        rows[task.state].append(Row(task, light_of(task, on_day)))
    return [
        BoardColumn(state.value, str(state.label), counts.get(state.value, 0), rows[state.value])
        for state in ORDER
        # No card ever goes back to the drafts.
        if state != State.DRAFT or counts.get(state.value)
    ]


def ways_from(state: str) -> Mapping[str, str]:
    """By target column the step that leads there."""
    return {to.value: WAYS[state, to.value] for to in ORDER if (state, to.value) in WAYS}

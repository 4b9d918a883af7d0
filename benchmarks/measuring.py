"""Times of pairs, taken in turn: a machine that slows down slows both."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median

from django.core.management import call_command
from django.db import connection

Action = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds of several rounds."""

    seconds: tuple[float, ...]

    @property
    def least(self) -> float:
        """The round that was disturbed least."""
        return min(self.seconds)

    @property
    def middle(self) -> float:
        """The median."""
        return median(self.seconds)

    @property
    def words(self) -> str:
        """Least / median, in a unit that suits."""
        unit, factor, digits = ("s", 1, 2) if self.least >= 1 else ("ms", 1000, 1)
        return f"{self.least * factor:.{digits}f} / {self.middle * factor:.{digits}f} {unit}"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table; ``missed`` says by how much a bound was missed."""

    what: str
    ours: str
    beside: str
    ratio: str
    bound: str = "–"
    missed: str = ""


def seconds_of(action: Action) -> float:
    """How long it takes once."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def in_turn(ours: Callable[[], float], beside: Callable[[], float], rounds: int) -> tuple[Times, Times]:
    """Both, one after the other, after one round that does not count.

    Each returns its own seconds. The order changes with every round.
    """
    ours(), beside()
    taken: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds):
        for which in (0, 1) if number % 2 else (1, 0):
            taken[which].append((ours, beside)[which]())
    return Times(tuple(taken[0])), Times(tuple(taken[1]))


def time_ratio(
    what: str, ours: Times, beside: Times, *, at_most: float | None, of_middle: bool = False
) -> Row:
    """Ours may take at most so many times as long, in the best round or, ``of_middle``, in the median."""
    ratio = ours.middle / beside.middle if of_middle else ours.least / beside.least
    missed = f"{ratio:.2f}，超出 {ratio - at_most:.2f}" if at_most is not None and ratio > at_most else ""
    bound = "–" if at_most is None else f"≤ {at_most} ×"
    return Row(what, ours.words, beside.words, f"{ratio:.2f} ×", bound, missed)


def speed_ratio(what: str, ours: Times, beside: Times, *, at_least: float | None) -> Row:
    """Ours must answer at least so many times as many requests a second."""
    ratio = beside.least / ours.least
    short = at_least is not None and ratio < at_least
    missed = f"{ratio:.2f}，还差 {at_least - ratio:.2f}" if at_least is not None and short else ""
    bound = "–" if at_least is None else f"≥ {at_least} ×"
    return Row(what, ours.words, beside.words, f"{ratio:.2f} ×", bound, missed)


def database_name() -> str:
    """As people call it."""
    return "SQLite" if connection.vendor == "sqlite" else "PostgreSQL"


def prepare() -> None:
    """Tables and styles, before anything is asked."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["redoc", "rest_framework"])


def table(rows: list[Row]) -> Iterator[str]:
    """The rows as a table in Markdown."""
    yield "| What | Portal (least / median) | Beside it | Ratio | Bound | |"
    yield "|---|---|---|---|---|---|"
    for row in rows:
        verdict = "missed" if row.missed else "" if row.bound == "–" else "met"
        yield f"| {row.what} | {row.ours} | {row.beside} | {row.ratio} | {row.bound} | {verdict} |"

"""How many entries stood in which state: now, and day by day; pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

STATES = ("draft", "signed", "closed", "removed")


@dataclass(frozen=True, slots=True)
class DayCount:
    """The entries of a ledger at the end of a day."""

    day: date
    draft: int = 0
    signed: int = 0
    closed: int = 0
    removed: int = 0


def counts_by_day(moves: Iterable[tuple[date, str, str, int]]) -> list[DayCount]:
    """Each day on which a state changed; ``moves`` are day, state before (at first empty), after, number."""
    standing: Counter[str] = Counter()
    days: dict[date, DayCount] = {}
    for day, before, after, number in sorted(moves):
        standing[after] += number
        if before:
            standing[before] -= number
        days[day] = DayCount(day, **{state: standing[state] for state in STATES})
    return list(days.values())

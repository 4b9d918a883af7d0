"""Who has not reported, with the number to tap, and the clocks that run out next. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from floodresponse.clocks import Clock, in_words
from floodresponse.command.roster import Line, Roster
from floodresponse.models import Obligation

SHOWN, UPCOMING = 8, 4
SINGLE = frozenset(Obligation.Kind.values) - {Obligation.Kind.ZERO}


@dataclass(frozen=True, slots=True)
class Owing:
    """A line: one report that a unit owes, or the zero reports of many units at one limit."""

    clock: Clock
    units: int
    line: Line | None

    @property
    def obligation(self) -> Any:
        """The (first) obligation, with what was annotated of its calls."""
        return self.clock.obligation

    @property
    def who(self) -> str:
        """The unit, or how many."""
        return f"{self.units} 个单位" if self.units > 1 else str(self.obligation.unit)

    @property
    def what(self) -> str:
        """The report, a follow-up with its number."""
        number = f" {self.obligation.sequence}" if self.obligation.kind == Obligation.Kind.FOLLOWUP else ""
        return f"{self.obligation.get_kind_display()}{number}"

    @property
    def about(self) -> str:
        """What it is about."""
        return str(self.obligation.incident) if self.obligation.incident else "每日报告"

    @property
    def called(self) -> str:
        """The last call in words."""
        return self.clock.called

    @property
    def known_until(self) -> datetime | None:
        """Until when somebody's acknowledgement holds; without a report it expires."""
        until: datetime | None = self.obligation.acknowledged_until
        return until

    @property
    def left(self) -> str:
        """剩 5 分, 超 6 分."""
        remaining = self.clock.remaining
        return f"超 {remaining}" if self.clock.state == "overdue" else remaining


@dataclass(frozen=True, slots=True)
class OwedPanel:
    """``rows``: overdue first; ``next``: the clock that runs out next."""

    rows: tuple[Owing, ...]
    total: int
    overdue: int
    soon: int
    next: Owing | None
    upcoming: tuple[tuple[Owing, str], ...]


def owed_panel(obligations: Sequence[Obligation], roster: Roster, at: datetime) -> OwedPanel:
    """``obligations`` are open ones by their limits, with the calls annotated."""
    lines = _lines(obligations, roster, at)
    late = [line for line in lines if line.clock.state == "overdue"]
    waiting = [line for line in lines if line.clock.state != "overdue"]
    first = waiting[0] if waiting else None
    return OwedPanel(
        rows=tuple([*late, *waiting][:SHOWN]),
        total=len(obligations),
        overdue=sum(Clock(one, at).state == "overdue" for one in obligations),
        soon=sum(Clock(one, at).state == "soon" for one in obligations),
        next=first,
        upcoming=tuple((line, _until(line, at)) for line in waiting[1 : 1 + UPCOMING]),
    )


def _lines(obligations: Iterable[Obligation], roster: Roster, at: datetime) -> list[Owing]:
    """Zero reports of one limit are one line: their list has a page of its own."""
    lines = []
    for (kind, _), group in groupby(obligations, key=lambda one: (one.kind, one.due_at)):
        rows = list(group)
        bundles = [[row] for row in rows] if kind in SINGLE else [rows]
        lines += [Owing(Clock(bundle[0], at), len(bundle), _line(bundle, roster)) for bundle in bundles]
    return lines


def _line(rows: Sequence[Obligation], roster: Roster) -> Line | None:
    return roster.line_to(rows[0].unit) if len(rows) == 1 else None


def _until(line: Owing, at: datetime) -> str:
    return in_words(max(int((line.obligation.due_at - at).total_seconds() // 60), 0))

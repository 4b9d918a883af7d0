"""The tables behind the report: steps, punctuality by unit, losses by unit. Pure, from the facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from floodresponse.aftermath.facts import Facts
from floodresponse.aftermath.peaks import plain
from floodresponse.models import Obligation
from floodresponse.reportcontent import FIGURES

State = Obligation.State


@dataclass(frozen=True, slots=True)
class Punctuality:
    """A unit's reports: how many owed, in time, late, missing, excused; the worst delay in minutes."""

    unit: str
    owed: int
    in_time: int
    late: int
    missing: int
    excused: int
    worst: int

    @property
    def spotless(self) -> bool:
        """Everything in time."""
        return self.owed > 0 and self.in_time == self.owed

    @property
    def at_fault(self) -> bool:
        """Late or missing and not excused."""
        return self.late + self.missing > 0


def punctuality(obligations: Sequence[Obligation], at: datetime) -> list[Punctuality]:
    """By unit, the worst first; what is not due yet counts for nothing."""
    by_unit: dict[str, list[Obligation]] = {}
    for one in obligations:
        if one.state != State.OPEN or one.due_at < at:
            by_unit.setdefault(one.unit.name, []).append(one)
    found = [_of_unit(name, owed, at) for name, owed in by_unit.items()]
    return sorted(found, key=lambda p: (-p.missing, -p.late, -p.worst, p.unit))


def _of_unit(name: str, owed: Sequence[Obligation], at: datetime) -> Punctuality:
    def count(state: str) -> int:
        return sum(one.state == state for one in owed)

    return Punctuality(
        unit=name,
        owed=len(owed),
        in_time=count(State.MET),
        late=count(State.MET_LATE),
        missing=count(State.OPEN),
        excused=count(State.EXCUSED),
        worst=max(one.minutes_late_at(at) for one in owed),
    )


def totals(facts: Facts) -> dict[str, Decimal]:
    """Figures of the whole city."""
    found: dict[str, Decimal] = {}
    for of_unit in facts.figures.values():
        for key, value in of_unit.items():
            found[key] = found.get(key, Decimal(0)) + value
    return {key: found[key] for key in FIGURES if key in found}


def losses_by_unit(facts: Facts) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """Headings, then a line for each unit and one for the city; “—” is not reported, 0 is none."""
    keys = list(totals(facts))
    lines = [(unit, [_cell(values.get(key)) for key in keys]) for unit, values in facts.figures.items()]
    if len(lines) > 1:
        lines.append(("合计", [_cell(value) for value in totals(facts).values()]))
    return [FIGURES[key] for key in keys], lines


def _cell(value: Decimal | None) -> str:
    return "—" if value is None else plain(value)

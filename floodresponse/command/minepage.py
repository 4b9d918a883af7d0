"""A unit's own page in the order of work: what is late or due next at hand, the rest folded."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, QuerySet, Value, When
from django.urls import reverse
from django.utils import timezone

from floodresponse.clocks import Clock, clocks_of
from floodresponse.command.roster import Line, Roster
from floodresponse.models import Obligation, RainAction, UnitAction
from floodresponse.reportqueries import ObligationQuerySet

# So many lines stand open; one or two more are not worth folding.
SHOWN, SPARED = 6, 2
MOST = 40
ZERO = Obligation.Kind.ZERO
State = UnitAction.State
BY_STATE = Case(
    When(state=State.OPEN, then=Value(0)), When(state=State.ACKNOWLEDGED, then=Value(1)), default=Value(2)
)


@dataclass(frozen=True, slots=True)
class Folded:
    """``first`` stands open, ``rest`` is folded."""

    first: Sequence[Any]
    rest: Sequence[Any]

    @property
    def all(self) -> Sequence[Any]:
        """Both."""
        return [*self.first, *self.rest]

    def __bool__(self) -> bool:
        return bool(self.first or self.rest)


def folded(rows: Iterable[Any], *, at_hand: Callable[[Any], bool] = lambda row: True) -> Folded:
    """The first rows open, of those that are ``at_hand``; the others folded. The order is kept."""
    every = list(rows)
    first = {index for index, row in enumerate(every) if at_hand(row)}
    first = set(sorted(first)[:SHOWN])
    if len(every) <= len(first) + SPARED:
        return Folded(every, [])
    apart = [(index in first, row) for index, row in enumerate(every)]
    return Folded([row for here, row in apart if here], [row for here, row in apart if not here])


@dataclass(frozen=True, slots=True)
class Due:
    """A report that is owed; for the office the zero reports of one limit are a single line."""

    clock: Clock
    units: int = 1


def what_is_due(
    owed: ObligationQuerySet, *, at: datetime, roster: Roster | None = None
) -> tuple[list[Due], bool]:
    """Late or due next first; what was missed on earlier days last. And whether there is more of it.

    The office has a ``roster`` to call the units by, and the zero reports of one limit in one line.
    """
    office = roster is not None
    begun = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    single = owed.exclude(kind=ZERO) if office else owed
    stale = Case(When(incident=None, due_at__lt=begun, then=Value(1)), default=Value(0))
    rows = list(single.select_related("unit", "incident").order_by(stale, "due_at", "pk")[: MOST + 1])
    due = [Due(clock) for clock in clocks_of(rows[:MOST], at, roster)]
    if office:
        due += [Due(clock, units) for clock, units in _zeros(owed, at)]
    return sorted(due, key=lambda one: _urgency(one, begun)), len(rows) > MOST


def _zeros(owed: ObligationQuerySet, at: datetime) -> list[tuple[Clock, int]]:
    by_limit = owed.filter(kind=ZERO).order_by("-due_at").values("due_at").annotate(units=Count("pk"))[:MOST]
    return [(Clock(Obligation(kind=ZERO, due_at=row["due_at"]), at), row["units"]) for row in by_limit]


def _urgency(one: Due, begun: datetime) -> tuple[bool, datetime]:
    obligation = one.clock.obligation
    return obligation.incident_id is None and obligation.due_at < begun, obligation.due_at


@dataclass(frozen=True, slots=True)
class Order:
    """Something that a unit has to do; ``line``: the number to call it on while it has not answered."""

    action: UnitAction | RainAction
    line: Line | None

    @property
    def drill(self) -> bool:
        """Whether it belongs to an exercise."""
        action = self.action
        return action.order.exercise if isinstance(action, RainAction) else action.response.exercise

    @property
    def is_rain(self) -> bool:
        """Whether it stands under an order below level IV."""
        return isinstance(self.action, RainAction)

    @property
    def address(self) -> str:
        """Where it is answered."""
        name = "rain_action" if self.is_rain else "action_answer"
        return reverse(f"floodresponse:{name}", args=[self.action.pk])

    @property
    def waits(self) -> bool:
        """Whether nobody has answered it."""
        return self.action.state == State.OPEN

    @property
    def calls(self) -> bool:
        """Whether a unit is called about it: the command post does not call itself."""
        return self.waits and self.action.unit is not None and not self.is_rain


def orders_of(
    actions: QuerySet[UnitAction], rain: QuerySet[RainAction], *, roster: Roster | None = None
) -> Folded:
    """What nobody has answered first, then what is not done; the office has what waits at hand."""
    called = actions.select_related("unit", "response").prefetch_related("calls__called_by")
    rows: list[UnitAction | RainAction] = [
        *in_order_of_work(called)[: MOST * 2],
        *in_order_of_work(rain.select_related("unit", "order"))[: MOST * 2],
    ]
    orders = [Order(row, roster.line_to(row.unit) if roster and row.unit else None) for row in rows]
    return folded(orders, at_hand=lambda order: order.waits or roster is None)


def in_order_of_work(actions: QuerySet[Any]) -> QuerySet[Any]:
    """What nobody has answered first, then what is not done, then the rest."""
    return actions.order_by(BY_STATE, "unit__order", "pk")

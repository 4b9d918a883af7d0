"""What the pages of ledgers read."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q
from django.db.models.functions import TruncDate

from organizations.models import Department, User
from taskboard.ledgers.averages import Split, split_by_average
from taskboard.ledgers.cells import NUMBER, Column
from taskboard.ledgers.columns import columns_of
from taskboard.ledgers.counts import STATES, DayCount, counts_by_day
from taskboard.ledgers.past import count_then, then_of
from taskboard.ledgers.querysets import ON_BOOK, LedgerQuerySet, LedgerRowQuerySet
from taskboard.ledgers.sheets import Known
from taskboard.models.ledgers import Ledger, LedgerRow, LedgerRowEvent
from taskboard.services.ledgers.steps import HEADS, KEEPERS, departments_of


@dataclass(frozen=True, slots=True)
class Cell:
    """A value in its column."""

    column: Column
    value: str

    @property
    def numeric(self) -> bool:
        """Whether it stands to the right."""
        return self.column.type == NUMBER


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as a line of the table."""

    row: LedgerRow
    cells: tuple[Cell, ...]


def lines_of(columns: Sequence[Column], rows: Iterable[LedgerRow]) -> list[Line]:
    """Entries with their values in the order of the columns."""
    return [Line(row, tuple(Cell(c, row.values.get(c.key, "")) for c in columns)) for row in rows]


def ledgers_with_counts(moment: datetime | None = None) -> LedgerQuerySet:
    """All ledgers with how many entries stand in which state, or stood just before the moment; one query."""
    counts: dict[str, Any] = {f"n_{state}": Count("rows", filter=Q(rows__state=state)) for state in STATES}
    if moment is not None:
        counts = {f"n_{state}": count_then(state, moment) for state in STATES}
    ledgers = Ledger.objects.select_related("directive").annotate(**counts)
    return ledgers.order_by("directive_id", "order", "pk")


def count_by_state(ledger: Ledger, then: Sequence[LedgerRow] | None = None) -> dict[str, int]:
    """How many entries of a ledger stand in which state; of the rows of a past day where there are any."""
    if then is not None:
        found = Counter(row.state for row in then)
    else:
        found = Counter(dict(ledger.rows.order_by().values_list("state").annotate(n=Count("pk"))))
    return {state: found[state] for state in STATES}


def history_of(ledger: Ledger, moment: datetime | None = None) -> list[DayCount]:
    """Entries by state at the end of each day on which one changed its state, up to the moment."""
    events = LedgerRowEvent.objects.filter(row__ledger=ledger).exclude(from_state=F("to_state"))
    if moment is not None:
        events = events.filter(at__lt=moment)
    days = events.order_by().annotate(day=TruncDate("at"))
    return counts_by_day(days.values_list("day", "from_state", "to_state").annotate(n=Count("pk")))


def units_kept_by(user: User) -> list[Department]:
    """The departments whose entries a person keeps."""
    return departments_of(user, KEEPERS) if user.has_perm("taskboard.keep_ledger") else []


def unsigned_by_unit(user: User, ledger: Ledger) -> list[tuple[Department, int]]:
    """The departments that a person heads and what they have not signed in the ledger."""
    units = {unit.pk: unit for unit in departments_of(user, HEADS)}
    drafts = LedgerRow.objects.filter(ledger=ledger).unsigned_of(units)
    counted = drafts.order_by().values_list("department").annotate(n=Count("pk"))
    return [(units[pk], n) for pk, n in counted]


def number_columns(columns: Sequence[Column]) -> list[Column]:
    """Those that have an average."""
    return [column for column in columns if column.type == NUMBER]


def rows_of(
    ledger: Ledger, columns: Sequence[Column], moment: datetime | None = None
) -> Sequence[LedgerRow] | LedgerRowQuerySet:
    """The entries of a ledger with their departments; as they stood just before the moment."""
    rows = LedgerRow.objects.filter(ledger=ledger).select_related("department", "ledger", "signed_by")
    return rows if moment is None else then_of(rows, columns, moment).rows(rows)


def split_of(ledger: Ledger, column: Column, moment: datetime | None = None) -> Split[LedgerRow] | None:
    """The entries on book on both sides of a column's average."""
    rows = (row for row in rows_of(ledger, columns_of(ledger), moment) if row.state in ON_BOOK)
    return split_by_average(
        (row, Decimal(row.values[column.key])) for row in rows if row.values.get(column.key)
    )


def known_rows(ledger: Ledger) -> dict[int, Known]:
    """What is on record of the ledger's entries, by number."""
    rows = ledger.rows.values_list("pk", "department_id", "state", "version", "values")
    return {pk: Known(department, state, version, values) for pk, department, state, version, values in rows}

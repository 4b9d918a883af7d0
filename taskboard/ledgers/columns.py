"""The columns of a ledger, as its rows are checked and shown."""

from taskboard.ledgers.cells import UNNAMED, Column
from taskboard.models.ledgers import Ledger


def columns_of(ledger: Ledger) -> tuple[Column, ...]:
    """Those that the plan names; name and state of affairs where it names none."""
    named = tuple(
        Column(f"c{column.order}", column.name, column.type, column.unit, tuple(column.choices))
        for column in ledger.columns.all()
    )
    return named or UNNAMED

"""Entries of a ledger before they are signed: entered, changed, withdrawn."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from foundation.errors import InvalidInput, StateConflict
from organizations.models import Department, User
from taskboard.ledgers.cells import check_cells
from taskboard.ledgers.columns import columns_of
from taskboard.models.ledgers import Ledger, LedgerRow
from taskboard.services.ledgers.steps import Action, State, claim, record_step, require_keeper, required_words


def checked_values(ledger: Ledger, typed: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """Name and canonical cells of an entry; refused with a sentence for each cell that does not fit."""
    columns = columns_of(ledger)
    checked = check_cells(columns, typed)
    if checked.errors:
        fields = {key: [sentence] for key, sentence in checked.errors.items()}
        raise InvalidInput("".join(checked.errors.values()), fields=fields)
    return checked.values[columns[0].key], checked.values


def in_words(ledger: Ledger, values: Mapping[str, str]) -> dict[str, str]:
    """Cells by the name of their column, for the history."""
    return {column.name: values[column.key] for column in columns_of(ledger) if column.key in values}


@transaction.atomic
def add_row(
    *, actor: User | None, at: datetime, ledger: Ledger, department: Department, values: Mapping[str, str]
) -> LedgerRow:
    """Enter something in a ledger, for one's own department; it counts once its head has signed."""
    require_keeper(actor, department, "登记")
    title, cells = checked_values(ledger, values)
    # One at a time in a ledger, so that the same entry sent twice is seen.
    Ledger.objects.select_for_update().get(pk=ledger.pk)
    _refuse_repetition(ledger, department, title, cells)
    row = LedgerRow.objects.create(
        ledger=ledger, department=department, title=title, values=cells, created_at=at, updated_at=at
    )
    record_step(row, Action.ADD, actor=actor, at=at, new=in_words(ledger, cells))
    return row


def _refuse_repetition(ledger: Ledger, department: Department, title: str, cells: Mapping[str, str]) -> None:
    """The same cells in every column are a button pressed twice, or a sheet sent twice."""
    same = LedgerRow.objects.on_book().filter(ledger=ledger, department=department, title=title)
    if any(row.values == cells for row in same):
        raise StateConflict(f"{department.name}已在本台账登记过内容完全相同的“{title}”，没有重复登记。")


@transaction.atomic
def change_row(*, actor: User | None, at: datetime, row: LedgerRow, values: Mapping[str, str]) -> LedgerRow:
    """Change an entry before it is signed; afterwards only ``correct_row`` does."""
    require_keeper(actor, row.department, "修改")
    rewrite(actor=actor, at=at, row=row, values=values)
    return row


def rewrite(*, actor: User | None, at: datetime, row: LedgerRow, values: Mapping[str, str]) -> None:
    """The cells of an unsigned entry anew, with the row of its history; nothing where nothing differs."""
    old = in_words(row.ledger, row.values)
    title, cells = checked_values(row.ledger, values)
    if cells == row.values and row.state == State.DRAFT:
        return
    before = claim(row, State.DRAFT, what="修改", title=title, values=cells, updated_at=at)
    new = in_words(row.ledger, cells)
    record_step(row, Action.CHANGE, actor=actor, at=at, before=before, old=old, new=new)


@transaction.atomic
def withdraw_row(*, actor: User | None, at: datetime, row: LedgerRow, reason: str) -> LedgerRow:
    """Take an entry back that nobody has signed; it stays readable as moved out."""
    require_keeper(actor, row.department, "撤回")
    words = required_words(reason, "reason", "撤回的理由")
    before = claim(row, State.DRAFT, what="撤回", state=State.REMOVED, updated_at=at)
    record_step(row, Action.WITHDRAW, actor=actor, at=at, before=before, reason=words)
    return row

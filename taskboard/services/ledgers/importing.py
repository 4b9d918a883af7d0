"""Rows of a spreadsheet into a ledger, all or none."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from foundation.errors import DomainError, InvalidInput
from organizations.models import Department, User
from taskboard.ledgers.sheets import SheetRow
from taskboard.models.ledgers import Ledger, LedgerRow
from taskboard.services.ledgers.rows import add_row, rewrite
from taskboard.services.ledgers.steps import conflict_of, require_keeper


@transaction.atomic
def import_rows(
    *, actor: User | None, at: datetime, ledger: Ledger, department: Department, rows: Sequence[SheetRow]
) -> tuple[int, int]:
    """Write checked lines of a sheet for one's own department; returns how many were added and changed.

    A line with a number changes the unsigned entry of that number, if nobody
    has changed it since the sheet was made; one without enters a new one.
    """
    require_keeper(actor, department, "导入")
    if not rows:
        raise InvalidInput("表中没有可以写入的行。")
    numbers = [row.number for row in rows if row.number]
    kept = {row.pk: row for row in ledger.rows.filter(pk__in=numbers).select_related("department", "ledger")}
    added = changed = 0
    for line in rows:
        try:
            if line.number is None:
                add_row(actor=actor, at=at, ledger=ledger, department=department, values=line.values)
                added += 1
            else:
                _change(actor, at, department, kept, line)
                changed += 1
        except DomainError as refusal:
            raise type(refusal)(f"第 {line.line} 行：{refusal.message}没有写入任何内容。") from refusal
    return added, changed


def _change(
    actor: User | None, at: datetime, department: Department, kept: dict[int, LedgerRow], line: SheetRow
) -> None:
    row = kept.get(line.number or 0)
    if row is None or row.department_id != department.pk:
        raise InvalidInput(f"编号 {line.number} 不是{department.name}在本台账中的条目。")
    if row.version != line.version:
        raise conflict_of(row, "导入")
    rewrite(actor=actor, at=at, row=row, values=line.values)

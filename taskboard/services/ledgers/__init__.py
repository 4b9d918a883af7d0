"""Writes of ledgers and their rows."""

from taskboard.services.ledgers.cases import keep_plan, record_case
from taskboard.services.ledgers.checking import spot_check
from taskboard.services.ledgers.complaints import answer_complaint, record_complaint
from taskboard.services.ledgers.creating import create_ledger
from taskboard.services.ledgers.importing import import_rows
from taskboard.services.ledgers.leaving import close_row, correct_row
from taskboard.services.ledgers.rows import add_row, change_row, withdraw_row
from taskboard.services.ledgers.signing import sign_ledger

__all__ = [
    "add_row",
    "answer_complaint",
    "change_row",
    "close_row",
    "correct_row",
    "create_ledger",
    "import_rows",
    "keep_plan",
    "record_case",
    "record_complaint",
    "sign_ledger",
    "spot_check",
    "withdraw_row",
]

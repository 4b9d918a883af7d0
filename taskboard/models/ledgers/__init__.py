"""Ledgers, their rows and what became of them."""

from taskboard.models.ledgers.cases import ApprovalCase, DisposalPlan, LedgerReport
from taskboard.models.ledgers.ledgers import Ledger, LedgerColumn
from taskboard.models.ledgers.rows import LedgerRow, LedgerRowEvent

__all__ = [
    "ApprovalCase",
    "DisposalPlan",
    "Ledger",
    "LedgerColumn",
    "LedgerReport",
    "LedgerRow",
    "LedgerRowEvent",
]

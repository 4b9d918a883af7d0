"""What a person is told when a change could not be carried out: two at once, or a full disk."""

import logging

from django.db import DataError, OperationalError

from foundation.errors import DomainError, InvalidInput, StateConflict
from foundation.fulldisk import disk_refusal

LOGGER = logging.getLogger(__name__)
# PostgreSQL: serialization_failure, deadlock_detected, lock_not_available.
STATES = frozenset({"40001", "40P01", "55P03"})
UNHELD = "内容里有不能保存的字符或过大的数字，本次没有保存；请检查后重新提交。"
BEYOND_ALL = ("Python int too large to convert to SQLite", "Exceeds the limit (")
SENTENCE = "此刻另有人在修改同一批记录，本次没有保存；请返回上一页重新提交。"


def as_refusal(error: Exception) -> DomainError | None:
    """The sentence for the person, or None for an error that is a fault of ours.

    Nothing of such a transaction is kept, so the same step can be tried again.
    """
    if isinstance(error, DomainError):
        return error
    if isinstance(error, OperationalError) and _is_collision(error):
        LOGGER.warning("two changes at once: %s", error)
        return StateConflict(SENTENCE)
    if isinstance(error, DataError):
        # PostgreSQL: a NUL in a text, a number beyond its column.
        LOGGER.warning("the database cannot hold it: %s", error)
        return InvalidInput(UNHELD)
    if isinstance(error, OverflowError | ValueError) and str(error).startswith(BEYOND_ALL):
        # What PostgreSQL refuses as beyond its column, SQLite and Python say in their own way.
        LOGGER.warning("a number beyond all: %s", error)
        return InvalidInput(UNHELD)
    return disk_refusal(error)


def _is_collision(error: OperationalError) -> bool:
    cause = error.__cause__
    if getattr(cause, "sqlstate", None) in STATES:
        return True
    return getattr(cause, "sqlite_errorname", "").startswith("SQLITE_BUSY")

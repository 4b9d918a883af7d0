"""What a person is told when a change could not be carried out: two at once, or a full disk."""

import logging

from django.db import OperationalError

from foundation.errors import DomainError, StateConflict
from foundation.fulldisk import disk_refusal

LOGGER = logging.getLogger(__name__)
# PostgreSQL: serialization_failure, deadlock_detected, lock_not_available.
STATES = frozenset({"40001", "40P01", "55P03"})
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
    return disk_refusal(error)


def _is_collision(error: OperationalError) -> bool:
    cause = error.__cause__
    if getattr(cause, "sqlstate", None) in STATES:
        return True
    return getattr(cause, "sqlite_errorname", "").startswith("SQLITE_BUSY")

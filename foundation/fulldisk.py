"""What a person is told when the disk is full or may only be read: nothing was kept, and what to do."""

import errno
import logging
import shutil

from django.conf import settings
from django.db import DatabaseError

from foundation.errors import DomainError

LOGGER = logging.getLogger(__name__)
# PostgreSQL: disk_full; read_only_sql_transaction.
FULL_STATES, READ_ONLY_STATES = frozenset({"53100"}), frozenset({"25006"})
FULL_NUMBERS = frozenset({errno.ENOSPC, errno.EDQUOT})
READ_ONLY_NUMBERS = frozenset({errno.EROFS})
FULL = "SQLITE_FULL"
# Below this a file cannot grow, whatever SQLite calls it.
LEAST_BYTES = 1024 * 1024

READ_ONLY = ("SQLITE_READONLY", "SQLITE_IOERR")


class DiskFull(DomainError):
    """There is no room (RFC 4918: 507)."""

    status = 507


class DiskReadOnly(DomainError):
    """Nothing can be written for the time being."""

    status = 503


def disk_refusal(error: BaseException) -> DomainError | None:
    """The sentence for an error that the disk is the cause of, or None for any other."""
    cannot_write = _is(error, READ_ONLY_NUMBERS, READ_ONLY_STATES, READ_ONLY)
    # SQLite's log that finds no room says no more than that writing failed.
    if _is(error, FULL_NUMBERS, FULL_STATES, (FULL,)) or (cannot_write and _has_no_room()):
        LOGGER.error("the disk is full: %s", error)
        return DiskFull(
            "服务器磁盘空间已满，本次没有保存任何内容。请保留页面，稍后重试，并立即告诉系统管理员清理磁盘。"
        )
    if cannot_write:
        LOGGER.error("the disk cannot be written: %s", error)
        return DiskReadOnly(
            "服务器的磁盘暂时不能写入，本次没有保存任何内容。请保留页面，稍后重试，并告诉系统管理员检查磁盘。"
        )
    return None


def _has_no_room() -> bool:
    return shutil.disk_usage(settings.DATA_DIR).free < LEAST_BYTES


def _is(
    error: BaseException, numbers: frozenset[int], states: frozenset[str], names: tuple[str, ...]
) -> bool:
    if isinstance(error, OSError):
        return error.errno in numbers
    if not isinstance(error, DatabaseError):
        return False
    cause = error.__cause__
    return getattr(cause, "sqlstate", None) in states or str(
        getattr(cause, "sqlite_errorname", "")
    ).startswith(names)

"""``manage.py restore FILE``: an archive of ``backup`` into an empty portal."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from foundation.append_only import missing_triggers
from foundation.errors import DomainError
from foundation.services.audit import find_break
from zalantun.safekeeping.restore import restore_backup


class Command(BaseCommand):
    """Refuses while a portal runs here or its database holds anything."""

    help = "把备份恢复到空的门户（门户须已停止）。"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """The archive."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore, then check the chain of the audit log."""
        os.umask(0o077)
        with _alone():
            try:
                restored = restore_backup(options["file"])
            except DomainError as error:
                raise CommandError(error.message) from error
            except OSError as error:
                raise CommandError(f"恢复未完成：{error.strerror}（{error.filename}）。") from error
            self._check()
        self.stdout.write(
            f"已恢复 {restored.written_at} 的备份：{restored.rows} 行记录、{restored.files} 个文件。"
            "审计记录完整。"
        )

    def _check(self) -> None:
        broken = find_break(anchor=None)
        if broken is not None:
            raise CommandError(f"已恢复，但审计记录不完整：{broken.message}")
        if missing := missing_triggers(connection):
            raise CommandError(f"已恢复，但数据库缺少防改动的触发器：{'、'.join(missing)}。")


@contextmanager
def _alone() -> Iterator[None]:
    """No portal runs on this folder meanwhile; it holds the same lock (scripts/place.py)."""
    folder = Path(settings.DATA_DIR) / "run"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "lock").open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandError("门户正在这个数据目录上运行，请先停止它再恢复。") from None
        yield

"""``manage.py backup``: rows, files and keys into one archive, while the portal runs."""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from zalantun.safekeeping.backup import write_backup

BY_DATE = re.compile(r"portal-\d{8}-\d{6}\.zip")


class Command(BaseCommand):
    """Prints where the archive lies and what is in it."""

    help = "备份数据库、附件和密钥到一个文件；门户运行时也可执行。"

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to, and how many to keep."""
        parser.add_argument("file", nargs="?", type=Path, help="备份文件；默认在 DATA_DIR/backups 下。")
        parser.add_argument("--keep", type=int, help="只保留最近的若干份按时间命名的备份，其余删除。")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it, then remove old ones."""
        if options["keep"] is not None and options["keep"] < 1:
            raise CommandError("--keep 至少为 1。")
        now = timezone.localtime()
        path = options["file"] or Path(settings.DATA_DIR) / "backups" / f"portal-{now:%Y%m%d-%H%M%S}.zip"
        try:
            summary = write_backup(path.absolute(), at=now)
        except OSError as error:
            raise CommandError(f"备份未写成：{error.strerror}（{path}）。") from error
        size = summary.bytes / 2**20
        self.stdout.write(
            f"已备份到 {summary.path}：{summary.rows} 行记录、{summary.files} 个文件，共 {size:.1f} MB。"
        )
        if options["keep"]:
            self._forget_old(path.parent, keep=options["keep"])

    def _forget_old(self, folder: Path, *, keep: int) -> None:
        dated = sorted(file for file in folder.iterdir() if BY_DATE.fullmatch(file.name))
        for file in dated[:-keep]:
            file.unlink()
            self.stdout.write(f"已删除旧备份 {file}。")

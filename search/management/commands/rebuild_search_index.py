"""``manage.py rebuild_search_index``: bring the index up to date, or say how far it is off."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.utils import timezone

from search.services import find_drift, rebuild
from search.watching import missing_triggers


class Command(BaseCommand):
    """Compares every record with the index; with ``--check`` it changes nothing and fails on drift."""

    help = "重建搜索索引；--check 只核对，有差异时以状态 1 结束。"

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether to check alone."""
        parser.add_argument("--check", action="store_true", help="只核对，不改动。")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check or rebuild."""
        if not options["check"]:
            self.stdout.write(f"已核对 {rebuild(at=timezone.now())} 条记录，搜索索引与记录一致。")
            return
        drift = [found for found in find_drift() if found]
        for found in drift:
            self.stderr.write(
                f"{found.kind}：缺 {found.missing} 条，过时 {found.outdated} 条，多余 {found.left_over} 条。"
            )
        missing = missing_triggers(connection)
        if missing:
            self.stderr.write(f"缺少 {len(missing)} 个触发器，请运行 rebuild_search_index。")
        if drift or missing:
            raise SystemExit(1)
        self.stdout.write("搜索索引与记录一致。")

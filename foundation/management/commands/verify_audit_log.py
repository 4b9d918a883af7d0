"""``manage.py verify_audit_log``: walks the chain of the audit log."""

import re
from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from foundation.append_only import install_triggers, missing_triggers
from foundation.services.audit import chain_end, find_break


def anchor(text: str) -> tuple[int, str]:
    """A noted end of the chain: ``number:hash``."""
    parts = re.fullmatch(r"(\d+):([0-9a-f]{64})", text.strip().lower())
    if parts is None:
        raise ArgumentTypeError("应写作“序号:校验”，校验为 64 位十六进制数。")
    return int(parts[1]), parts[2]


class Command(BaseCommand):
    """Exit 0: every row stands as it was written. Exit 1: one sentence on stderr says which does not."""

    help = "逐条核对审计记录的校验链；发现改动、缺失即指出并以状态 1 退出。"

    def add_arguments(self, parser: CommandParser) -> None:
        """An end of the chain that was noted elsewhere."""
        parser.add_argument(
            "--anchor",
            type=anchor,
            help="另行留存的“序号:校验”（本命令上次的输出）；整条链被重写或截短，只有它能发现。",
        )

        parser.add_argument(
            "--install-triggers", action="store_true", help="先补装数据库中缺少的防改动触发器。"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check rows, then the database's own protection."""
        if options["install_triggers"]:
            install_triggers(connection)
        broken = find_break(anchor=options["anchor"])
        if broken is not None:
            self._fail(f"审计记录不完整：{broken.message}")
        missing = missing_triggers(connection)
        if missing:
            self._fail(f"数据库缺少防改动的触发器：{'、'.join(missing)}。请加 --install-triggers 补装。")
        sequence, last_hash = chain_end()
        self.stdout.write(f"审计记录完整，共 {sequence} 条。链尾 {sequence}:{last_hash}")

    def _fail(self, sentence: str) -> None:
        self.stderr.write(sentence)
        raise SystemExit(1)

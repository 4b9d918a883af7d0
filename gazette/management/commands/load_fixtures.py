"""Load the facts in ``fixtures/`` into the portal."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from foundation.context import Origin, call_from
from gazette.services.fixtures import has_records, load_fixtures


class Command(BaseCommand):
    """``load_fixtures [--if-empty]``; loading twice changes nothing."""

    help = "装入 fixtures/ 中的初始数据：大事记、政策文件、任务清单、防内涝方案；已有的记录不动。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether a portal with records is left alone."""
        parser.add_argument("--if-empty", action="store_true", help="已有大事记、文件或任务时什么也不做")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write, and say what was written."""
        if options["if_empty"] and has_records():
            return
        with call_from(Origin(address="command")):
            written = load_fixtures(actor=None, at=timezone.now())
        if not written:
            self.stdout.write("初始数据都已在库中，没有改动。")
            return
        counts = (written.get(name, 0) for name in ("events", "directives", "tasks"))
        self.stdout.write("装入初始数据：大事记 {} 条，政策文件 {} 件，任务 {} 项".format(*counts))

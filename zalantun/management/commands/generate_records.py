"""``manage.py generate_records``: invented records for tests at scale."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from zalantun.synthetic import Wanted, generate, remove_synthetic

KINDS = ("events", "directives", "tasks", "readings")


class Command(BaseCommand):
    """Adds as many as asked for, or removes all that it ever added."""

    help = "生成标明“模拟”的记录供规模测试使用；--remove 把它们全部删除。"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """How many of each kind."""
        for kind in KINDS:
            parser.add_argument(f"--{kind}", type=amount, default=0, metavar="N")
        parser.add_argument("--seed", type=int, default=1, help="相同的种子生成相同的内容。")
        parser.add_argument("--remove", action="store_true", help="删除全部模拟记录。")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse what cannot be done, before anything is written."""
        asked = [kind for kind in KINDS if options[kind]]
        if options["remove"] == bool(asked):
            self._refuse(
                "请用 --events、--directives、--tasks、--readings 指明数量，或只用 --remove 删除模拟记录。"
            )
        if options["remove"]:
            removed = remove_synthetic(at=timezone.now(), progress=self._progress)
            self.stdout.write(f"已删除 {removed} 条模拟的条目、文件、清单和观测数据。")
            return
        wanted = Wanted(**{kind: options[kind] for kind in KINDS}, seed=options["seed"])
        generate(at=timezone.now(), wanted=wanted, progress=self._progress)
        numbers = f"大事记 {wanted.events} 条、政策文件 {wanted.directives} 件、任务 {wanted.tasks} 项"
        numbers += f"、观测数据 {wanted.readings} 条"
        self.stdout.write(f"已生成模拟的{numbers}。")

    def _refuse(self, sentence: str) -> None:
        self.stderr.write(sentence)
        raise SystemExit(2)

    def _progress(self, label: str, done: int, total: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{label} {done} / {total}", ending="\n" if done >= total else "")


def amount(text: str) -> int:
    """A whole number from 0 on."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"“{text}”不是 0 以上的整数")
    return int(text)

"""Read published gazettes into records."""

import json
import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand
from django.utils import timezone

from foundation.context import Origin, call_from
from gazette.parser import parse_gazette, to_json
from gazette.parser.errors import UnreadableGazette
from gazette.parser.records import Gazette
from gazette.services import current_vocabulary, import_texts
from gazette.services.imports import GazetteFile, text_of

READ, UNUSABLE = 0, 1
SHOWN_WARNINGS = 50


class Command(BaseCommand):
    """``import_gazette FILE… [--dry-run] [--json]``; exit status 0 read, 1 nothing usable, 2 bad usage."""

    help = "读取公报文本，写入大事记、政策文件和任务清单；重复导入不会重复登记。"
    # A dry run needs no database, and warnings of the set-up must not mix with the one sentence on stderr.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Files, and what to do with them."""
        parser.add_argument(
            "files", nargs="+", metavar="FILE", type=Path, help="公报文件：文本、DOCX、HTML 或带文字的 PDF"
        )
        parser.add_argument("--dry-run", action="store_true", help="只读取并显示结果，不写入")
        parser.add_argument("--json", action="store_true", help="输出一个 JSON 对象")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read all files first, so that nothing is written when one of them is unusable."""
        files = [self._load(path) for path in options["files"]]
        if options["dry_run"]:
            gazettes = [self._parse(file) for file in files]
            with quiet_when_nobody_reads():
                self._show(gazettes, as_json=options["json"])
            return
        for file in files:
            self._parse(file)
        with call_from(Origin(address="command")):
            reports = import_texts(files=files, actor=None, at=timezone.now(), progress=self._progress())
        with quiet_when_nobody_reads():
            self._report(files, reports, as_json=options["json"])

    def _load(self, path: Path) -> GazetteFile:
        try:
            return GazetteFile(path.name, path.read_bytes())
        except OSError as error:
            self._stop(f"{path}：无法打开文件（{error.strerror}）。")

    def _parse(self, file: GazetteFile) -> Gazette:
        try:
            return parse_gazette(text_of(file.data), current_vocabulary())
        except UnreadableGazette as error:
            self._stop(f"{file.name}：{error}")

    def _stop(self, sentence: str) -> NoReturn:
        self.stderr.write(sentence)
        sys.exit(UNUSABLE)

    def _show(self, gazettes: list[Gazette], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(joined(gazettes), ensure_ascii=False, indent=1))
            return
        for gazette in gazettes:
            self._summarise(gazette)

    def _summarise(self, gazette: Gazette) -> None:
        counts = (len(gazette.events), len(gazette.directives), len(gazette.tasks))
        found = "大事记 {} 条，政策文件 {} 件，任务 {} 项".format(*counts)
        self.stdout.write(f"{gazette.title or '公报'}：{found}")
        for directive in gazette.directives:
            day = directive.issued_on.isoformat() if directive.issued_on else "原文未印日期"
            self.stdout.write(f"  {day}  {directive.title}")
        self.stdout.write(f"存疑 {len(gazette.warnings)} 处")
        for warning in gazette.warnings[:SHOWN_WARNINGS]:
            self.stdout.write(f"  第 {warning.line} 行：{warning.message}")
        if len(gazette.warnings) > SHOWN_WARNINGS:
            self.stdout.write(f"  其余 {len(gazette.warnings) - SHOWN_WARNINGS} 处请用 --json 查看。")

    def _report(self, files: list[GazetteFile], reports: list[dict[str, Any]], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(reports, ensure_ascii=False, indent=1))
            return
        for file, report in zip(files, reports, strict=True):
            self.stdout.write(
                f"{file.name}：新增 {report['created']}，更新 {report['updated']}，"
                f"无变化 {report['unchanged']}，保留人工修改 {report['kept']}，存疑 {report['warnings']} 处"
            )
            for label in report["conflicts"]:
                self.stdout.write(f"  人工改过、与公报不同，未覆盖，待选定：{label}")
            for sentence in report["flood_plan"]["differing"]:
                self.stdout.write(f"  {sentence}")
            for doubt in report["unresolved"]:
                self.stdout.write(f"  第 {doubt['line']} 行：{doubt['message']}（{doubt['label']}）")

    def _progress(self) -> Any:
        """A line that moves, for a person at a terminal only."""
        if not self.stderr.isatty():
            return None

        def show(done: int, total: int) -> None:
            self.stderr.write(f"\r正在写入 {done}/{total}", ending="\n" if done == total else "")

        return show


@contextmanager
def quiet_when_nobody_reads() -> Iterator[None]:
    """What is printed into ``| head`` ends where head stops reading, without a traceback."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes once more at its end; into nothing then.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def joined(gazettes: list[Gazette]) -> dict[str, Any]:
    """Several gazettes as one object of the contract's shape."""
    parts = [to_json(gazette) for gazette in gazettes]
    return {key: [row for part in parts for row in part[key]] for key in parts[0]}

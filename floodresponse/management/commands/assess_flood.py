"""The recommended alert level for a set of observations."""

import json
import sys
from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand

from floodresponse.levels import Assessment, Observations, Reason, UnusableObservation, assess
from floodresponse.observed import as_json, plain_number, read_matrix, read_observations
from floodresponse.thresholds import NUMERALS, PONDING, LevelMatrix, UnusableMatrix

DEFAULT_MATRIX = Path(__file__).resolve().parents[3] / "fixtures" / "flood_plan.json"
STANDARD_INPUT = Path("-")
UNUSABLE = 1
COLOURS = {1: "红", 2: "橙", 3: "黄", 4: "蓝"}


class Command(BaseCommand):
    """``assess_flood [FILE|-] [--json] [--matrix FILE]``; exit status 0 assessed, 1 unusable, 2 bad usage."""

    help = "根据雨量、积水和现场现象给出建议的响应级别及理由；只作建议，由人决定是否启动。"
    # It needs no database, and warnings of the set-up must not mix with the one sentence on stderr.
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where the observations and the thresholds come from."""
        parser.add_argument(
            "file",
            nargs="?",
            default=STANDARD_INPUT,
            metavar="FILE",
            type=Path,
            help="观测数据；- 为标准输入",
        )
        parser.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
        parser.add_argument("--matrix", default=DEFAULT_MATRIX, metavar="FILE", type=Path, help="判据表")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read both, assess, tell."""
        matrix = self._matrix(options["matrix"])
        source: Path = options["file"]
        text = self._read(source)
        try:
            seen = read_observations(text)
            assessment = assess(seen, matrix)
        except UnusableObservation as error:
            self._stop(f"{_named(source)}：{error.message}")
        if options["json"]:
            self.stdout.write(json.dumps(as_json(assessment), ensure_ascii=False, indent=1))
        else:
            self._tell(assessment, matrix, seen)

    def _matrix(self, path: Path) -> LevelMatrix:
        try:
            return read_matrix(self._read(path))
        except UnusableMatrix as error:
            self._stop(f"{_named(path)}：{error.message}")

    def _read(self, path: Path) -> str:
        try:
            data = sys.stdin.buffer.read() if path == STANDARD_INPUT else path.read_bytes()
            return data.decode("utf-8-sig")
        except OSError as error:
            self._stop(f"{_named(path)}：无法打开文件（{error.strerror}）。")
        except UnicodeDecodeError:
            self._stop(f"{_named(path)}：不是 UTF-8 文本，无法读取。")

    def _stop(self, sentence: str) -> NoReturn:
        self.stderr.write(sentence)
        sys.exit(UNUSABLE)

    def _tell(self, assessment: Assessment, matrix: LevelMatrix, seen: Observations) -> None:
        self.stdout.write(f"评估时刻：{seen.at.isoformat()}")
        self.stdout.write(f"建议级别：{_level_words(assessment)}")
        if not assessment.complete:
            minutes = int(assessment.max_silence.total_seconds() // 60)
            self.stdout.write(
                f"数据不全：{'、'.join(assessment.silent)} 超过 {minutes} 分钟没有数据，不能视为安全。"
            )
        for reason in assessment.reasons:
            self.stdout.write(f"  {_reason_words(reason, matrix)}")
        self.stdout.write("以上只是建议，由人决定是否启动响应。")


def _named(path: Path) -> str:
    return "标准输入" if path == STANDARD_INPUT else str(path)


def _level_words(assessment: Assessment) -> str:
    if assessment.level is None:
        return "无"
    words = f"{NUMERALS[assessment.level]} 级（{COLOURS[assessment.level]}）"
    return f"{words}，单点" if assessment.single_station else words


def _reason_words(reason: Reason, matrix: LevelMatrix) -> str:
    level = f"{NUMERALS[reason.level]} 级" if reason.level else "未列级别"
    if isinstance(reason.value, str):
        rule = matrix.sign(reason.value)
        return f"旁证（{level}）：{rule.label if rule and rule.label else reason.value}"
    what, unit = ("积水深度", "cm") if reason.criterion == PONDING else (_rain_words(reason), "mm")
    threshold = "" if reason.threshold is None else f"门槛 {plain_number(reason.threshold)} {unit}"
    single = "，单点" if reason.single else ""
    return f"{level}：{reason.where} {what} {plain_number(reason.value)} {unit}（{threshold}{single}）"


def _rain_words(reason: Reason) -> str:
    return f"{(reason.ends - reason.begins) // timedelta(hours=1)} 小时雨量"

"""``manage.py replay_storm``: a storm for a drill, from a table, from what was recorded, or shaped."""

from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from time import sleep
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from floodresponse.models import Reading, Station, StormReplay
from floodresponse.services.drills import end_replay, interrupted_replay, start_replay, write_steps
from floodresponse.storms import Step, read_storm, shape_storm
from foundation.errors import DomainError, InvalidInput

TICK_SECONDS = 1
POINTS = 6


class Command(BaseCommand):
    """Writes drill readings until the storm is over; ends with one sentence."""

    help = (
        "播放一场演练降雨：数据只写入演练，不计入真实研判。"
        "不带文件时按 --total --minutes --peak 生成；--recorded 重放一段实测降雨。"
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Which storm and how fast."""
        parser.add_argument("scenario", nargs="?", help="情景表 CSV，表头：分钟,站号,数值")
        parser.add_argument("--recorded", nargs=2, metavar=("FROM", "TO"), help="重放的起止时间，带时区")
        parser.add_argument("--total", type=_number, default=Decimal(120), help="总雨量 mm（首个雨量站）")
        parser.add_argument("--minutes", type=int, default=180, help="历时，分钟")
        parser.add_argument("--peak", type=_number, default=Decimal("0.4"), help="雨峰位置，0 至 1")
        parser.add_argument("--speed", type=_number, default=Decimal(60), help="速度倍数，1 至 3600")
        parser.add_argument("--resume", action="store_true", help="继续播放中断的演练降雨")
        parser.add_argument("--end", action="store_true", help="结束进行中的演练降雨")

    def handle(self, *args: Any, **options: Any) -> None:
        """Play it, or one sentence on stderr."""
        try:
            if options["end"]:
                self._end()
            elif options["resume"]:
                self._resume()
            else:
                self._play(options)
        except DomainError as error:
            self.stderr.write(error.message)
            raise SystemExit(1) from None

    def _end(self) -> None:
        ended = end_replay(actor=None, at=timezone.now())
        self.stdout.write(f"已结束演练降雨“{ended}”。" if ended else "没有进行中的演练降雨。")

    def _play(self, options: dict[str, Any]) -> None:
        title, steps = _storm(options)
        now = timezone.now()
        replay = start_replay(actor=None, at=now, title=title, speed=options["speed"], steps=steps)
        self.stdout.write(f"【演练】开始播放“{title}”，{len(steps)} 条，速度 {options['speed']} 倍。")
        self._write(replay, steps)

    def _resume(self) -> None:
        replay, steps = interrupted_replay(actor=None)
        there = replay.readings.count()
        self.stdout.write(f"【演练】继续播放“{replay.title}”，已有 {there} 条，共 {len(steps)} 条。")
        self._write(replay, steps)

    def _write(self, replay: StormReplay, steps: list[Step]) -> None:
        """Until all is there; what was missed meanwhile is written at once."""
        written = replay.readings.count()
        try:
            while written < len(steps):
                written += write_steps(replay=replay, at=timezone.now(), steps=steps)
                if written < len(steps):
                    sleep(TICK_SECONDS)
        except KeyboardInterrupt:
            self.stdout.write(
                f"【演练】播放中断，已写入 {written} 条。用 --resume 继续，或用 --end 结束这场演练降雨。"
            )
            raise SystemExit(130) from None
        self.stdout.write(
            f"【演练】播放完毕，写入 {written} 条。数据保留到演练终止，或用 --end 结束这场演练降雨。"
        )


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise CommandError(f"“{text}”不是数。")
    return number


def _storm(options: dict[str, Any]) -> tuple[str, list[Step]]:
    if options["scenario"]:
        path = Path(options["scenario"])
        try:
            return path.stem, read_storm(path.read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeDecodeError) as error:
            raise InvalidInput(f"情景表“{path}”不能读取，请存为 UTF-8 编码的 CSV。") from error
    if options["recorded"]:
        begins, ends = (_moment(text) for text in options["recorded"])
        return f"重放 {timezone.localtime(begins):%Y-%m-%d %H:%M} 的降雨", _recorded(begins, ends)
    counted = Station.objects.counted().order_by("code")
    gauges = counted.filter(kind=Station.Kind.RAIN).values_list("code", flat=True)
    points = counted.filter(kind=Station.Kind.PONDING).values_list("code", flat=True)[:POINTS]
    total, minutes = options["total"], options["minutes"]
    steps = shape_storm(gauges=gauges, points=points, total=total, minutes=minutes, peak=options["peak"])
    return f"设计降雨 {total} mm / {minutes} 分钟", steps


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.utcoffset() is None:
        raise InvalidInput(f"时间“{text}”应带时区，例如 2022-07-26T12:00:00+08:00。")
    return found


def _recorded(begins: datetime, ends: datetime) -> list[Step]:
    """What was really measured then, as a storm: read only."""
    rows = Reading.objects.between(begins, ends).filter(station__is_active=True).order_by("observed_at", "pk")
    return [
        Step(Decimal((moment - begins).total_seconds()) / 60, code, f"{value.normalize():f}")
        for moment, code, value in rows.values_list("observed_at", "station__code", "value")
    ]

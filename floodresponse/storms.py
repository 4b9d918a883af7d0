"""Storms for drills: read from a table of minutes, or shaped from a few figures. Pure.

A step is what a station reports at a minute after the storm's beginning: a
gauge the mm since its record before, a point its depth in cm.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from foundation.errors import InvalidInput

HEADS = {"minute": ("分钟", "minute"), "station": ("站号", "station"), "value": ("数值", "value")}
STEP_MINUTES = 5
LONGEST_HOURS = 48
MOST_STEPS = 200_000
TENTH, WHOLE = Decimal("0.1"), Decimal(1)
# Ponding of the shaped storm: a share of what fell within the last hour, emptying afterwards.
CM_PER_MM, WITHIN = Decimal("0.55"), 60


@dataclass(frozen=True, slots=True)
class Step:
    """What a station reports, ``minute`` after the beginning; ``line`` of the table it stood in."""

    minute: Decimal
    station: str
    value: str
    line: int = 0


def read_storm(text: str) -> list[Step]:
    """Steps from CSV with a heading 分钟,站号,数值; raises InvalidInput naming the line."""
    lines = csv.reader(text.removeprefix("\ufeff").splitlines())
    places = _places(next(lines, []))
    steps = [_step(cells, places, number) for number, cells in enumerate(lines, start=2) if any(cells)]
    if not steps:
        raise InvalidInput("情景表没有数据行。")
    if len(steps) > MOST_STEPS:
        raise InvalidInput(f"情景表超过 {MOST_STEPS} 行。")
    return sorted(steps, key=lambda step: (step.minute, step.line))


def _places(head: Sequence[str]) -> dict[str, int]:
    names = [name.strip() for name in head]
    found = {key: names.index(name) for key, known in HEADS.items() for name in known if name in names}
    if len(found) < len(HEADS):
        raise InvalidInput("情景表第 1 行应为表头：分钟,站号,数值。")
    return found


def _step(cells: Sequence[str], places: dict[str, int], line: int) -> Step:
    given = {key: cells[place].strip() if place < len(cells) else "" for key, place in places.items()}
    minute = given["minute"]
    try:
        minutes = Decimal(minute)
    except ArithmeticError:
        minutes = Decimal(-1)
    if not (minutes.is_finite() and 0 <= minutes <= LONGEST_HOURS * 60):
        raise InvalidInput(f"情景表第 {line} 行的分钟（{minute[:20]}）应为 0 至 {LONGEST_HOURS * 60} 的数。")
    return Step(minutes, given["station"], given["value"], line)


def shape_storm(
    *, gauges: Iterable[str], points: Iterable[str], total: Decimal, minutes: int, peak: Decimal
) -> list[Step]:
    """A storm of ``total`` mm at the first gauge, rising to its height at ``peak`` (0 to 1) and falling.

    Each further gauge gets a tenth less, at least four tenths. Sums are exact to 0.1 mm.
    """
    if not 0 < total <= 1000 or not STEP_MINUTES <= minutes <= LONGEST_HOURS * 60 or not 0 <= peak <= 1:
        raise InvalidInput(
            f"总雨量应在 0 至 1000 mm，历时 {STEP_MINUTES} 分钟至 {LONGEST_HOURS} 小时，雨峰位置 0 至 1。"
        )
    steps: list[Step] = []
    for place, gauge in enumerate(gauges):
        share = max(WHOLE - TENTH * place, Decimal("0.4"))
        falls = list(_falls((total * share).quantize(TENTH), minutes, peak))
        steps += [Step(minute, gauge, str(mm)) for minute, mm in falls]
    main = list(_falls(Decimal(total), minutes, peak))
    for place, point in enumerate(points):
        share = max(CM_PER_MM - TENTH * 2 * place, TENTH)
        steps += [Step(minute, point, str(depth)) for minute, depth in _depths(main, share)]
    return sorted(steps, key=lambda step: (step.minute, step.station))


def _falls(total: Decimal, minutes: int, peak: Decimal) -> Iterator[tuple[Decimal, Decimal]]:
    """What falls in each step of a triangle, rounded so that the sum is the total."""
    given = Decimal(0)
    count = minutes // STEP_MINUTES
    for number in range(1, count + 1):
        share = _fallen(Decimal(number) / count, peak)
        until = (total * share).quantize(TENTH, ROUND_HALF_UP)
        yield Decimal(number * STEP_MINUTES), until - given
        given = until


def _fallen(part: Decimal, peak: Decimal) -> Decimal:
    """The share of a triangle of area 1 with its height at ``peak`` that lies before ``part``."""
    if part <= peak:
        return part * part / peak
    return 1 - (1 - part) ** 2 / (1 - peak)


def _depths(falls: Sequence[tuple[Decimal, Decimal]], share: Decimal) -> Iterator[tuple[Decimal, Decimal]]:
    for minute, _ in falls:
        recent = sum((mm for at, mm in falls if minute - WITHIN < at <= minute), Decimal(0))
        yield minute, (recent * share).quantize(TENTH)

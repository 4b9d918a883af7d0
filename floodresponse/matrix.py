"""The plan's matrix laid out for reading: pure, from rows that were fetched before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from floodresponse.models import Criterion, Level, ReportDeadline, Sign

NUMERALS = {1: "I", 2: "II", 3: "III", 4: "IV"}
COLOUR_WORDS = {1: "红", 2: "橙", 3: "黄", 4: "蓝"}
DEGREES = {1: "一", 2: "二", 3: "三", 4: "四"}
HOURS = {Criterion.Kind.RAIN_3H: 3, Criterion.Kind.RAIN_6H: 6}


@dataclass(frozen=True, slots=True)
class Badge:
    """A level as people see it: numeral, word and colour together."""

    level: int

    @property
    def numeral(self) -> str:
        """I to IV."""
        return NUMERALS[self.level]

    @property
    def word(self) -> str:
        """The colour's word."""
        return COLOUR_WORDS[self.level]

    @property
    def degree(self) -> str:
        """一 to 四."""
        return DEGREES[self.level]


@dataclass(frozen=True, slots=True)
class Threshold:
    """A condition in words; ``hours`` is the window of rain, 0 for ponding."""

    text: str
    hours: int
    provisional: bool
    clause: str


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A level with all that it rests on."""

    badge: Badge
    rain: tuple[Threshold, ...]
    ponding: tuple[Threshold, ...]
    signs: tuple[Sign, ...]


def rows_of(criteria: Iterable[Criterion], signs: Iterable[Sign]) -> list[MatrixRow]:
    """One row for each level that the plan knows, most severe first."""
    criteria, signs = list(criteria), list(signs)
    levels = sorted({criterion.level for criterion in criteria} | {sign.level for sign in signs})
    return [_row(level, criteria, signs) for level in levels]


def _row(level: int, criteria: Sequence[Criterion], signs: Sequence[Sign]) -> MatrixRow:
    own = [criterion for criterion in criteria if criterion.level == level]
    return MatrixRow(
        Badge(level),
        tuple(threshold(c) for c in own if c.kind != Criterion.Kind.PONDING),
        tuple(threshold(c) for c in own if c.kind == Criterion.Kind.PONDING),
        tuple(sign for sign in signs if sign.level == level),
    )


def threshold(criterion: Criterion) -> Threshold:
    """A criterion as a condition: ≥ 30 且 < 50 cm."""
    unit = "cm" if criterion.kind == Criterion.Kind.PONDING else "mm"
    lower, upper = plain(criterion.lower), criterion.upper
    if upper is not None and upper == criterion.lower:
        text = f"= {lower} {unit}"
    else:
        text = f"{'≥' if criterion.lower_inclusive else '>'} {lower}"
        if upper is not None:
            text += f" 且 {'≤' if criterion.upper_inclusive else '<'} {plain(upper)}"
        text += f" {unit}"
    return Threshold(
        text, HOURS.get(Criterion.Kind(criterion.kind), 0), criterion.provisional, criterion.clause
    )


def plain(number: Decimal) -> str:
    """A decimal without useless zeros and without an exponent."""
    return f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"


def due_words(deadline: ReportDeadline) -> str:
    """When a report is due, in words."""
    if deadline.daily_at is not None:
        return f"每日 {deadline.daily_at:%H:%M}"
    if deadline.minutes is None:
        return "随时"
    if deadline.minutes % 60 == 0:
        return f"{deadline.minutes // 60} 小时内"
    return f"{deadline.minutes} 分钟内"


def ladder(current: int | None) -> list[tuple[str, int, bool]]:
    """I II III IV and 无: label, level (0 for none), whether it is the current one."""
    steps = [(NUMERALS[level], int(level), level == current) for level in Level]
    return [*steps, ("无", 0, current is None)]

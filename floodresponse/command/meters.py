"""Bars against threshold lines, in per cent of a scale: pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from floodresponse.matrix import Badge, plain
from floodresponse.thresholds import Rule

HEADROOM = Decimal("1.2")
# Beyond this many times the highest threshold a bar is full: the lines of the thresholds stay apart.
MOST = Decimal("2.5")


@dataclass(frozen=True, slots=True)
class Tick:
    """A threshold line."""

    x: float
    level: int
    value: str

    @property
    def badge(self) -> Badge:
        """The level that begins here."""
        return Badge(self.level)


@dataclass(frozen=True, slots=True)
class Scale:
    """From zero to a little beyond the highest threshold, or to the highest value, yet not far beyond."""

    top: Decimal
    ticks: tuple[Tick, ...]

    @classmethod
    def of(cls, rules: Sequence[Rule], values: Sequence[Decimal]) -> "Scale":
        """A scale on which all thresholds fit, and values up to ``MOST`` times the highest."""
        highest = max((rule.lower for rule in rules), default=Decimal())
        top = max([highest * HEADROOM, *values]) or Decimal(1)
        top = min(top, highest * MOST) or top
        ordered = sorted(rules, key=lambda rule: rule.lower)
        return cls(top, tuple(Tick(_percent(r.lower, top), r.level, plain(r.lower)) for r in ordered))

    def width(self, value: Decimal) -> float:
        """How far a value reaches."""
        return _percent(value, self.top)

    def lines(self) -> tuple[Tick, ...]:
        """One line for each threshold; where two levels begin at the same value the lighter names it."""
        by_value: dict[str, Tick] = {}
        for tick in sorted(self.ticks, key=lambda tick: tick.level):
            by_value[tick.value] = tick
        return tuple(sorted(by_value.values(), key=lambda tick: tick.x))

    def zones(self) -> tuple[Tick, ...]:
        """Levels that begin at the line of another: each is named half way up to the next line."""
        named = self.lines()
        edges = [*(tick.x for tick in named), 100.0]
        return tuple(
            Tick((tick.x + edges[edges.index(tick.x) + 1]) / 2, tick.level, "")
            for tick in self.ticks
            if tick not in named
        )


def _percent(value: Decimal, top: Decimal) -> float:
    return float(round(min(value / top * 100, Decimal(100)), 2))


def level_of(rules: Sequence[Rule], value: Decimal) -> int | None:
    """The most severe level whose rule holds."""
    return min((rule.level for rule in rules if rule.holds(value)), default=None)


def rule_at(rules: Sequence[Rule], level: int | None) -> Rule | None:
    """The rule of a level."""
    return next((rule for rule in rules if rule.level == level), None)


def next_rule(rules: Sequence[Rule], level: int | None) -> Rule | None:
    """The rule of the next more severe level that these rules know."""
    above = [rule for rule in rules if level is None or rule.level < level]
    return max(above, key=lambda rule: rule.level, default=None)


def condition(rule: Rule) -> str:
    """≥ 30 且 < 50."""
    if rule.upper is not None and rule.upper == rule.lower:
        return f"= {plain(rule.lower)}"
    words = f"{'≥' if rule.lower_inclusive else '>'} {plain(rule.lower)}"
    if rule.upper is not None:
        words += f"，{'≤' if rule.upper_inclusive else '<'} {plain(rule.upper)}"
    return words


def gap_words(rule: Rule | None, value: Decimal) -> str:
    """How far to a level: 距 II 差 3.5; beyond an open threshold the smallest step more."""
    if rule is None:
        return ""
    missing = rule.lower - value
    over = "" if rule.lower_inclusive else "以上"
    return f"距 {Badge(rule.level).numeral} 差 {plain(max(missing, Decimal()))}{over}"

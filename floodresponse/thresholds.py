"""The plan's matrix as data for the assessment: thresholds that nest, signs that support.

A matrix is checked when it is made, so that more rain or deeper water never
means a lighter level and no depth falls between two levels.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from foundation.errors import InvalidInput

NUMERALS = {1: "I", 2: "II", 3: "III", 4: "IV"}
PONDING = "ponding"


class UnusableMatrix(InvalidInput):
    """A matrix that contradicts itself or leaves gaps."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A threshold: level 1 (most severe) to 4; ``hours`` is the window of rain, 0 for ponding."""

    level: int
    hours: int
    lower: Decimal
    lower_inclusive: bool = True
    upper: Decimal | None = None
    upper_inclusive: bool = False

    @property
    def criterion(self) -> str:
        """rain_3h, rain_6h or ponding."""
        return f"rain_{self.hours}h" if self.hours else PONDING

    def holds(self, value: Decimal) -> bool:
        """Whether a value lies within the bounds."""
        above = value > self.lower or (self.lower_inclusive and value == self.lower)
        below = self.upper is None or value < self.upper or (self.upper_inclusive and value == self.upper)
        return above and below


@dataclass(frozen=True, slots=True)
class SignRule:
    """The level that a sign on the ground supports."""

    code: str
    level: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class LevelMatrix:
    """The plan's thresholds and signs, checked: severe levels imply the lighter ones."""

    rules: tuple[Rule, ...]
    signs: tuple[SignRule, ...] = ()

    def __post_init__(self) -> None:
        if not self.rules:
            raise UnusableMatrix("判据表里没有任何启动条件。")
        _check_single(self.rules)
        _check_rain(self.windows_by_level())
        _check_ponding(self.of(0))

    def of(self, hours: int) -> list[Rule]:
        """The rules of a window (0: ponding), most severe first."""
        return sorted((rule for rule in self.rules if rule.hours == hours), key=lambda rule: rule.level)

    @property
    def windows(self) -> list[int]:
        """Hours of the windows of rain, the shortest first."""
        return sorted({rule.hours for rule in self.rules if rule.hours})

    def windows_by_level(self) -> dict[int, list[Rule]]:
        """Rules of rain by level, most severe first."""
        found: dict[int, list[Rule]] = defaultdict(list)
        for rule in sorted(self.rules, key=lambda rule: rule.level):
            if rule.hours:
                found[rule.level].append(rule)
        return dict(found)

    def sign(self, code: str) -> SignRule | None:
        """The sign of a code."""
        return next((sign for sign in self.signs if sign.code == code), None)


def _check_single(rules: Iterable[Rule]) -> None:
    seen: set[tuple[int, int]] = set()
    for rule in rules:
        if rule.level not in NUMERALS:
            raise UnusableMatrix(f"判据表里的级别 {rule.level} 不在 I 至 IV 之内。")
        if (rule.level, rule.hours) in seen:
            raise UnusableMatrix(f"判据表里 {NUMERALS[rule.level]} 级的 {rule.criterion} 出现了两次。")
        if not rule.lower.is_finite() or rule.lower < 0:
            raise UnusableMatrix(f"{_named(rule)}的下限不是零或正数。")
        if rule.upper is not None and not (rule.upper.is_finite() and rule.lower <= rule.upper):
            raise UnusableMatrix(f"{_named(rule)}的上限低于下限。")
        seen.add((rule.level, rule.hours))


def _check_rain(by_level: Mapping[int, Sequence[Rule]]) -> None:
    """Whoever reaches a level reaches every lighter one: a window no shorter, a threshold no higher."""
    for level, rules in by_level.items():
        for rule in rules:
            if rule.upper is not None:
                raise UnusableMatrix(f"{_named(rule)}设了上限，雨量越大级别不得越低。")
        for lighter in (other for other in by_level if other > level):
            for rule in rules:
                if not any(_implies(rule, other) for other in by_level[lighter]):
                    raise UnusableMatrix(f"{_named(rule)}没有包含在 {NUMERALS[lighter]} 级的雨量判据之内。")


def _implies(severe: Rule, light: Rule) -> bool:
    lower = light.lower < severe.lower or (
        light.lower == severe.lower and (light.lower_inclusive or not severe.lower_inclusive)
    )
    return lower and light.hours >= severe.hours


def _check_ponding(rules: Sequence[Rule]) -> None:
    """Deeper is never lighter, and no depth above the lightest threshold is left without a level."""
    if rules and rules[0].upper is not None:
        raise UnusableMatrix(f"{_named(rules[0])}是最高一级，不得设上限。")
    for severe, light in pairwise(rules):
        if light.lower > severe.lower:
            raise UnusableMatrix(f"{_named(severe)}的下限低于 {NUMERALS[light.level]} 级。")
        touching = light.upper == severe.lower and (light.upper_inclusive or severe.lower_inclusive)
        if not (touching or light.upper is None or light.upper > severe.lower):
            raise UnusableMatrix(f"{_named(severe)}与 {NUMERALS[light.level]} 级之间有空档。")


def _named(rule: Rule) -> str:
    return f"判据表里 {NUMERALS[rule.level]} 级的 {rule.criterion} "

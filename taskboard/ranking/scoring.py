"""Scores of departments from their figures and the weights: pure, no database, no clock.

A figure that a department has no cases of does not count: the score is the
share of the points that it could reach, of 100. Late catch-ups (逾期补报) count
in part, as the weights say. That no light has been red yet is no merit by itself:
who had nothing to sign, report, finish or have reviewed has no score.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal

SIGN, REPORT, CLOSE, LIGHT, RETURN = FIGURES = ("sign", "report", "close", "light", "return")
LATE = "late"
LABELS = {SIGN: "按时签收", REPORT: "按期报送", CLOSE: "按期完成", LIGHT: "未亮红灯", RETURN: "一次通过复核"}
MEANINGS = {
    SIGN: "下发后 3 个工作日内签收的牵头任务",
    REPORT: "到期的定期报送中按期报送的期数",
    CLOSE: "到期的牵头任务中时限内反馈的项数，下发前已到期的不计",
    LIGHT: "期内计时的牵头任务中没有亮过红灯的项数，下发前已到期的不计",
    RETURN: "期内反馈或复核的牵头任务中没有被退回的项数",
}
# Ours until the leading group confirms them (待确认); ``late`` is what a late catch-up is worth, in per cent.
DEFAULTS: Mapping[str, Decimal] = {
    SIGN: Decimal(15),
    REPORT: Decimal(20),
    CLOSE: Decimal(40),
    LIGHT: Decimal(15),
    RETURN: Decimal(10),
    LATE: Decimal(50),
}
NOTHING_COUNTED = "本期没有计分事项"
WHOLE, CENT = Decimal(100), Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Share:
    """Of ``total`` cases ``good`` ones and ``late`` catch-ups; the rest failed.

    ``unknown`` cases cannot be judged yet and are not among the total.
    """

    good: int = 0
    late: int = 0
    total: int = 0
    unknown: int = 0

    def rate(self, late_worth: Decimal) -> Decimal | None:
        """The share of 1 that counts, ``late_worth`` being per cent; None without cases."""
        if not self.total:
            return None
        return (self.good + self.late * late_worth / WHOLE) / self.total


@dataclass(frozen=True, slots=True)
class Figures:
    """What a department did in a period."""

    slug: str
    name: str
    shares: Mapping[str, Share]


@dataclass(frozen=True, slots=True)
class Scored:
    """One figure of a department with its points of ``weight``; None where none count."""

    key: str
    share: Share
    weight: Decimal
    rate: Decimal | None

    @property
    def label(self) -> str:
        """What it is called."""
        return LABELS[self.key]

    @property
    def points(self) -> Decimal | None:
        """Points out of the weight."""
        return None if self.rate is None else _rounded(self.rate * self.weight)

    @property
    def percent(self) -> Decimal | None:
        """The rate in per cent."""
        return None if self.rate is None else _rounded(self.rate * WHOLE)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A department in the ranking; ``rank`` and ``score`` are None where nothing counts."""

    slug: str
    name: str
    scored: Sequence[Scored] = field(default_factory=tuple)
    score: Decimal | None = None
    rank: int | None = None

    @property
    def note(self) -> str:
        """Why there is no score; empty where there is one."""
        return NOTHING_COUNTED if self.score is None else ""


def ranking_of(figures: Iterable[Figures], weights: Mapping[str, Decimal]) -> list[Ranked]:
    """The best first, equal scores with the same rank; who has no score stands at the end."""
    rows = [_scored(each, weights) for each in figures]
    rows.sort(key=lambda row: (row.score is None, -(row.score or 0), row.name))
    ranked: list[Ranked] = []
    for place, row in enumerate(rows, start=1):
        tied = ranked and ranked[-1].score == row.score
        rank = None if row.score is None else ranked[-1].rank if tied else place
        ranked.append(Ranked(row.slug, row.name, row.scored, row.score, rank))
    return ranked


def _scored(figures: Figures, weights: Mapping[str, Decimal]) -> Ranked:
    scored = [
        Scored(key, share, weights[key], share.rate(weights[LATE]))
        for key in FIGURES
        for share in (figures.shares.get(key, Share()),)
    ]
    counting = [each for each in scored if each.rate is not None and each.weight]
    if all(each.key == LIGHT and each.rate == 1 for each in counting):
        bare = [replace(each, rate=None) if each.key == LIGHT else each for each in scored]
        return Ranked(figures.slug, figures.name, bare)
    reachable = sum((each.weight for each in counting), Decimal(0))
    reached = sum((each.rate * each.weight for each in counting if each.rate is not None), Decimal(0))
    score = _rounded(reached / reachable * WHOLE)
    return Ranked(figures.slug, figures.name, scored, score)


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)

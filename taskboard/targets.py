"""Quantities against targets: what was reported last, and how far that is."""

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.db.models import OuterRef, Prefetch, Subquery

from taskboard.models import ReportedQuantity, TaskTarget

HUNDRED = Decimal(100)


def with_reached(moment: datetime | None = None) -> "Prefetch[Any]":
    """Adds ``reached`` to targets, the value reported last, or last before the moment; None without one."""
    reported = ReportedQuantity.objects.filter(target=OuterRef("pk"))
    if moment is not None:
        reported = reported.filter(report__at__lt=moment)
    latest = Subquery(reported.order_by("-report__at", "-report__pk").values("value")[:1])
    return Prefetch("targets", TaskTarget.objects.annotate(reached=latest))


WITH_REACHED = with_reached()


@dataclass(frozen=True, slots=True)
class Standing:
    """A target and how far it is reached."""

    target: TaskTarget
    reached: Decimal | None

    @property
    def met(self) -> bool:
        """Whether the target holds; the number itself counts on both sides (以上, 以内 include it)."""
        if self.reached is None:
            return False
        return (
            self.reached >= self.target.value if self.target.at_least else self.reached <= self.target.value
        )

    @property
    def percent(self) -> int:
        """Reached of the target in whole percent, rounded down so that 100 means met; 100 at most."""
        if self.reached is None:
            return 0
        if not self.target.value:
            return 100 if self.reached or self.target.at_least else 0
        part = (self.reached * HUNDRED / self.target.value).to_integral_value(ROUND_DOWN)
        return int(min(part, HUNDRED))

    @property
    def word(self) -> str:
        """How it stands, in words."""
        if self.reached is None:
            return "还没有报数"
        if self.target.at_least:
            return "已达到" if self.met else f"完成 {self.percent}%"
        return "未超过" if self.met else "已超过"


def standing_of(target: TaskTarget) -> Standing:
    """Of a target that was fetched with ``WITH_REACHED``."""
    return Standing(target, target.reached)  # type: ignore[attr-defined]  # annotated

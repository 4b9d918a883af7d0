"""The page of one response: each decision with what the portal recommended and had measured then. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, pairwise

from floodresponse.matrix import Badge
from floodresponse.models import KeptLevel, LevelRecord
from floodresponse.wording import reasons_in_words


@dataclass(frozen=True, slots=True)
class Step:
    """A decision: a level, the end of the response, or the level kept against the recommendation."""

    at: datetime
    done: str
    record: LevelRecord | KeptLevel

    @property
    def badge(self) -> Badge | None:
        """The level from then on; none after the end."""
        return Badge(self.record.level) if self.record.level else None

    @property
    def recommended(self) -> Badge | None:
        """What was recommended at that moment."""
        return Badge(self.record.recommended) if self.record.recommended else None

    @property
    def differs(self) -> bool:
        """Whether the person decided otherwise than recommended."""
        return self.record.level != self.record.recommended

    @property
    def unsure(self) -> str:
        """Why nothing could be recommended, if so."""
        return str(self.record.recommendation.get("error", ""))

    @property
    def measured(self) -> list[str]:
        """What was measured then, worst first."""
        return reasons_in_words(self.record.recommendation)

    @property
    def silent(self) -> list[str]:
        """Gauges that were silent then."""
        names = self.record.recommendation.get("stations", {})
        return [str(names.get(code, code)) for code in self.record.recommendation.get("silent", [])]


def steps_of(levels: Iterable[LevelRecord], kept: Iterable[KeptLevel]) -> list[Step]:
    """All decisions in their order; ``levels`` in theirs."""
    pairs = pairwise(chain([None], levels))
    changes = [Step(record.since, _done(before, record), record) for before, record in pairs if record]
    return sorted([*changes, *(Step(one.decided_at, "维持", one) for one in kept)], key=lambda step: step.at)


def _done(before: LevelRecord | None, record: LevelRecord) -> str:
    if before is None or before.level is None:
        return "启动"
    if record.level is None:
        return "终止"
    return "升级" if record.level < before.level else "降级"

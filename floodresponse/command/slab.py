"""What is declared, how it compares with what is recommended, and whether anybody looks. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from floodresponse.clocks import in_words
from floodresponse.command.evidence import Evidence
from floodresponse.keptlevels import stands
from floodresponse.matrix import Badge
from floodresponse.models import KeptLevel, LevelRecord, Recommendation, SirenOrder

# 待确认: how long the automatic assessment may be silent before everybody sees it.
HEARTBEAT_LIMIT = timedelta(seconds=90)
AGREES = "与现行一致"


@dataclass(frozen=True, slots=True)
class Declared:
    """The level that holds with all that led to it; ``earlier`` are levels of the same response before."""

    record: LevelRecord
    since_words: str
    earlier: tuple[LevelRecord, ...]
    sirens: tuple[SirenOrder, ...]

    @property
    def badge(self) -> Badge | None:
        """The level as people see it."""
        return Badge(self.record.level) if self.record.level else None

    @property
    def sounded(self) -> int:
        """How many soundings are confirmed."""
        return sum(order.sounded_at is not None for order in self.sirens)

    @property
    def past(self) -> list[tuple[Badge, datetime, datetime]]:
        """Earlier levels, each from when until when, the latest first."""
        ends = [self.record, *self.earlier]
        spans = [(was, later.since) for was, later in zip(self.earlier, ends, strict=False)]
        return [(Badge(was.level), was.since, until) for was, until in spans if was.level]


@dataclass(frozen=True, slots=True)
class Pulse:
    """The heartbeat of the automatic assessment."""

    last: datetime | None
    stopped: bool
    words: str


def declared_of(
    records: Sequence[LevelRecord], sirens: Sequence[SirenOrder], at: datetime
) -> Declared | None:
    """``records`` of the active response, the newest first."""
    if not records:
        return None
    record = records[0]
    own = tuple(order for order in sirens if order.record_id == record.pk)
    return Declared(record, _passed(at - record.since), tuple(records[1:]), own)


def pulse_of(results: Sequence[Recommendation], now: datetime) -> Pulse:
    """Alive while the last look is no older than the limit."""
    if not results:
        return Pulse(None, stopped=True, words="从未运行")
    last = results[0].seen_at
    age = now - last
    return Pulse(last, stopped=abs(age) > HEARTBEAT_LIMIT, words=_passed(age))


def _passed(span: timedelta) -> str:
    return in_words(max(span // timedelta(minutes=1), 0))


@dataclass(frozen=True, slots=True)
class Verdict:
    """The recommendation against the declared level; ``kept``: somebody knowingly did not follow it."""

    evidence: Evidence
    compared: str
    since: datetime | None
    undecided: str
    kept: KeptLevel | None

    @property
    def differs(self) -> bool:
        """Whether there is a recommendation to follow or to decline."""
        return bool(self.compared) and self.compared != AGREES and not self.evidence.blind


def verdict_of(
    evidence: Evidence,
    declared: Declared | None,
    results: Sequence[Recommendation],
    at: datetime,
    latest: KeptLevel | None,
) -> Verdict:
    """``since``: from when the automatic assessment has come to this level without a break.

    ``latest``: the latest decision to keep a level, whatever it was about.
    """
    since = None
    for result in results:
        if result.level != evidence.level:
            break
        since = result.begins_at
    record = declared.record if declared else None
    level = record.level if record else None
    holds = stands(
        latest,
        response_id=record.response_id if record else None,
        since=record.since if record else None,
        recommended=evidence.level,
    )
    kept = latest if holds and not evidence.error else None
    asks = evidence.level is not None and evidence.level != level and kept is None
    undecided = _passed(at - since) if since and asks else ""
    return Verdict(evidence, _compared(evidence.level, level), since, undecided, kept)


def _compared(recommended: int | None, declared: int | None) -> str:
    if recommended == declared:
        return AGREES if declared else ""
    if declared is None:
        return "高于现行（未启动）"
    steps = (recommended or 5) - declared
    return f"{'低' if steps > 0 else '高'}于现行 {abs(steps)} 级"

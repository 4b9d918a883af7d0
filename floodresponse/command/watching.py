"""What the public page says of the measurements: whether anybody measures, and whether anybody looks."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from floodresponse.command.slab import HEARTBEAT_LIMIT
from floodresponse.models import Recommendation, Station


@dataclass(frozen=True, slots=True)
class Watching:
    """Counted gauges that report, of how many; points of ponding; ``at``: of the last automatic look."""

    speaking: int
    gauges: int
    points: int
    at: datetime | None

    @property
    def blind(self) -> bool:
        """Nothing reports, or nobody looks: never taken for safety."""
        return self.at is None or not self.speaking


def watching(now: datetime) -> Watching:
    """From the latest automatic assessment, while it is not too old: two questions."""
    rain, ponding = Q(kind=Station.Kind.RAIN), Q(kind=Station.Kind.PONDING)
    counts = Station.objects.counted().aggregate(
        gauges=Count("pk", filter=rain), points=Count("pk", filter=ponding)
    )
    latest = Recommendation.objects.order_by("-pk").first()
    alive = latest is not None and not latest.error and abs(now - latest.seen_at) <= HEARTBEAT_LIMIT
    if latest is None or not alive:
        return Watching(0, counts["gauges"], counts["points"], None)
    return Watching(max(counts["gauges"] - len(latest.silent), 0), **counts, at=latest.seen_at)

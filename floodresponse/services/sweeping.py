"""The automatic assessment: looks again and again, keeps a row for each result that differs."""

from datetime import datetime

from django.db import transaction

from floodresponse.models import Recommendation
from floodresponse.services.deciding import recommendation_at

LONGEST_ERROR = 300


def keep_assessing(*, at: datetime) -> Recommendation:
    """Assess now; a new row where the result differs from the latest, else only the time of looking."""
    level, found = recommendation_at(at)
    now = Recommendation(
        begins_at=at,
        seen_at=at,
        level=level,
        silent=sorted(found.get("silent", [])),
        error=str(found.get("error", ""))[:LONGEST_ERROR],
        found=found,
    )
    return _keep(now)


@transaction.atomic
def _keep(now: Recommendation) -> Recommendation:
    latest = Recommendation.objects.select_for_update().first()
    if latest is None or not latest.same_as(now):
        now.save()
        return now
    # A clock that was set back must be followed too, or the heartbeat would seem to have stopped.
    latest.seen_at = now.seen_at
    Recommendation.objects.filter(pk=latest.pk).update(seen_at=now.seen_at)
    return latest

"""The scheduler that sends what the clock asks for."""

import time
from datetime import datetime, timedelta
from typing import Any

from celery.beat import PersistentScheduler
from django.conf import settings
from django.utils import timezone

from zalantun.heartbeats import record_heartbeats

TOLERANCE = timedelta(seconds=2)


class PortalScheduler(PersistentScheduler):
    """Celery's own, which also signs that it lives and survives a clock set back.

    Beat compares wall times: after the clock was set back an hour, an entry
    that runs every second would wait an hour, because its last run lies in the
    future. Such a last run is moved to now.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._signed_at = float("-inf")  # on the monotonic clock
        super().__init__(*args, **kwargs)

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """One round; returns seconds until the next."""
        now = timezone.now()
        if reset_future_runs(self.schedule, now=now):
            self._heap = None  # built from the old times
        delay: float = super().tick(*args, **kwargs)
        if time.monotonic() - self._signed_at >= settings.HEARTBEAT_SECONDS:
            self._signed_at = time.monotonic()
            record_heartbeats(kinds=["beat"], at=now)
        return delay


def reset_future_runs(schedule: dict[str, Any], *, now: datetime) -> int:
    """Move last runs that lie in the future to ``now``; returns how many there were."""
    ahead = [entry for entry in schedule.values() if entry.last_run_at > now + TOLERANCE]
    for entry in ahead:
        entry.last_run_at = now
    return len(ahead)

"""Quiet hours and digests: pure arithmetic on local time."""

from datetime import datetime, time, timedelta


def quiet_end(quiet_from: time | None, quiet_until: time | None, local_now: datetime) -> datetime | None:
    """When the quiet hours that run now are over; None when none run.

    The beginning belongs to them, the end does not. They may pass midnight.
    """
    if quiet_from is None or quiet_until is None or quiet_from == quiet_until:
        return None
    clock = local_now.time()
    since_start, before_end = clock >= quiet_from, clock < quiet_until
    over_midnight = quiet_from > quiet_until
    quiet = (since_start or before_end) if over_midnight else (since_start and before_end)
    return _next(quiet_until, local_now) if quiet else None


def next_digest(digest_at: time, local_now: datetime) -> datetime:
    """The next time of day at which the digest goes; later than now."""
    return _next(digest_at, local_now)


def _next(clock: time, local_now: datetime) -> datetime:
    today = local_now.replace(hour=clock.hour, minute=clock.minute, second=clock.second, microsecond=0)
    return today if today > local_now else today + timedelta(days=1)

"""Quiet hours end when they say, and may pass midnight."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from notifications.quiet import next_digest, quiet_end

CITY = ZoneInfo("Asia/Shanghai")


def at(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2023, 6, day, hour, minute, second, tzinfo=CITY)


@pytest.mark.parametrize(
    ("now", "end"),
    [
        (at(1, 21, 59, 59), None),
        (at(1, 22), at(2, 7)),
        (at(1, 23, 59), at(2, 7)),
        (at(2, 0), at(2, 7)),
        (at(2, 6, 59, 59), at(2, 7)),
        (at(2, 7), None),
    ],
)
def test_hours_over_midnight(now: datetime, end: datetime | None) -> None:
    assert quiet_end(time(22), time(7), now) == end


@pytest.mark.parametrize(
    ("now", "end"),
    [(at(1, 11, 59), None), (at(1, 12), at(1, 14)), (at(1, 13, 59), at(1, 14)), (at(1, 14), None)],
)
def test_hours_within_a_day(now: datetime, end: datetime | None) -> None:
    assert quiet_end(time(12), time(14), now) == end


@pytest.mark.parametrize(("start", "end"), [(None, None), (time(22), None), (time(7), time(7))])
def test_no_hours_are_never_quiet(start: time | None, end: time | None) -> None:
    assert quiet_end(start, end, at(1, 3)) is None


@pytest.mark.parametrize(
    ("now", "then"), [(at(1, 8), at(1, 17, 30)), (at(1, 17, 30), at(2, 17, 30)), (at(1, 18), at(2, 17, 30))]
)
def test_the_digest_goes_at_its_time_of_day(now: datetime, then: datetime) -> None:
    assert next_digest(time(17, 30), now) == then

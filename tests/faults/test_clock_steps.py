"""The clock is set forward or back by an hour, and right again: nothing is lost, doubled or waits for it."""

import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from notifications.models import Message
from tests.faults.clockwork import Clockwork
from tests.faults.fakeclock import FakeClock
from tests.faults.storm import (
    Storm,
    chain_went_on,
    each_obligation_reminded,
    each_told_once,
    everything_told,
)

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
HOUR = timedelta(hours=1)


@pytest.fixture
def clock(clockwork: Clockwork, tmp_path: Path) -> FakeClock:
    clock = FakeClock(tmp_path)
    clockwork.environment |= clock.environment
    clockwork.start("worker", "beat")
    return clock


def test_an_hour_forward_and_back(clock: FakeClock) -> None:
    storm = Storm()
    storm.measure_quiet()
    before = timezone.now()
    incidents = storm.incidents(20, first=before + timedelta(seconds=1), apart=0.5)
    skipped = storm.incidents(10, first=before + timedelta(minutes=12), apart=30)
    time.sleep(3)
    with clock.set_by(HOUR):
        stepped = timezone.now()
        everything_told()
        fresh = storm.incidents(6, first=timezone.now() + timedelta(seconds=1), apart=0.5)
        chain = storm.chain(due=timezone.now() + timedelta(seconds=1))
        everything_told(due=timezone.now() + timedelta(seconds=6))
        # What was due in the hour that never was counts from the step.
        each_told_once(storm.allowed, [(before, stepped)])
        each_obligation_reminded([*incidents, *skipped, *fresh])
        chain_went_on(chain)
    told = Message.objects.filter(state="sent").count()
    after = storm.incidents(6, first=timezone.now() + timedelta(seconds=1), apart=0.5)
    everything_told(due=timezone.now() + timedelta(seconds=6))
    each_told_once(storm.allowed, [(before, stepped)])
    each_obligation_reminded(after)
    assert Message.objects.filter(state="sent").count() >= told + len(after)


def test_an_hour_back_and_forward(clock: FakeClock) -> None:
    storm = Storm()
    storm.measure_quiet()
    before = timezone.now()
    incidents = storm.incidents(20, first=before + timedelta(seconds=1), apart=0.5)
    time.sleep(3)
    with clock.set_by(-HOUR):
        fresh = storm.incidents(10, first=timezone.now() + timedelta(seconds=1), apart=0.5)
        chain = storm.chain(due=timezone.now() + timedelta(seconds=1))
        everything_told(due=timezone.now() + timedelta(seconds=7))
        each_told_once(storm.allowed)
        each_obligation_reminded(fresh)
        chain_went_on(chain)
    corrected = timezone.now()
    everything_told()
    # What was due while the clock was behind counts from its correction.
    each_told_once(storm.allowed, [(before - HOUR, corrected)])
    each_obligation_reminded([*incidents, *fresh])

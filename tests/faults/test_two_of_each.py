"""Two workers and two beats at once share the work and double nothing."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.models import Message
from tests.faults.clockwork import Clockwork
from tests.faults.storm import (
    Storm,
    chain_went_on,
    each_obligation_reminded,
    each_told_once,
    everything_told,
    many_at_once,
)

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_two_workers_and_two_beats(clockwork: Clockwork) -> None:
    clockwork.start("worker", "worker-2", "beat", "beat-2")
    storm = Storm()
    storm.measure_quiet()
    start = timezone.now() + timedelta(seconds=1)
    incidents = storm.incidents(40, first=start, apart=0.25)
    chains = [storm.chain(due=start + timedelta(seconds=second)) for second in (2, 4, 6)]
    many_at_once(2500, due=start + timedelta(seconds=5))
    everything_told(due=start + timedelta(seconds=10))
    each_told_once(storm.allowed)
    each_obligation_reminded(incidents)
    for chain in chains:
        chain_went_on(chain)


def test_one_of_each_pair_is_killed_and_nobody_waits_for_it(clockwork: Clockwork) -> None:
    clockwork.start("worker", "worker-2", "beat", "beat-2")
    storm = Storm()
    storm.measure_quiet()
    start = timezone.now() + timedelta(seconds=1)
    incidents = storm.incidents(30, first=start, apart=0.25)
    time.sleep(2)
    clockwork.kill("worker")
    clockwork.kill("beat")
    everything_told(due=start + timedelta(seconds=8))
    each_told_once(storm.allowed)
    each_obligation_reminded(incidents)
    assert Message.objects.filter(state="sent").count() >= len(incidents)

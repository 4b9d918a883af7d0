"""kill -9 of a worker or of beat at any moment: each reminder is there once, and soon."""

import random
import time
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from notifications.models import Attempt, Message
from tests.faults.clockwork import Clockwork
from tests.faults.storm import (
    PATIENCE,
    Storm,
    chain_went_on,
    each_obligation_reminded,
    each_told_once,
    everything_told,
    many_at_once,
)
from tests.zalantun.portal import wait_for

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
# Ten batches: long enough to be caught between the first and the last.
MANY = 10_000


def test_a_worker_killed_at_random_moments(clockwork: Clockwork) -> None:
    clockwork.start("worker", "beat")
    storm, outages = Storm(), []
    storm.measure_quiet()
    start = timezone.now() + timedelta(seconds=1)
    incidents = storm.incidents(40, first=start, apart=0.5)
    chain = storm.chain(due=start + timedelta(seconds=5))
    for _ in range(3):
        time.sleep(random.uniform(0.5, 3))
        outages.append(_killed_and_back(clockwork, "worker"))
    everything_told(due=start + timedelta(seconds=20))
    each_told_once(storm.allowed, outages)
    each_obligation_reminded(incidents)
    chain_went_on(chain)


def test_beat_killed_at_random_moments(clockwork: Clockwork) -> None:
    clockwork.start("worker", "beat")
    storm, outages = Storm(), []
    storm.measure_quiet()
    start = timezone.now() + timedelta(seconds=1)
    incidents = storm.incidents(40, first=start, apart=0.5)
    chain = storm.chain(due=start + timedelta(seconds=5))
    for _ in range(3):
        time.sleep(random.uniform(0.5, 3))
        outages.append(_killed_and_back(clockwork, "beat"))
    everything_told(due=start + timedelta(seconds=20))
    each_told_once(storm.allowed, outages)
    each_obligation_reminded(incidents)
    chain_went_on(chain)


@pytest.mark.parametrize("whole", [True, False], ids=["the worker", "its child"])
def test_killed_in_the_middle_of_a_sweep(clockwork: Clockwork, whole: bool) -> None:
    clockwork.start("worker", "beat")
    storm = Storm()
    storm.measure_quiet()
    due = timezone.now()
    many_at_once(MANY, due=due)
    began = _kill_in_a_sweep(clockwork, whole=whole)
    assert Message.objects.filter(not_before=due, state="pending").exists(), "killed after the sweep"
    if whole:
        clockwork.start("worker")
    ended = timezone.now()
    everything_told(due=due)
    assert Message.objects.filter(not_before=due, state="sent", attempts=1).count() == MANY
    # The child is replaced by its worker, which takes as long as it takes here to start one.
    allowed = storm.allowed if whole else storm.allowed + timedelta(seconds=20)
    each_told_once(allowed, [(min(began, due), ended)])


def _killed_and_back(clockwork: Clockwork, name: str) -> tuple[datetime, datetime]:
    began = timezone.now()
    clockwork.kill(name)
    clockwork.start(name)
    return began, timezone.now()


def _kill_in_a_sweep(clockwork: Clockwork, *, whole: bool) -> datetime:
    """Kill while the sweep's transaction is open; returns when."""
    kill = clockwork.kill if whole else clockwork.kill_child
    if connection.vendor == "sqlite":
        deadline = time.monotonic() + PATIENCE
        while not _half_done():
            assert time.monotonic() < deadline, "no sweep was seen"
        kill("worker")
        return timezone.now()
    with transaction.atomic(), connection.cursor() as cursor:
        # The sweep has taken its messages and waits here to write how it delivered them.
        cursor.execute(f"LOCK TABLE {Attempt._meta.db_table} IN SHARE MODE")
        wait_for("sweep", _somebody_waits_for_the_lock, seconds=60)
        kill("worker")
    return timezone.now()


def _somebody_waits_for_the_lock() -> bool | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database "
            "WHERE NOT l.granted AND d.datname = current_database()"
        )
        return True if cursor.fetchone()[0] else None


def _half_done() -> bool:
    """Some batches of the sweep are written, others are not."""
    told = Message.objects.filter(about__startswith="list:")
    return told.filter(state="sent").exists() and told.filter(state="pending").exists()

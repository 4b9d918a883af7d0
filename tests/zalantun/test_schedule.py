"""What beat sends, and how it bears a clock that is set back."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from celery import Celery
from celery.beat import ScheduleEntry
from celery.schedules import schedule
from django.conf import settings

from zalantun.beat import PortalScheduler, reset_future_runs
from zalantun.celery import BEAT_SCHEDULE, app
from zalantun.models import Heartbeat

NOW = datetime(2022, 7, 26, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize("name", BEAT_SCHEDULE)
def test_every_entry_expires_and_names_a_task_that_exists(name: str) -> None:
    entry = BEAT_SCHEDULE[name]
    app.loader.import_default_modules()
    assert entry["options"]["expires"] > 0
    assert entry["task"] in app.tasks


def test_the_whole_schedule_is_in_one_place() -> None:
    assert app.conf.beat_schedule is BEAT_SCHEDULE


def entry(last_run_at: datetime) -> ScheduleEntry:
    return ScheduleEntry(
        name="every second", task="x", schedule=schedule(1), last_run_at=last_run_at, app=app
    )


def test_a_last_run_in_the_future_is_moved_to_now() -> None:
    ahead, fine = entry(NOW + timedelta(hours=1)), entry(NOW - timedelta(seconds=5))
    assert reset_future_runs({"a": ahead, "b": fine}, now=NOW) == 1
    assert ahead.last_run_at == NOW
    assert fine.last_run_at == NOW - timedelta(seconds=5)


def test_a_moment_ahead_is_left_alone() -> None:
    last = NOW + timedelta(milliseconds=300)
    young = entry(last)
    assert reset_future_runs({"a": young}, now=NOW) == 0
    assert young.last_run_at == last


@pytest.fixture
def beat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A scheduler with one entry a second, which notes what it would send."""
    sent: list[str] = []
    monkeypatch.setattr(PortalScheduler, "apply_entry", lambda self, e, producer=None: sent.append(e.name))
    own = Celery("schedule-test", set_as_current=False, broker="memory://")
    own.conf.update(beat_schedule={"each-second": {"task": "x", "schedule": 1.0}}, timezone="Asia/Shanghai")
    scheduler = PortalScheduler(app=own, schedule_filename=str(tmp_path / "schedule"))
    yield SimpleNamespace(tick=scheduler.tick, sent=sent)
    scheduler.close()


@pytest.mark.django_db(transaction=True)
def test_beat_signs_that_it_lives(beat: Any) -> None:
    beat.tick()
    assert Heartbeat.objects.get().name.startswith("beat/")


@pytest.mark.django_db(transaction=True)
def test_after_an_hour_back_it_sends_within_seconds(beat: Any, time_machine: Any) -> None:
    start = datetime(2022, 7, 26, 9, 0, tzinfo=UTC)
    time_machine.move_to(start, tick=False)
    _tick_for(beat, time_machine, seconds=3)
    before = len(beat.sent)
    assert before >= 2
    time_machine.move_to(start - timedelta(hours=1), tick=False)
    _tick_for(beat, time_machine, seconds=5)
    assert len(beat.sent) - before >= 3


def _tick_for(beat: Any, clock: Any, *, seconds: int) -> None:
    for _ in range(seconds * 4):
        beat.tick()
        clock.shift(0.25)


def test_documents_have_a_queue_of_their_own() -> None:
    queue = app.amqp.router.route({}, "gazette.tasks.import_issue", (), {})["queue"]
    assert queue.name == "documents"
    assert app.amqp.router.route({}, "zalantun.tasks.forget_old_sessions", (), {})["queue"].name == "default"


def test_late_acknowledgement_and_the_portals_own_time() -> None:
    assert app.conf.task_acks_late and app.conf.task_reject_on_worker_lost
    assert str(app.conf.timezone) == "Asia/Shanghai"
    if not settings.CELERY_BROKER_URL.startswith("filesystem"):
        assert app.conf.broker_transport_options["visibility_timeout"] == 600

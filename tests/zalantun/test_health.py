"""/healthz tells database, broker, worker and beat apart."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from zalantun import health
from zalantun.heartbeats import forget_heartbeats_before, record_heartbeats
from zalantun.models import Heartbeat

ALL = ["beat", "worker:default", "worker:documents", "worker:outbound"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def broker_folder() -> None:
    settings.BROKER_DIR.mkdir(parents=True, exist_ok=True)


def ask(client: Client) -> tuple[int, dict[str, Any]]:
    response = client.get("/healthz")
    return response.status_code, response.json()


def test_all_well_is_200_with_ages(client: Client) -> None:
    record_heartbeats(kinds=ALL, at=timezone.now() - timedelta(seconds=7))
    status, body = ask(client)
    assert status == 200
    assert set(body) == {"database", "broker", "worker", "beat", "disk"}
    assert all(part["ok"] for part in body.values())
    assert 7 <= body["worker"]["age"] < 12
    assert 7 <= body["beat"]["age"] < 12


@pytest.mark.parametrize(
    ("signing", "down"),
    [
        (["beat", "worker:default", "worker:documents"], "worker"),
        (["beat", "worker:default", "worker:outbound"], "worker"),
        (["beat", "worker:documents", "worker:outbound"], "worker"),
        (["worker:default", "worker:documents", "worker:outbound"], "beat"),
    ],
)
def test_the_part_that_is_missing_is_named(client: Client, signing: list[str], down: str) -> None:
    record_heartbeats(kinds=signing, at=timezone.now())
    status, body = ask(client)
    assert status == 503
    assert [part for part, state in body.items() if not state["ok"]] == [down]
    assert body[down]["age"] is None


def test_an_answer_of_503_is_no_fault_in_the_log(client: Client) -> None:
    with capturing("django.request") as lines:
        assert ask(client)[0] == 503
        client.get("/nothing/here/")
    assert lines == ["Not Found: /nothing/here/"]


@contextmanager
def capturing(name: str) -> Iterator[list[str]]:
    """The lines that pass the logger's filters, whatever handlers pytest has put in."""
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger(name).addHandler(handler)
    try:
        yield lines
    finally:
        logging.getLogger(name).removeHandler(handler)


def test_an_old_sign_is_no_sign(client: Client) -> None:
    record_heartbeats(kinds=ALL[1:], at=timezone.now())
    record_heartbeats(kinds=["beat"], at=timezone.now() - timedelta(seconds=61))
    status, body = ask(client)
    assert status == 503
    assert body["worker"]["ok"] and not body["beat"]["ok"]
    assert 61 <= body["beat"]["age"] < 66


def test_the_limit_itself_is_still_well() -> None:
    assert health.State.of_age(60.0, 60).ok
    assert not health.State.of_age(60.1, 60).ok


def test_a_sign_from_far_in_the_future_is_no_sign() -> None:
    assert health.State.of_age(-3.0, 60) == health.State(ok=True, age=0.0)
    assert not health.State.of_age(-3600.0, 60).ok


def test_the_youngest_of_several_hosts_counts(client: Client) -> None:
    record_heartbeats(kinds=ALL, at=timezone.now())
    Heartbeat.objects.create(name="beat/another-host", at=timezone.now() - timedelta(hours=1))
    assert ask(client)[0] == 200


def test_a_missing_broker_is_named(client: Client, settings: Any, tmp_path: Any) -> None:
    settings.CELERY_BROKER_URL = "filesystem://"
    settings.BROKER_DIR = tmp_path / "absent"
    record_heartbeats(kinds=ALL, at=timezone.now())
    status, body = ask(client)
    assert status == 503
    assert [part for part, state in body.items() if not state["ok"]] == ["broker"]


def test_an_unreachable_redis_is_named_soon(client: Client, settings: Any) -> None:
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    record_heartbeats(kinds=ALL, at=timezone.now())
    began = time.monotonic()
    status, body = ask(client)
    assert time.monotonic() - began < 5
    assert status == 503 and not body["broker"]["ok"] and body["database"]["ok"]


def test_a_database_that_hangs_is_answered_in_time(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.HEALTH_TIMEOUT_SECONDS = 0.2
    released = threading.Event()
    monkeypatch.setattr(health, "_database", health.Probe(lambda: released.wait(30)))
    began = time.monotonic()
    answers = [ask(client) for _ in range(3)]
    released.set()
    assert time.monotonic() - began < 3
    for status, body in answers:
        assert status == 503
        assert not body["database"]["ok"] and body["broker"]["ok"]


def test_a_hanging_question_is_asked_once_at_a_time() -> None:
    started: list[float] = []
    released = threading.Event()

    def hang() -> bool:
        started.append(time.monotonic())
        return released.wait(30)

    probe = health.Probe(hang)
    assert [probe.ask(0.05) for _ in range(5)] == [None] * 5
    assert len(started) == 1
    released.set()
    time.sleep(0.1)
    assert probe.ask(1) is True


def test_an_unknown_host_name_and_a_session_do_not_matter(client: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["portal.example"]
    client.cookies["sessionid"] = "nobody"
    record_heartbeats(kinds=ALL, at=timezone.now())
    response = client.get("/healthz", headers={"host": "10.0.0.1"})
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"


def test_a_sign_is_one_row_however_often(client: Client) -> None:
    for _ in range(3):
        record_heartbeats(kinds=["beat"], at=timezone.now())
    assert Heartbeat.objects.count() == 1


def test_hosts_that_are_gone_are_forgotten() -> None:
    now = timezone.now()
    Heartbeat.objects.create(name="beat/gone", at=now - timedelta(days=2))
    Heartbeat.objects.create(name="beat/here", at=now)
    assert forget_heartbeats_before(at=now) == 1
    assert list(Heartbeat.objects.values_list("name", flat=True)) == ["beat/here"]

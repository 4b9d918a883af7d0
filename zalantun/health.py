"""Whether the portal is well: database, broker, workers, beat and disk told apart.

``/healthz`` is answered by a middleware before hosts, sessions and accounts
are looked at, so that it still answers when one of them cannot be.
"""

import logging
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from kombu import Connection

from zalantun.heartbeats import kind_of_worker
from zalantun.models import Heartbeat

logger = logging.getLogger(__name__)

PROBE_BYTES = 64 * 1024
QUEUES = ("default", "documents", "outbound")


@dataclass(frozen=True, slots=True)
class State:
    """``age``: seconds since the last sign of life, None when there is none."""

    ok: bool
    age: float | None

    @classmethod
    def of_age(cls, age: float | None, limit: float) -> "State":
        """Well when younger than the limit.

        A clock set back leaves signs from the future: those who live soon sign
        again, so an age far below zero is as bad as a great one.
        """
        if age is None:
            return cls(ok=False, age=None)
        return cls(ok=abs(age) <= limit, age=max(round(age, 1), 0.0))


DOWN = State(ok=False, age=None)
NOW = State(ok=True, age=0.0)


@dataclass(frozen=True, slots=True)
class Health:
    """The parts that have to work together."""

    database: State
    broker: State
    worker: State
    beat: State
    disk: State

    @property
    def ok(self) -> bool:
        """All of them are well."""
        return all(part.ok for part in (self.database, self.broker, self.worker, self.beat, self.disk))


class Probe:
    """A question to something that may hang, asked in a thread of its own.

    While an earlier question still hangs, no further thread is started.
    """

    def __init__(self, question: Callable[[], object]) -> None:
        self._question = question
        self._busy = threading.Lock()

    def ask(self, timeout: float) -> object:
        """The answer, or None after ``timeout`` seconds or an error."""
        deadline = time.monotonic() + timeout
        if not self._busy.acquire(timeout=timeout):
            return None
        box: list[object] = []
        thread = threading.Thread(target=self._run, args=(box,), daemon=True)
        thread.start()
        thread.join(max(deadline - time.monotonic(), 0.01))
        return box[0] if box else None

    def _run(self, box: list[object]) -> None:
        try:
            box.append(self._question())
        except Exception as error:
            logger.warning("health: %s", error)
        finally:
            self._busy.release()


def read_heartbeats() -> dict[str, datetime]:
    """Every sign of life, asked on a fresh connection."""
    try:
        return dict(Heartbeat.objects.values_list("name", "at"))
    finally:
        connection.close()


def reach_broker() -> bool:
    """The broker takes messages."""
    url = settings.CELERY_BROKER_URL
    if url.startswith("filesystem"):
        return _can_write(Path(settings.BROKER_DIR))
    timeout = settings.HEALTH_TIMEOUT_SECONDS
    options = {"socket_timeout": timeout, "socket_connect_timeout": timeout}
    with Connection(url, connect_timeout=timeout, transport_options=options) as broker:
        broker.ensure_connection(max_retries=1, interval_start=0, timeout=timeout)
    return True


def write_disk() -> bool:
    """What is handed in can be kept."""
    return _can_write(Path(settings.DATA_DIR))


def _can_write(folder: Path) -> bool:
    probe = folder / f".{uuid.uuid4().hex}"
    try:
        # More than what fits beside the name: a file system that is full still takes a byte.
        probe.write_bytes(b"x" * PROBE_BYTES)
    finally:
        probe.unlink(missing_ok=True)
    return True


_database = Probe(read_heartbeats)
_broker = Probe(reach_broker)
_disk = Probe(write_disk)


def read_health(*, now: datetime) -> Health:
    """Ask everything; takes three times ``HEALTH_TIMEOUT_SECONDS`` at most."""
    limit = settings.HEALTH_TIMEOUT_SECONDS
    beats = _database.ask(limit)
    broker = NOW if _broker.ask(limit) else DOWN
    disk = NOW if _disk.ask(limit) else DOWN
    if not isinstance(beats, dict):
        return Health(database=DOWN, broker=broker, worker=DOWN, beat=DOWN, disk=disk)
    return Health(
        database=NOW,
        broker=broker,
        worker=_state_of_workers(beats, now=now),
        beat=_state(youngest(beats, "beat", now=now)),
        disk=disk,
    )


def _state_of_workers(beats: dict[str, datetime], *, now: datetime) -> State:
    """As old as the queue that was served last longest ago: each queue needs a worker."""
    ages = [youngest(beats, kind_of_worker(queue), now=now) for queue in QUEUES]
    known = [age for age in ages if age is not None]
    return _state(max(known) if len(known) == len(ages) else None)


def _state(age: float | None) -> State:
    return State.of_age(age, settings.HEARTBEAT_LIMIT_SECONDS)


def youngest(beats: dict[str, datetime], kind: str, *, now: datetime) -> float | None:
    """Seconds since a process of this kind last signed on any host."""
    signed = [at for name, at in beats.items() if name.split("/", 1)[0] == kind]
    return (now - max(signed)).total_seconds() if signed else None


def healthz(request: HttpRequest) -> HttpResponse:
    """200 when all is well, 503 when something is not; JSON says what."""
    health = read_health(now=timezone.now())
    response = JsonResponse(asdict(health), status=200 if health.ok else 503)
    response["Cache-Control"] = "no-store"
    return response


class HealthMiddleware:
    """Answers ``/healthz`` before anything that could fail on the way to its view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._path = reverse("healthz")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Everything else goes on."""
        return healthz(request) if request.path_info == self._path else self.get_response(request)
